package dev.hadron.numerics.internal;

import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link dev.hadron.numerics.IntElementQuantizer} over arrays. Whole numbers stay in the form that {@link Patterns#SHIFT}
 * brings them to until they are clamped, which takes integer instructions only.
 */
final class IntegerLoop implements ElementLoop {
    private final IntFormat format;
    private final RoundType rounding;
    private final WorkingType workingType;
    private final int bits;
    private final int lowest;
    private final int highest;
    private final boolean signed;
    private final StepCodeLoop codeLoop;
    private float[] factors = {};
    private int[] zeroPoints = {};
    private float[] scratch = {};

    IntegerLoop(IntFormat format, RoundType rounding, WorkingType workingType) {
        this.format = format;
        this.rounding = rounding;
        this.workingType = workingType;
        bits = format.bits();
        lowest = format.lowest();
        highest = format.highest();
        signed = format.signed();
        codeLoop = new StepCodeLoop(format.bits(), lowest, highest);
    }

    @Override
    public boolean covers(float scale, float zeroPoint, float largest) {
        return StableCodes.isUsual(format, scale, zeroPoint) && largest <= scale * StepCodeLoop.LARGEST;
    }

    @Override
    public void fakeQuantize(float scale, float zeroPoint, float[] x, int from, float[] y, int to, int count) {
        if (rounding == RoundType.HALF_EVEN) {
            steps(1f / scale, scale, (int) zeroPoint, x, from, y, to, count);
        } else {
            RoundLoop.round(rounding, 1f / scale, x, from, y, to, count);
            steps(1f, scale, (int) zeroPoint, y, to, y, to, count);
        }
        WorkingTypeLoop.round(workingType, y, to, count);
    }

    @Override
    public void prepare(int runs) {
        factors = Lanes.grown(factors, runs);
        zeroPoints = new int[factors.length];
    }

    @Override
    public boolean quantizesRuns(Tile x, CodeTile codes) {
        return rounding == RoundType.HALF_EVEN;
    }

    @Override
    public boolean runs(float[] scales, float[] zeros, float[] mins, float[] maxs, int runs) {
        return StepScaleLoop.tell(format, workingType, scales, zeros, mins, maxs, factors, zeroPoints, runs);
    }

    @Override
    public boolean run(float scale, float zeroPoint, int run) {
        if (!isStable(scale, (int) zeroPoint)) {
            return false;
        }
        factors[run] = 1f / scale;
        zeroPoints[run] = StepCodeLoop.both((int) zeroPoint);
        return true;
    }

    @Override
    public void quantizeRuns(Spread spread, Tile x, CodeTile codes, int from, int count) {
        codeLoop.encode(spread, factors, zeroPoints, x, codes, from, count);
    }

    @Override
    public void quantize(float scale, float zeroPoint, Tile x, CodeTile codes, int from, int count) {
        prepare(1);
        if (quantizesRuns(x, codes) && run(scale, zeroPoint, 0)) {
            quantizeRuns(Spread.SINGLE, x, codes, from, count);
            return;
        }
        int whole = (int) zeroPoint;
        boolean stable = isStable(scale, whole);
        scratch = Lanes.grown(scratch, count);
        if (!stable) {
            fakeQuantize(scale, zeroPoint, x.floats(), from, scratch, 0, count);
        }
        if (rounding == RoundType.HALF_EVEN) {
            encode(1f / scale, whole, 0, scratch, codes.bytes(), from, count);
        } else {
            RoundLoop.round(rounding, 1f / scale, stable ? x.floats() : scratch, stable ? from : 0, scratch, 0, count);
            encode(1f, 0, whole, scratch, codes.bytes(), from, count);
        }
        codes.pack(from, count);
    }

    @Override
    public void dequantize(float scale, float zeroPoint, byte[] codes, int from, float[] y, int to, int count) {
        int mask = (1 << bits) - 1;
        // In two's complement, exclusive or with the sign bit and its subtraction extend the sign.
        int sign = signed ? 1 << (bits - 1) : 0;
        int zero = sign + (int) zeroPoint;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector code = (IntVector)
                    ByteVector.fromArray(Lanes.BYTES, codes, from + i).convertShape(VectorOperators.B2I, Lanes.INTS, 0);
            IntVector steps = code.and(mask).lanewise(VectorOperators.XOR, sign).sub(zero);
            ((FloatVector) steps.convert(VectorOperators.I2F, 0)).mul(scale).intoArray(y, to + i);
        }
    }

    /** The rounded number of steps from zero times the width of a step. */
    private void steps(float factor, float scale, int zeroPoint, float[] x, int from, float[] y, int to, int count) {
        int low = Patterns.WHOLE + lowest - zeroPoint;
        int high = Patterns.WHOLE + highest - zeroPoint;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector scaled =
                    FloatVector.fromArray(Lanes.FLOATS, x, from + i).mul(factor);
            scaled.add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .min(high)
                    .max(low)
                    .reinterpretAsFloats()
                    .sub(Patterns.SHIFT)
                    .mul(scale)
                    .intoArray(y, to + i);
        }
    }

    /** The codes of {@code x * factor}; one part of the zero point is added before rounding, the other after it. */
    private void encode(float factor, int before, int after, float[] x, byte[] codes, int to, int count) {
        int low = Patterns.WHOLE + lowest;
        int high = Patterns.WHOLE + highest;
        int mask = (1 << bits) - 1;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector whole = FloatVector.fromArray(Lanes.FLOATS, x, i)
                    .mul(factor)
                    .add(before)
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .add(after)
                    .min(high)
                    .max(low);
            ((ByteVector) whole.and(mask).convertShape(VectorOperators.I2B, Lanes.BYTES, 0)).intoArray(codes, to + i);
        }
    }

    private boolean isStable(float scale, int zeroPoint) {
        return StableCodes.areStable(format, rounding, workingType, scale, zeroPoint);
    }
}
