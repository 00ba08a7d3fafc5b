package dev.hadron.numerics.internal;

import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.IntElementQuantizer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link IntElementQuantizer} on vectors. Whole numbers stay in the form {@link Rounding#toBits} gives them until they are
 * clamped, which takes integer instructions only.
 *
 * <p>The stored code is {@code encode(fakeQuantize(x))}. With {@code n = q - zeroPoint} the fake-quantized number is {@code n *
 * scale} with a relative error of at most {@code u}, half a step of the working type, so encoding rounds {@code n} with an
 * error of little more than {@code |n| * u}. Where that is below a half, scale and product being normal numbers, it finds
 * {@code q} again and is left out ({@link #isStable}). Rounding down is never stable.
 */
final class IntegerLanes implements ElementLanes {
    private final RoundType rounding;
    private final WorkingType workingType;
    private final float scale;
    private final float inverse;
    private final int zeroPoint;
    private final int bits;
    private final int lowest;
    private final int highest;
    private final boolean signed;
    private final boolean stable;

    IntegerLanes(IntElementQuantizer quantizer) {
        rounding = quantizer.rounding();
        workingType = quantizer.workingType();
        scale = quantizer.scale();
        inverse = 1f / scale;
        zeroPoint = quantizer.zeroPoint();
        bits = quantizer.format().bits();
        lowest = quantizer.format().lowest();
        highest = quantizer.format().highest();
        signed = quantizer.format().signed();
        stable = isStable();
    }

    @Override
    public FloatVector fakeQuantize(FloatVector x) {
        FloatVector scaled = x.mul(inverse);
        FloatVector steps = clamp(Rounding.toBits(scaled, rounding), zeroPoint)
                .reinterpretAsFloats()
                .sub(Rounding.SHIFT);
        return Rounding.toWorkingType(steps.mul(scale), workingType)
                .blend(Float.NaN, scaled.test(VectorOperators.IS_NAN));
    }

    @Override
    public IntVector storedCode(FloatVector x) {
        if (stable) {
            return encode(x, 0f, zeroPoint);
        }
        FloatVector stored = fakeQuantize(x);
        return rounding == RoundType.HALF_EVEN ? encode(stored, zeroPoint, 0) : encode(stored, 0f, zeroPoint);
    }

    @Override
    public FloatVector decode(IntVector codes) {
        int unused = Integer.SIZE - bits;
        IntVector raised = codes.lanewise(VectorOperators.LSHL, unused);
        IntVector levels =
                signed ? raised.lanewise(VectorOperators.ASHR, unused) : raised.lanewise(VectorOperators.LSHR, unused);
        return ((FloatVector) levels.sub(zeroPoint).convert(VectorOperators.I2F, 0)).mul(scale);
    }

    /** The zero point is added before rounding or after it. */
    private IntVector encode(FloatVector x, float before, int after) {
        FloatVector scaled = x.mul(inverse).add(before);
        return clamp(Rounding.toBits(scaled, rounding), after)
                .sub(Rounding.ZERO_BITS - after)
                .blend(0, Rounding.nan(scaled))
                .and((1 << bits) - 1);
    }

    private IntVector clamp(IntVector wholeBits, int offset) {
        return wholeBits.min(Rounding.ZERO_BITS + highest - offset).max(Rounding.ZERO_BITS + lowest - offset);
    }

    private boolean isStable() {
        float largest = Math.max(highest - zeroPoint, zeroPoint - lowest);
        return switch (workingType) {
            case FLOAT32 -> rounding != RoundType.FLOOR && scale >= 0x1p-100f && scale <= 0x1p100f;
            case BFLOAT16 -> rounding != RoundType.FLOOR && largest <= 126 && scale >= 0x1p-100f && scale <= 0x1p100f;
            case FLOAT16 -> rounding != RoundType.FLOOR && scale >= 0x1p-14f && scale * largest <= 0x1p15f;
        };
    }
}
