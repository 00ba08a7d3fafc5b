package dev.hadron.numerics.internal;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The widest vectors of this machine, and loads and stores of elements narrower than their lanes.
 *
 * <p>Loops over arrays go by whole vectors, so they read and write up to {@link #PADDING} elements beyond the last one, which
 * arrays have room for. Where something follows there, the loops run in order, and what follows is written later.
 */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);
    static final VectorSpecies<Short> SHORTS = FLOATS.withLanes(short.class);

    /** How many numbers a vector holds. */
    static final int COUNT = FLOATS.length();

    /** How many elements beyond its last one an array must have room for. */
    static final int PADDING = FLOATS.vectorByteSize();

    private static final VectorSpecies<Short> HALF = narrower(short.class, 2);
    private static final VectorSpecies<Byte> QUARTER = narrower(byte.class, 4);

    private Lanes() {}

    static FloatVector floats(float[] x, int index) {
        return FloatVector.fromArray(FLOATS, x, index);
    }

    /** Unsigned 16-bit units. */
    static IntVector shorts(short[] x, int index) {
        return (IntVector) ShortVector.fromArray(HALF, x, index).convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    }

    /** Signed bytes. */
    static IntVector bytes(byte[] x, int index) {
        return (IntVector) ByteVector.fromArray(QUARTER, x, index).convertShape(VectorOperators.B2I, INTS, 0);
    }

    /** The low byte of each lane. */
    static void storeBytes(IntVector codes, byte[] y, int index) {
        ((ByteVector) codes.convertShape(VectorOperators.I2B, QUARTER, 0)).intoArray(y, index);
    }

    /** No vector is narrower than 64 bits; the upper part of one that should be isn't used. */
    private static <E> VectorSpecies<E> narrower(Class<E> element, int times) {
        int bits = Math.max(FLOATS.vectorBitSize() / times, VectorShape.S_64_BIT.vectorBitSize());
        return VectorSpecies.of(element, VectorShape.forBitSize(bits));
    }
}
