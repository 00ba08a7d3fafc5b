package dev.hadron.numerics.internal;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** 4-bit codes between one and two a byte, a pair to a 16-bit lane; counts are multiples of {@link #COUNT}. */
final class NibbleLoop {
    /** How many codes a vector holds at one a byte. */
    static final int COUNT = Lanes.SHORTS.length() * 2;

    private static final VectorSpecies<Byte> PACKED =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Lanes.SHORTS.vectorBitSize() / 2));
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final short NIBBLES = 0x0F0F;

    private NibbleLoop() {}

    static void pack(MemorySegment codes, long from, MemorySegment packed, long to, long count) {
        for (long i = 0; i < count; i += COUNT) {
            ShortVector pairs = ShortVector.fromMemorySegment(Lanes.SHORTS, codes, from + i, ORDER)
                    .and(NIBBLES);
            pairs.or(pairs.lanewise(VectorOperators.LSHR, 4))
                    .convertShape(VectorOperators.S2B, PACKED, 0)
                    .intoMemorySegment(packed, (to + i) / 2, ORDER);
        }
    }

    /** {@code from} is even. */
    static void unpack(MemorySegment packed, long from, MemorySegment codes, long to, long count) {
        for (long i = 0; i < count; i += COUNT) {
            ShortVector both = (ShortVector) ByteVector.fromMemorySegment(PACKED, packed, (from + i) / 2, ORDER)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, Lanes.SHORTS, 0);
            both.or(both.lanewise(VectorOperators.LSHL, 4)).and(NIBBLES).intoMemorySegment(codes, to + i, ORDER);
        }
    }
}
