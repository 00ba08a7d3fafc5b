package dev.hadron.numerics.internal;

import dev.hadron.dtype.IntFormat;
import dev.hadron.numerics.PairScale;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * {@link PairScale} over arrays, under the power of two that a block's largest magnitude reaches. A pair lies in one 64-bit lane, whose rotation
 * by half exchanges the neighbours.
 *
 * <p>A pair is halved where its larger magnitude is below that power. Powers of two are multiplied and divided by adding to and subtracting from
 * their patterns. Arrays are padded as {@link Lanes} says.
 */
final class PairLoop {
    private static final int TWICE = 1 << Patterns.FRACTION;
    private static final int RECIPROCAL = (2 * Patterns.BIAS) << Patterns.FRACTION;

    private final int highest;
    private final int mask;
    private final int toStep;
    private final int leastHalved;

    /**
     * For one formula.
     *
     * @param leastHalved the pattern of a power whose blocks have no pair that is halved, nor those of smaller ones
     */
    PairLoop(PairScale formula, int leastHalved) {
        this.leastHalved = leastHalved;
        IntFormat element = (IntFormat) formula.format().element();
        highest = element.highest();
        mask = element.mask();
        toStep = (element.bits() - 2) << Patterns.FRACTION;
    }

    /**
     * Stored codes, and the step of each pair.
     *
     * @param powers the patterns of the powers that {@code spread} brings to the elements' lanes
     */
    void quantize(Spread spread, int[] powers, Tile x, CodeTile codes, float[] pairSteps, int count) {
        floats(spread, powers, x.wideMemory(), x.wideOffset(0), codes.memory(), codes.offset(0), pairSteps, count);
    }

    /** The same of bfloat16, where a pair is a 32-bit lane. */
    void quantizeUnits(Spread spread, int[] powers, Tile x, CodeTile codes, float[] pairSteps, int count) {
        units(spread, powers, x.memory(), x.offset(0), codes.memory(), codes.offset(0), pairSteps, count);
    }

