package dev.hadron.numerics.internal;

import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link dev.hadron.numerics.IntElementQuantizer} over arrays. Whole numbers stay in the form {@link Rounding#toBits} gives
 * them until they are clamped, which takes integer instructions only.
 *
 * <p>The stored code is {@code encode(fakeQuantize(x))}. With {@code n = q - zeroPoint} the fake-quantized number is {@code n *
 * scale} with a relative error of at most {@code u}, half a step of the working type, so encoding rounds {@code n} with an
 * error of little more than {@code |n| * u}. Where that is below a half, scale and product being normal numbers, it finds
 * {@code q} again and is left out ({@link #isStable}). Rounding down is never stable.
 */
final class IntegerLoop implements ElementLoop {
    private final RoundType rounding;
    private final WorkingType workingType;
    private final int bits;
    private final int lowest;
    private final int highest;
    private final boolean signed;
    private final boolean finite;
    private float[] stored = {};

    IntegerLoop(IntFormat format, RoundType rounding, WorkingType workingType, boolean finite) {
        this.rounding = rounding;
        this.workingType = workingType;
        this.finite = finite;
        bits = format.bits();
        lowest = format.lowest();
        highest = format.highest();
        signed = format.signed();
    }

    @Override
    public void fakeQuantize(float scale, int zeroPoint, float[] x, int from, float[] y, int to, int count) {
        float inverse = 1f / scale;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector scaled = Lanes.floats(x, from + i).mul(inverse);
            FloatVector steps = clamp(Rounding.toBits(scaled, rounding), zeroPoint)
                    .reinterpretAsFloats()
                    .sub(Rounding.SHIFT);
            Rounding.toWorkingType(steps.mul(scale), workingType)
                    .blend(Float.NaN, scaled.test(VectorOperators.IS_NAN))
                    .intoArray(y, to + i);
        }
    }

    @Override
    public void quantize(float scale, int zeroPoint, float[] x, int from, byte[] codes, int to, int count) {
        if (isStable(scale, zeroPoint)) {
            encode(1f / scale, 0f, zeroPoint, x, from, codes, to, count, !finite);
            return;
        }
        if (stored.length < count + Lanes.PADDING) {
            stored = new float[count + Lanes.PADDING];
        }
        fakeQuantize(scale, zeroPoint, x, from, stored, 0, count);
        if (rounding == RoundType.HALF_EVEN) {
            encode(1f / scale, zeroPoint, 0, stored, 0, codes, to, count, true);
        } else {
            encode(1f / scale, 0f, zeroPoint, stored, 0, codes, to, count, true);
        }
    }

    @Override
    public void dequantize(float scale, int zeroPoint, byte[] codes, float[] y, int count) {
        int unused = Integer.SIZE - bits;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector raised = Lanes.bytes(codes, i).lanewise(VectorOperators.LSHL, unused);
            IntVector levels = signed
                    ? raised.lanewise(VectorOperators.ASHR, unused)
                    : raised.lanewise(VectorOperators.LSHR, unused);
            ((FloatVector) levels.sub(zeroPoint).convert(VectorOperators.I2F, 0))
                    .mul(scale)
                    .intoArray(y, i);
        }
    }

    /** One part of the zero point is added before rounding, the other after it. */
    private void encode(
            float inverse, float before, int after, float[] x, int from, byte[] codes, int to, int count, boolean nan) {
        int mask = signed ? (1 << bits) - 1 : -1;
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector scaled = Lanes.floats(x, from + i).mul(inverse);
            if (before != 0f) {
                scaled = scaled.add(before);
            }
            IntVector code = clamp(Rounding.toBits(scaled, rounding), after)
                    .sub(Rounding.ZERO_BITS - after)
                    .and(mask);
            Lanes.storeBytes(nan ? code.blend(0, Rounding.nan(scaled)) : code, codes, to + i);
        }
    }

    private IntVector clamp(IntVector wholeBits, int offset) {
        return wholeBits.min(Rounding.ZERO_BITS + highest - offset).max(Rounding.ZERO_BITS + lowest - offset);
    }

    private boolean isStable(float scale, int zeroPoint) {
        if (rounding == RoundType.FLOOR) {
            return false;
        }
        float largest = Math.max(highest - zeroPoint, zeroPoint - lowest);
        return switch (workingType) {
            case FLOAT32 -> scale >= 0x1p-100f && scale <= 0x1p100f;
            case BFLOAT16 -> largest <= 126 && scale >= 0x1p-100f && scale <= 0x1p100f;
            case FLOAT16 -> scale >= 0x1p-14f && scale * largest <= 0x1p15f;
        };
    }
}
