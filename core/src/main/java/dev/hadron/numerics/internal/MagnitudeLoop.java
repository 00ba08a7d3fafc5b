package dev.hadron.numerics.internal;

import dev.hadron.dtype.StorageType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The largest magnitudes of runs of elements, as bit patterns of float32, which are ordered like the numbers; those of infinity and NaN are above
 * all others. Elements of 16 bits are compared as they are, twice as many at a time.
 */
final class MagnitudeLoop {
    private static final short UNIT_MAGNITUDE = Short.MAX_VALUE;

    private static final VectorShuffle<Integer> NEIGHBOUR = distant(Lanes.INTS, 1);
    private static final VectorShuffle<Integer> SECOND = distant(Lanes.INTS, 2);
    private static final VectorShuffle<Integer> FOURTH = distant(Lanes.INTS, 4);
    private static final VectorShuffle<Integer> EIGHTH = distant(Lanes.INTS, 8);
    private static final VectorShuffle<Short> NEIGHBOUR_UNIT = distant(Lanes.UNITS, 1);
    private static final VectorShuffle<Short> SECOND_UNIT = distant(Lanes.UNITS, 2);
    private static final VectorShuffle<Short> FOURTH_UNIT = distant(Lanes.UNITS, 4);
    private static final VectorShuffle<Short> EIGHTH_UNIT = distant(Lanes.UNITS, 8);
    private static final VectorShuffle<Short> SIXTEENTH_UNIT = distant(Lanes.UNITS, 16);

    private final StorageType type;
    private final int length;
    private final int lanes;
    private final int[] spread;
    private final short[] spreadUnits;

    /** For runs of that length, up to {@code runs} at a time. */
    MagnitudeLoop(StorageType type, int length, int runs) {
        this.type = type;
        this.length = length;
        lanes = type == StorageType.F32 ? Lanes.COUNT : Lanes.UNITS.length();
        int folded = isFolded() ? runs * length + Lanes.PADDING : 0;
        spread = new int[type == StorageType.F32 ? folded : 0];
        spreadUnits = new short[type == StorageType.F32 ? 0 : folded];
    }

    /** The pattern of the largest magnitude of each run. */
    void largest(Tile x, int runs, int[] largest) {
        if (type == StorageType.F32) {
            largest(x.floats(), runs, largest);
            return;
        }
        if (isFolded()) {
            fold(x.units, runs * length);
            for (int run = 0; run < runs; run++) {
                largest[run] = spreadUnits[run * length];
            }
        } else {
            ofUnits(x.units, runs, largest);
        }
        widen(runs, largest);
    }

    /** The largest of so many elements. */
    static int largest(Tile x, int count) {
        int[] largest = new int[1];
        MagnitudeLoop loop = new MagnitudeLoop(x.type, count, 0);
        if (x.type == StorageType.F32) {
            loop.ofAnyLength(x.floats(), 1, largest);
        } else {
            loop.ofUnits(x.units, 1, largest);
            loop.widen(1, largest);
        }
        return largest[0];
    }

    private void largest(float[] x, int runs, int[] largest) {
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

    /** Whether a vector holds whole runs: then all of them are reduced at once. */
    private boolean isFolded() {
        return length > 1 && length <= lanes && Integer.bitCount(length) == 1;
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

    private void fold(short[] x, int count) {
        for (int i = 0; i < count; i += Lanes.UNITS.length()) {
            ShortVector run = ShortVector.fromArray(Lanes.UNITS, x, i).and(UNIT_MAGNITUDE);
            run = run.max(run.rearrange(NEIGHBOUR_UNIT));
            run = length > 2 ? run.max(run.rearrange(SECOND_UNIT)) : run;
            run = length > 4 ? run.max(run.rearrange(FOURTH_UNIT)) : run;
            run = length > 8 ? run.max(run.rearrange(EIGHTH_UNIT)) : run;
            run = length > 16 ? run.max(run.rearrange(SIXTEENTH_UNIT)) : run;
            run.intoArray(spreadUnits, i);
        }
    }

    private void ofUnits(short[] x, int runs, int[] largest) {
        int whole = length - length % Lanes.UNITS.length();
        VectorMask<Short> rest = Lanes.UNITS.indexInRange(whole, length);
        for (int run = 0; run < runs; run++) {
            int from = run * length;
            ShortVector all = ShortVector.zero(Lanes.UNITS);
            for (int i = from; i < from + whole; i += Lanes.UNITS.length()) {
                all = all.max(ShortVector.fromArray(Lanes.UNITS, x, i).and(UNIT_MAGNITUDE));
            }
            if (whole < length) {
                ShortVector last =
                        ShortVector.fromArray(Lanes.UNITS, x, from + whole).and(UNIT_MAGNITUDE);
                all = all.lanewise(VectorOperators.MAX, last, rest);
            }
            largest[run] = all.reduceLanes(VectorOperators.MAX);
        }
    }

    private void widen(int runs, int[] largest) {
        for (int run = 0; run < runs; run++) {
            largest[run] = type == StorageType.BF16
                    ? largest[run] << Short.SIZE
                    : Float.floatToRawIntBits(Float.float16ToFloat((short) largest[run]));
        }
    }

    /** Each lane's partner among those whose number differs in that bit. */
    private static <E> VectorShuffle<E> distant(VectorSpecies<E> species, int lanes) {
        return VectorShuffle.fromOp(species, lane -> (lane ^ lanes) & (species.length() - 1));
    }
}
