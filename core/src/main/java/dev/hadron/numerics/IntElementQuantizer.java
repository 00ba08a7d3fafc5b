package dev.hadron.numerics;

import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;

/**
 * Affine quantization to integers: {@code q = clamp(rint(x * inv) + zeroPoint)} with {@code inv = 1/scale} rounded once, and
 * {@code (q - zeroPoint) * scale} rounded to the working type.
 */
public final class IntElementQuantizer implements ElementQuantizer {
    private final IntFormat format;
    private final RoundType rounding;
    private final WorkingType workingType;
    private final float scale;
    private final int zeroPoint;
    private final float inverse;
    private final float lowest;
    private final float highest;

    /** Quantization with this scale and zero point. */
    public IntElementQuantizer(
            IntFormat format, RoundType rounding, WorkingType workingType, float scale, int zeroPoint) {
        this.format = format;
        this.rounding = rounding;
        this.workingType = workingType;
        this.scale = scale;
        this.zeroPoint = zeroPoint;
        this.inverse = 1f / scale;
        this.lowest = format.lowest();
        this.highest = format.highest();
    }

    @Override
    public float fakeQuantize(float x) {
        float level = clamp(rounding.apply(x * inverse) + zeroPoint);
        return workingType.round((level - zeroPoint) * scale);
    }

    /** Nearest-even codes are rounded after the zero point is added, all others before: that is what consumers see. */
    @Override
    public byte encode(float x) {
        float level = rounding == RoundType.HALF_EVEN
                ? (float) Math.rint(x * inverse + zeroPoint)
                : rounding.apply(x * inverse) + zeroPoint;
        return (byte) ((int) clamp(level) & format.mask());
    }

    @Override
    public float decode(byte code) {
        return (format.value(code) - zeroPoint) * scale;
    }

    /** The codes' type. */
    public IntFormat format() {
        return format;
    }

    /** How scaled values become integers. */
    public RoundType rounding() {
        return rounding;
    }

    /** The type that results are rounded to. */
    public WorkingType workingType() {
        return workingType;
    }

    /** The width of a step. */
    public float scale() {
        return scale;
    }

    /** The code of zero. */
    public int zeroPoint() {
        return zeroPoint;
    }

    private float clamp(float level) {
        return Math.min(Math.max(level, lowest), highest);
    }
}
