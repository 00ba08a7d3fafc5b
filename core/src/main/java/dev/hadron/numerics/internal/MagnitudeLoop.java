package dev.hadron.numerics.internal;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * The largest magnitudes of runs of floats, as bit patterns, which are ordered like the numbers; those of infinity and NaN are above all
 * others. Arrays are padded as {@link Lanes} says.
 */
final class MagnitudeLoop {
    private static final VectorShuffle<Integer> NEIGHBOUR = distant(1);
    private static final VectorShuffle<Integer> SECOND = distant(2);
    private static final VectorShuffle<Integer> FOURTH = distant(4);
    private static final VectorShuffle<Integer> EIGHTH = distant(8);

    private final int length;
    private final int[] spread;

    /** For runs of that length, up to {@code runs} at a time. */
    MagnitudeLoop(int length, int runs) {
        this.length = length;
        spread = new int[isFolded() ? runs * length + Lanes.PADDING : 0];
    }

    /** The pattern of the largest magnitude of each run. */
    void largest(float[] x, int runs, int[] largest) {
        if (isFolded()) {
            fold(x, runs * length);
            for (int run = 0; run < runs; run++) {
                largest[run] = spread[run * length];
            }
        } else if (length % Lanes.COUNT == 0) {
            ofWholeVectors(x, runs, largest);
        } else {
            ofAnyLength(x, runs, largest);
        }
    }

    /** The largest of so many elements. */
    static int largest(float[] x, int count) {
        int[] largest = new int[1];
        new MagnitudeLoop(count, 0).ofAnyLength(x, 1, largest);
        return largest[0];
    }

    /** Whether a vector holds several whole runs: then all of them are reduced at once. */
    private boolean isFolded() {
        return length > 1 && length < Lanes.COUNT && Integer.bitCount(length) == 1;
    }

    /** Every element gets the largest magnitude of its run. */
    private void fold(float[] x, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector run = FloatVector.fromArray(Lanes.FLOATS, x, i)
                    .reinterpretAsInts()
                    .and(Patterns.MAGNITUDE);
            run = run.max(run.rearrange(NEIGHBOUR));
            run = length > 2 ? run.max(run.rearrange(SECOND)) : run;
            run = length > 4 ? run.max(run.rearrange(FOURTH)) : run;
            run = length > 8 ? run.max(run.rearrange(EIGHTH)) : run;
            run.intoArray(spread, i);
        }
    }

    private void ofWholeVectors(float[] x, int runs, int[] largest) {
        for (int run = 0; run < runs; run++) {
            int end = (run + 1) * length;
            IntVector all = IntVector.zero(Lanes.INTS);
            for (int i = run * length; i < end; i += Lanes.COUNT) {
                all = all.max(FloatVector.fromArray(Lanes.FLOATS, x, i)
                        .reinterpretAsInts()
                        .and(Patterns.MAGNITUDE));
            }
            largest[run] = all.reduceLanes(VectorOperators.MAX);
        }
    }

    private void ofAnyLength(float[] x, int runs, int[] largest) {
        int whole = length - length % Lanes.COUNT;
        VectorMask<Float> rest = Lanes.FLOATS.indexInRange(whole, length);
        for (int run = 0; run < runs; run++) {
            int from = run * length;
            IntVector all = FloatVector.fromArray(Lanes.FLOATS, x, from + whole, rest)
                    .reinterpretAsInts()
                    .and(Patterns.MAGNITUDE);
            for (int i = from; i < from + whole; i += Lanes.COUNT) {
                all = all.max(FloatVector.fromArray(Lanes.FLOATS, x, i)
                        .reinterpretAsInts()
                        .and(Patterns.MAGNITUDE));
            }
            largest[run] = all.reduceLanes(VectorOperators.MAX);
        }
    }

    /** Each lane's partner among those whose number differs in that bit. */
    private static VectorShuffle<Integer> distant(int lanes) {
        return VectorShuffle.fromOp(Lanes.INTS, lane -> (lane ^ lanes) & (Lanes.COUNT - 1));
    }
}
