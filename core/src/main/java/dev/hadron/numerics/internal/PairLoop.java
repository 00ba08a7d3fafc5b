package dev.hadron.numerics.internal;

import dev.hadron.dtype.IntFormat;
import dev.hadron.numerics.PairScale;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link PairScale} over arrays, under a block's step and its reciprocal for each element. A pair lies in one 64-bit lane, whose rotation
 * by half exchanges the neighbours.
 *
 * <p>A pair is halved where its larger magnitude is below the power of two that the block's largest reaches. Arrays are padded as {@link
 * Lanes} says.
 */
final class PairLoop {
    private final int highest;
    private final int mask;
    private float[] steps = {};
    private float[] reciprocals = {};
    private int[] powers = {};

    PairLoop(PairScale formula) {
        IntFormat element = (IntFormat) formula.format().element();
        highest = element.highest();
        mask = element.mask();
    }

    /** Makes room for that many elements. */
    void prepare(int count) {
        steps = Lanes.grown(steps, count);
        reciprocals = Lanes.grown(reciprocals, count);
        powers = new int[steps.length];
    }

    /**
     * The block of a run of elements; runs are told in order.
     *
     * @param step of pairs that aren't halved
     * @param power 2 to the block's exponent, or 0 where no pair is halved
     */
    void block(float step, float power, int from, int length) {
        ScalingLoop.fill(steps, step, from, from + length);
        ScalingLoop.fill(reciprocals, 1f / step, from, from + length);
        IntVector bits = IntVector.broadcast(Lanes.INTS, Float.floatToRawIntBits(power));
        for (int i = from; i < from + length; i += Lanes.COUNT) {
            bits.intoArray(powers, i);
        }
    }

    /** Stored codes, and the step of each pair. */
    void quantize(float[] x, byte[] codes, float[] pairSteps, int count) {
        int low = Patterns.WHOLE - highest;
        int high = Patterns.WHOLE + highest;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, i);
            FloatVector reciprocal = FloatVector.fromArray(Lanes.FLOATS, reciprocals, i);
            FloatVector step = FloatVector.fromArray(Lanes.FLOATS, steps, i);
            IntVector magnitude = value.reinterpretAsInts().and(Patterns.MAGNITUDE);
            IntVector partner = magnitude
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.ROR, Integer.SIZE)
                    .reinterpretAsInts();
            VectorMask<Integer> halved = magnitude.max(partner).lt(IntVector.fromArray(Lanes.INTS, powers, i));
            // What the halved step makes of both, so far as it fits or doesn't lie on the coarser grid.
            FloatVector doubled = reciprocal.add(reciprocal);
            IntVector fine = magnitude
                    .reinterpretAsFloats()
                    .mul(doubled)
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts();
            IntVector other = fine.reinterpretAsLongs()
                    .lanewise(VectorOperators.ROR, Integer.SIZE)
                    .reinterpretAsInts();
            VectorMask<Integer> odd = fine.or(other).and(1).compare(VectorOperators.NE, 0);
            VectorMask<Float> stored = fine.max(other)
                    .compare(VectorOperators.LE, high)
                    .or(odd)
                    .and(halved)
                    .cast(Lanes.FLOATS);
            IntVector whole = value.mul(reciprocal.blend(doubled, stored))
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .min(high)
                    .max(low)
                    .and(mask);
            ((ByteVector) whole.convertShape(VectorOperators.I2B, Lanes.BYTES, 0)).intoArray(codes, i);
            LongVector pairs =
                    step.blend(step.mul(0.5f), stored).reinterpretAsInts().reinterpretAsLongs();
            ((IntVector) pairs.convertShape(VectorOperators.L2I, Lanes.HALF_INTS, 0))
                    .reinterpretAsFloats()
                    .intoArray(pairSteps, i / 2);
        }
    }

    /** In place; not yet rounded to the working type. A halved step has room for one element more. */
    void fakeQuantize(float[] x, int count) {
        int low = Patterns.WHOLE - highest;
        int high = Patterns.WHOLE + highest;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, i);
            FloatVector reciprocal = FloatVector.fromArray(Lanes.FLOATS, reciprocals, i);
            FloatVector step = FloatVector.fromArray(Lanes.FLOATS, steps, i);
            IntVector magnitude = value.reinterpretAsInts().and(Patterns.MAGNITUDE);
            IntVector partner = magnitude
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.ROR, Integer.SIZE)
                    .reinterpretAsInts();
            VectorMask<Integer> halved = magnitude.max(partner).lt(IntVector.fromArray(Lanes.INTS, powers, i));
            VectorMask<Float> halvedFloats = halved.cast(Lanes.FLOATS);
            IntVector most = IntVector.broadcast(Lanes.INTS, high).blend(high + 1, halved);
            IntVector least = IntVector.broadcast(Lanes.INTS, low).blend(low - 1, halved);
            value.mul(reciprocal.blend(reciprocal.add(reciprocal), halvedFloats))
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .min(most)
                    .max(least)
                    .reinterpretAsFloats()
                    .sub(Patterns.SHIFT)
                    .mul(step.blend(step.mul(0.5f), halvedFloats))
                    .reinterpretAsInts()
                    .or(value.reinterpretAsInts().and(Patterns.SIGN))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
    }
}
