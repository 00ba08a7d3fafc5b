package dev.hadron.numerics.internal;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** 4-bit codes between one and two a byte, a pair to a 16-bit lane. Arrays are padded as {@link Lanes} says. */
final class NibbleLoop {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> PACKED =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(BYTES.vectorBitSize() / 2));
    private static final short NIBBLES = 0x0F0F;

    private NibbleLoop() {}

    static void pack(byte[] codes, int from, byte[] packed, int to, int count) {
        for (int i = 0; i < count; i += BYTES.length()) {
            ShortVector pairs = ByteVector.fromArray(BYTES, codes, from + i)
                    .reinterpretAsShorts()
                    .and(NIBBLES);
            ((ByteVector) pairs.or(pairs.lanewise(VectorOperators.LSHR, 4))
                            .convertShape(VectorOperators.S2B, PACKED, 0))
                    .intoArray(packed, to + i / 2);
        }
    }

    static void unpack(byte[] packed, byte[] codes, int count) {
        for (int i = 0; i < count; i += BYTES.length()) {
            ShortVector both = (ShortVector) ByteVector.fromArray(PACKED, packed, i / 2)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, ShortVector.SPECIES_PREFERRED, 0);
            both.or(both.lanewise(VectorOperators.LSHL, 4))
                    .and(NIBBLES)
                    .reinterpretAsBytes()
                    .intoArray(codes, i);
        }
    }
}