    private void floats(
            Spread spread,
            int[] powers,
            MemorySegment x,
            long from,
            MemorySegment codes,
            long to,
            float[] pairSteps,
            int count) {
        int low = Patterns.WHOLE - highest;
        int high = Patterns.WHOLE + highest;
        int mask = this.mask;
        int toStep = this.toStep;
        int leastHalved = this.leastHalved;
        int shift = spread.shift();
        VectorShuffle<Integer> shuffle = spread.wholes();
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromMemorySegment(Lanes.FLOATS, x, from + 4L * i, ByteOrder.LITTLE_ENDIAN);
            IntVector power =
                    IntVector.fromArray(Lanes.INTS, powers, i >> shift).rearrange(shuffle);
            IntVector step = power.sub(toStep);
            IntVector reciprocal = step.neg().add(RECIPROCAL);
            IntVector magnitude = value.reinterpretAsInts().and(Patterns.MAGNITUDE);
            IntVector partner = magnitude
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.ROR, Integer.SIZE)
                    .reinterpretAsInts();
            VectorMask<Integer> halved =
                    magnitude.max(partner).lt(power).and(power.compare(VectorOperators.GT, leastHalved));
            // What the halved step makes of both, so far as it fits or doesn't lie on the coarser grid.
            IntVector fine = magnitude
                    .reinterpretAsFloats()
                    .mul(reciprocal.add(TWICE).reinterpretAsFloats())
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts();
            IntVector other = fine.reinterpretAsLongs()
                    .lanewise(VectorOperators.ROR, Integer.SIZE)
                    .reinterpretAsInts();
            VectorMask<Integer> odd = fine.or(other).and(1).compare(VectorOperators.NE, 0);
            VectorMask<Integer> stored =
                    fine.max(other).compare(VectorOperators.LE, high).or(odd).and(halved);
            IntVector whole = value.mul(reciprocal
                            .lanewise(VectorOperators.ADD, TWICE, stored)
                            .reinterpretAsFloats())
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .min(high)
                    .max(low)
                    .and(mask);
            ((ByteVector) whole.convertShape(VectorOperators.I2B, Lanes.BYTES, 0))
                    .intoMemorySegment(codes, to + i, ByteOrder.LITTLE_ENDIAN);
            LongVector pairs = step.lanewise(VectorOperators.SUB, TWICE, stored).reinterpretAsLongs();
            ((IntVector) pairs.convertShape(VectorOperators.L2I, Lanes.HALF_INTS, 0))
                    .reinterpretAsFloats()
                    .intoArray(pairSteps, i / 2);
        }
    }

    private void units(
            Spread spread,
            int[] powers,
            MemorySegment x,
            long from,
            MemorySegment codes,
            long to,
            float[] pairSteps,
            int count) {
        VectorMask<Short> even = VectorMask.fromLong(Lanes.UNITS, Lanes.EVEN);
        int high = Patterns.WHOLE + highest;
        short most = (short) highest;
        short mask = (short) this.mask;
        int toStep = this.toStep;
        int leastHalved = this.leastHalved;
        int shift = spread.shift();
        VectorShuffle<Integer> shuffle = spread.wholes();
        for (int i = 0; i < count; i += Lanes.UNITS.length()) {
            IntVector pair = ShortVector.fromMemorySegment(Lanes.UNITS, x, from + 2L * i, ByteOrder.LITTLE_ENDIAN)
                    .reinterpretAsInts();
            IntVector power =
                    IntVector.fromArray(Lanes.INTS, powers, (i / 2) >> shift).rearrange(shuffle);
            IntVector step = power.sub(toStep);
            IntVector reciprocal = step.neg().add(RECIPROCAL);
            IntVector first = pair.lanewise(VectorOperators.LSHL, Short.SIZE);
            IntVector second = pair.and(Patterns.UPPER_HALF);
            IntVector firstMagnitude = first.and(Patterns.MAGNITUDE);
            IntVector secondMagnitude = second.and(Patterns.MAGNITUDE);
            VectorMask<Integer> halved =
                    firstMagnitude.max(secondMagnitude).lt(power).and(power.compare(VectorOperators.GT, leastHalved));
            // What the halved step makes of both, so far as it fits or doesn't lie on the coarser grid.
            FloatVector twice = reciprocal.add(TWICE).reinterpretAsFloats();
            IntVector firstFine = firstMagnitude
                    .reinterpretAsFloats()
                    .mul(twice)
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts();
            IntVector secondFine = secondMagnitude
                    .reinterpretAsFloats()
                    .mul(twice)
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts();
            VectorMask<Integer> odd = firstFine.or(secondFine).and(1).compare(VectorOperators.NE, 0);
            VectorMask<Integer> stored = firstFine
                    .max(secondFine)
                    .compare(VectorOperators.LE, high)
                    .or(odd)
                    .and(halved);
            FloatVector factor =
                    reciprocal.lanewise(VectorOperators.ADD, TWICE, stored).reinterpretAsFloats();
            ShortVector firstWhole =
                    first.reinterpretAsFloats().mul(factor).add(Patterns.SHIFT).reinterpretAsShorts();
            ShortVector secondWhole = second.reinterpretAsFloats()
                    .mul(factor)
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, Short.SIZE)
                    .reinterpretAsShorts();
            // Of the sums only the whole numbers' bits.
            ShortVector whole = secondWhole
                    .blend(firstWhole, even)
                    .min(most)
                    .max((short) -most)
                    .and(mask);
            ((ByteVector) whole.convertShape(VectorOperators.S2B, Lanes.HALF_BYTES, 0))
                    .intoMemorySegment(codes, to + i, ByteOrder.LITTLE_ENDIAN);
            step.lanewise(VectorOperators.SUB, TWICE, stored)
                    .reinterpretAsFloats()
                    .intoArray(pairSteps, i / 2);
        }
    }

    /** In place; not yet rounded to the working type. A halved step has room for one element more. */
    void fakeQuantize(Spread spread, int[] powers, float[] x, int count) {
        int low = Patterns.WHOLE - highest;
        int high = Patterns.WHOLE + highest;
        int toStep = this.toStep;
        int leastHalved = this.leastHalved;
        int shift = spread.shift();
        VectorShuffle<Integer> shuffle = spread.wholes();
        int vectors = (count + Lanes.COUNT - 1) / Lanes.COUNT;
        for (int i = 0; i < vectors; i++) {
            int at = i * Lanes.COUNT;
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, at);
            IntVector power =
                    IntVector.fromArray(Lanes.INTS, powers, at >> shift).rearrange(shuffle);
            IntVector magnitude = value.reinterpretAsInts().and(Patterns.MAGNITUDE);
            IntVector partner = magnitude
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.ROR, Integer.SIZE)
                    .reinterpretAsInts();
            VectorMask<Integer> halved =
                    magnitude.max(partner).lt(power).and(power.compare(VectorOperators.GT, leastHalved));
            IntVector step = power.sub(toStep).lanewise(VectorOperators.SUB, TWICE, halved);
            IntVector most = IntVector.broadcast(Lanes.INTS, high).blend(high + 1, halved);
            IntVector least = IntVector.broadcast(Lanes.INTS, low).blend(low - 1, halved);
            value.mul(step.neg().add(RECIPROCAL).reinterpretAsFloats())
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .min(most)
                    .max(least)
                    .reinterpretAsFloats()
                    .sub(Patterns.SHIFT)
                    .mul(step.reinterpretAsFloats())
                    .reinterpretAsInts()
                    .or(value.reinterpretAsInts().and(Patterns.SIGN))
                    .reinterpretAsFloats()
                    .intoArray(x, at);
        }
    }
}
