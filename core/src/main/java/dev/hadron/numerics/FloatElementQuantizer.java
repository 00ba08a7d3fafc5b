package dev.hadron.numerics;

import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.WorkingType;

/**
 * Quantization to a small floating-point format: {@code x / scale} rounded to the working type, clamped to the largest
 * value and cast nearest even; back by one multiplication, rounded to the working type.
 */
public final class FloatElementQuantizer implements ElementQuantizer {
    private final FloatFormat format;
    private final WorkingType workingType;
    private final float scale;

    /** Quantization with this scale. */
    public FloatElementQuantizer(FloatFormat format, WorkingType workingType, float scale) {
        this.format = format;
        this.workingType = workingType;
        this.scale = scale;
    }

    @Override
    public float fakeQuantize(float x) {
        return workingType.round(format.round(workingType.round(x / scale)) * scale);
    }

    @Override
    public byte encode(float x) {
        return format.encode(workingType.round(x / scale));
    }

    @Override
    public float decode(byte code) {
        return format.decode(code) * scale;
    }

    /** The codes' format. */
    public FloatFormat format() {
        return format;
    }

    /** The type that results are rounded to. */
    public WorkingType workingType() {
        return workingType;
    }

    /** The number that code 1.0 stands for. */
    public float scale() {
        return scale;
    }
}
