package dev.hadron.numerics.internal;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** The largest of neighbours, over arrays that are padded as {@link Lanes} says: many short runs at a time, where a reduction takes each for itself. */
final class HalvingLoop {
    private static final short MAGNITUDE = Short.MAX_VALUE;

    private HalvingLoop() {}

    /** Brings the largest of each run, whose length is a power of two, to the front of the array. */
    static void largest(int[] x, int length, int runs) {
        for (int rest = length; rest > 1; rest /= 2) {
            halve(x, rest / 2 * runs);
        }
    }

    /** The same for 16-bit integers. */
    static void largest(short[] x, int length, int runs) {
        int rest = length;
        for (; rest > 2; rest /= 4) {
            quarter(x, rest / 4 * runs);
        }
        if (rest == 2) {
            halve(x, runs);
        }
    }

    /** {@code y[i] = max(|x[2 * i]|, |x[2 * i + 1]|)} of the patterns of float32, of which those in {@code y} are made. */
    static void halveMagnitudes(MemorySegment x, long from, int[] y, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector both = IntVector.fromMemorySegment(Lanes.INTS, x, from + 4L * i, ByteOrder.LITTLE_ENDIAN)
                    .and(Patterns.MAGNITUDE);
            IntVector turned = both.reinterpretAsLongs()
                    .lanewise(VectorOperators.ROR, Integer.SIZE)
                    .reinterpretAsInts();
            ((IntVector) both.max(turned).reinterpretAsLongs().convertShape(VectorOperators.L2I, Lanes.HALF_INTS, 0))
                    .intoArray(y, i / 2);
        }
    }

    /** The largest magnitude of four patterns of 16 bits. */
    static void quarterMagnitudes(MemorySegment x, long from, short[] y, int count) {
        for (int i = 0; i < count; i += Lanes.UNITS.length()) {
            ShortVector four = ShortVector.fromMemorySegment(Lanes.UNITS, x, from + 2L * i, ByteOrder.LITTLE_ENDIAN)
                    .and(MAGNITUDE);
            ofFour(four).intoArray(y, i / 4);
        }
    }

    /** The largest of four neighbours, which are a 64-bit lane. */
    static ShortVector ofFour(ShortVector x) {
        ShortVector pairs = x.max(
                x.reinterpretAsInts().lanewise(VectorOperators.ROR, Short.SIZE).reinterpretAsShorts());
        ShortVector all = pairs.max(pairs.reinterpretAsLongs()
                .lanewise(VectorOperators.ROR, Integer.SIZE)
                .reinterpretAsShorts());
        return (ShortVector) all.reinterpretAsLongs().convertShape(VectorOperators.L2S, Lanes.QUARTERS, 0);
    }

    /** {@code x[i] = max(x[2 * i], x[2 * i + 1])}, a pair to a 64-bit lane. */
    private static void halve(int[] x, int pairs) {
        for (int i = 0; i < pairs; i += Lanes.HALF_INTS.length()) {
            IntVector both = IntVector.fromArray(Lanes.INTS, x, 2 * i);
            IntVector turned = both.reinterpretAsLongs()
                    .lanewise(VectorOperators.ROR, Integer.SIZE)
                    .reinterpretAsInts();
            ((IntVector) both.max(turned).reinterpretAsLongs().convertShape(VectorOperators.L2I, Lanes.HALF_INTS, 0))
                    .intoArray(x, i);
        }
    }

    private static void quarter(short[] x, int fours) {
        for (int i = 0; i < fours; i += Lanes.UNITS.length() / 4) {
            ofFour(ShortVector.fromArray(Lanes.UNITS, x, 4 * i)).intoArray(x, i);
        }
    }

    private static void halve(short[] x, int pairs) {
        for (int i = 0; i < pairs; i += Lanes.SHORTS.length()) {
            ShortVector both = ShortVector.fromArray(Lanes.UNITS, x, 2 * i);
            ShortVector turned = both.reinterpretAsInts()
                    .lanewise(VectorOperators.ROR, Short.SIZE)
                    .reinterpretAsShorts();
            ((ShortVector) both.max(turned).reinterpretAsInts().convertShape(VectorOperators.I2S, Lanes.SHORTS, 0))
                    .intoArray(x, i);
        }
    }
}
