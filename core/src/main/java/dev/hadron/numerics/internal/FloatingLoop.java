package dev.hadron.numerics.internal;

import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;

/**
 * {@link dev.hadron.numerics.FloatElementQuantizer} over arrays.
 *
 * <p>Encoding a fake-quantized number divides it by the scale that it was multiplied with. Each operation errs by half a step
 * of the working type, 2^-8 at most for bfloat16, and half a step of the format is 2^-5 or more, so the code is found again
 * without it unless a product overflows or is subnormal, which it may in half precision only.
 */
final class FloatingLoop implements ElementLoop {
    private static final float SMALLEST_SCALE = 0x1p-80f;
    private static final float LARGEST_SCALE = 0x1p80f;

    /** In half the exponents' range the quotients' corrections are exact. */
    private static final float LARGEST_QUOTIENT = 0x1p40f;

    private final WorkingType workingType;
    private final FloatCodeLoop codeLoop;
    private final float largestScale;
    private float[] divisors = {};
    private float[] factors = {};
    private float[] scratch = {};

    FloatingLoop(FloatFormat format, WorkingType workingType) {
        this.workingType = workingType;
        largestScale = workingType == WorkingType.FLOAT16 ? workingType.max() / format.max() : LARGEST_SCALE;
        codeLoop = new FloatCodeLoop(format, true);
    }

    @Override
    public boolean covers(float scale, float zeroPoint, float largest) {
        return scale >= SMALLEST_SCALE && scale <= largestScale && largest / scale <= LARGEST_QUOTIENT;
    }

    @Override
    public void fakeQuantize(float scale, float zeroPoint, float[] x, int from, float[] y, int to, int count) {
        quotients(scale, x, from, y, to, count);
        codeLoop.round(y, to, count);
        ScalingLoop.multiply(y, to, scale, count);
        WorkingTypeLoop.round(workingType, y, to, count);
    }

    @Override
    public void quantize(float scale, float zeroPoint, Tile x, CodeTile codes, int from, int count) {
        prepare(1);
        if (quantizesRuns(x, codes) && run(scale, zeroPoint, 0)) {
            quantizeRuns(Spread.SINGLE, x, codes, from, count);
            return;
        }
        scratch = Lanes.grown(scratch, count);
        if (workingType == WorkingType.FLOAT16) {
            fakeQuantize(scale, zeroPoint, x.floats(), from, scratch, 0, count);
            quotients(scale, scratch, 0, scratch, 0, count);
        } else {
            quotients(scale, x.floats(), from, scratch, 0, count);
        }
        codeLoop.encode(scratch, codes, from, count);
    }

    @Override
    public void dequantize(float scale, float zeroPoint, byte[] codes, int from, float[] y, int to, int count) {
        codeLoop.decode(codes, from, y, to, count);
        ScalingLoop.multiply(y, to, scale, count);
    }

    @Override
    public void prepare(int runs) {
        divisors = Lanes.grown(divisors, runs);
        factors = Lanes.grown(factors, runs);
    }

    @Override
    public boolean run(float scale, float zeroPoint, int run) {
        divisors[run] = scale;
        factors[run] = 1f / scale;
        return workingType != WorkingType.BFLOAT16 || (Float.floatToRawIntBits(scale) & ~Patterns.UPPER_HALF) == 0;
    }

    @Override
    public boolean quantizesRuns(Tile x, CodeTile codes) {
        return switch (workingType) {
            case FLOAT32 -> x.type != StorageType.BF16;
            case BFLOAT16 -> x.type == StorageType.BF16;
            case FLOAT16 -> false;
        };
    }

    @Override
    public void quantizeRuns(Spread spread, Tile x, CodeTile codes, int from, int count) {
        codeLoop.encode(spread, divisors, factors, false, workingType == WorkingType.BFLOAT16, x, codes, from, count);
    }

    /** In the working type. */
    private void quotients(float divisor, float[] x, int from, float[] y, int to, int count) {
        ScalingLoop.divide(divisor, x, from, y, to, count);
        WorkingTypeLoop.round(workingType, y, to, count);
    }
}
