package dev.hadron.numerics.internal;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The largest of neighbours, over arrays that are padded as {@link Lanes} says: many short runs at a time, where a reduction takes each for itself. */
final class HalvingLoop {
    private HalvingLoop() {}

    /** Brings the largest of each run, whose length is a power of two, to the front of the array. */
    static void largest(int[] x, int length, int runs) {
        for (int rest = length; rest > 1; rest /= 2) {
            halve(x, rest / 2 * runs);
        }
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
}
