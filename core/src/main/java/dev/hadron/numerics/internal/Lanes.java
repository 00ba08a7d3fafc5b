package dev.hadron.numerics.internal;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The widest vectors of this machine, and loads and stores of elements narrower than their lanes.
 *
 * <p>No vector is narrower than 64 bits. On machines with vectors below 512 bits a load or store of bytes therefore reaches
 * beyond the lanes' elements: {@link #COUNT} codes take {@link #BYTE_REACH} bytes or {@link #NIBBLE_REACH} nibbles of room.
 * What a store puts there is overwritten by the next one.
 */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    static final VectorSpecies<Short> SHORTS = FLOATS.withLanes(short.class);
    static final VectorSpecies<Byte> BYTES = narrower(byte.class, 4);

    /** How many numbers a vector holds. */
    static final int COUNT = FLOATS.length();

    static final int BYTE_REACH = BYTES.length();
    static final int NIBBLE_REACH;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Byte> PAIRS = narrower(byte.class, 8);
    private static final VectorSpecies<Short> HALF_SHORTS = narrower(short.class, 2);

    static {
        NIBBLE_REACH = 2 * PAIRS.length();
    }

    private Lanes() {}

    static FloatVector floats(MemorySegment x, long index) {
        return FloatVector.fromMemorySegment(FLOATS, x, index * Float.BYTES, ORDER);
    }

    /** The bit patterns of floats. */
    static IntVector floatBits(MemorySegment x, long index) {
        return IntVector.fromMemorySegment(INTS, x, index * Float.BYTES, ORDER);
    }

    /** Unsigned 16-bit units. */
    static IntVector shorts(MemorySegment x, long index) {
        return (IntVector) ShortVector.fromMemorySegment(HALF_SHORTS, x, index * Short.BYTES, ORDER)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    }

    /** Signed bytes. */
    static IntVector bytes(MemorySegment x, long index) {
        return (IntVector)
                ByteVector.fromMemorySegment(BYTES, x, index, ORDER).convertShape(VectorOperators.B2I, INTS, 0);
    }

    static void store(FloatVector values, MemorySegment y, long index) {
        values.intoMemorySegment(y, index * Float.BYTES, ORDER);
    }

    /** The low byte of each lane. */
    static void storeBytes(IntVector codes, MemorySegment y, long index) {
        codes.convertShape(VectorOperators.I2B, BYTES, 0).intoMemorySegment(y, index, ORDER);
    }

    /** Lanes of 0..15, two a byte, the earlier in the low half. */
    static void storeNibbles(IntVector codes, MemorySegment y, long index) {
        // Seen as 64-bit lanes, a pair is low + high * 2^32; the shift brings high to bits 4..7.
        LongVector pairs = codes.reinterpretAsLongs();
        LongVector packed = pairs.lanewise(VectorOperators.LSHR, 28).or(pairs);
        packed.convertShape(VectorOperators.L2B, PAIRS, 0).intoMemorySegment(y, index / 2, ORDER);
    }

    private static <E> VectorSpecies<E> narrower(Class<E> element, int times) {
        int bits = Math.max(FLOATS.vectorBitSize() / times, VectorShape.S_64_BIT.vectorBitSize());
        return VectorSpecies.of(element, VectorShape.forBitSize(bits));
    }
}
