package dev.hadron.numerics;

import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;

/**
 * Affine quantization to integers under a zero point of any float32: {@code q = clamp(rint(fma(x, inv, zeroPoint)))}, and back {@code (q -
 * zeroPoint) * scale}, rounded once.
 *
 * <p>{@link #encode} gives the codes of the reference, which drops the zero point's fraction there; a checkpoint holds {@link
 * #storedCode}, whose numbers are those of the fake-quantized weight.
 */
public record FloatZeroPointQuantizer(
        IntFormat format, RoundType rounding, WorkingType workingType, float scale, float zeroPoint)
        implements ElementQuantizer {
    @Override
    public float fakeQuantize(float x) {
        return workingType.round(value(level(x)));
    }

    @Override
    public byte encode(float x) {
        return code(clamp((float) Math.rint(x * (1f / scale) + (float) (int) zeroPoint)));
    }

    @Override
    public byte storedCode(float x) {
        return code(level(x));
    }

    @Override
    public float decode(byte code) {
        return value(format.value(code));
    }

    private float level(float x) {
        return clamp(rounding.apply(Math.fma(x, 1f / scale, zeroPoint)));
    }

    private float value(float level) {
        return (float) (((double) level - zeroPoint) * scale);
    }

    private float clamp(float level) {
        return Math.clamp(level, (float) format.lowest(), (float) format.highest());
    }

    private byte code(float level) {
        return (byte) ((int) level & format.mask());
    }
}
