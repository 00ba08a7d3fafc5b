package dev.hadron.numerics.internal;

import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.IntElementQuantizer;

/**
 * Where the stored code of an integer is that of the number itself.
 *
 * <p>The stored code is {@code encode(fakeQuantize(x))}. With {@code n = q - zeroPoint} the fake-quantized number is {@code n *
 * scale} with a relative error of at most {@code u}, half a step of the working type, so encoding rounds {@code n} with an
 * error of little more than {@code |n| * u}. Where that is below a half, scale and product being normal numbers, it finds
 * {@code q} again and is left out. In bfloat16 {@code u} is 1/257, so that holds up to {@code |n| = 128}; larger ones are
 * tried one by one. Rounding down is never stable.
 */
final class StableCodes {
    static final float SMALLEST_SCALE = 0x1p-100f;
    static final float LARGEST_SCALE = 0x1p100f;

    /** So many steps from zero bfloat16 holds closely enough under any scale. */
    private static final int STABLE = 128;

    private StableCodes() {}

    /** Whether the scale is one that weights have, under which factors are normal numbers and sums don't overflow. */
    static boolean isUsual(IntFormat format, float scale, float zeroPoint) {
        return scale >= SMALLEST_SCALE
                && scale <= LARGEST_SCALE
                && zeroPoint >= format.lowest()
                && zeroPoint <= format.highest();
    }

    /** Whether encoding a fake-quantized number finds its code again, under a {@linkplain #isUsual usual} scale. */
    static boolean areStable(
            IntFormat format, RoundType rounding, WorkingType workingType, float scale, int zeroPoint) {
        if (rounding == RoundType.FLOOR) {
            return false;
        }
        float largest = Math.max(format.highest() - zeroPoint, zeroPoint - format.lowest());
        if (largest <= stableSteps(workingType)) {
            return true;
        }
        return workingType == WorkingType.BFLOAT16
                ? areFound(format, rounding, scale, zeroPoint)
                : scale >= 0x1p-14f && scale * largest <= 0x1p15f;
    }

    /** Up to how many steps from zero codes are stable under any usual scale; none where it depends on the scale. */
    static float stableSteps(WorkingType workingType) {
        return switch (workingType) {
            case FLOAT32 -> Float.POSITIVE_INFINITY;
            case BFLOAT16 -> STABLE;
            case FLOAT16 -> 0f;
        };
    }

    private static boolean areFound(IntFormat format, RoundType rounding, float scale, int zeroPoint) {
        var quantizer = new IntElementQuantizer(format, rounding, WorkingType.BFLOAT16, scale, zeroPoint);
        for (int level = format.lowest(); level < zeroPoint - STABLE; level++) {
            if (!isFound(quantizer, format, level)) {
                return false;
            }
        }
        for (int level = zeroPoint + STABLE + 1; level <= format.highest(); level++) {
            if (!isFound(quantizer, format, level)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFound(IntElementQuantizer quantizer, IntFormat format, int level) {
        byte code = (byte) (level & format.mask());
        return quantizer.storedCode(quantizer.decode(code)) == code;
    }
}
