package dev.hadron.numerics.internal;

import dev.hadron.dtype.IntFormat;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Whole numbers, half to even and saturating, over arrays; the sum with {@link Patterns#SHIFT} rounds and is clamped. */
final class WholeCodeLoop implements CodeLoop {
    private final int low;
    private final int high;
    private final int mask;
    private final int signBit;
    private final boolean signedZero;
    private final StepCodeLoop steps;

    WholeCodeLoop(IntFormat format, int lowest, int highest, boolean signedZero) {
        // A clamp to zero from below gives a positive one.
        this.signedZero = signedZero && lowest < 0;
        low = Patterns.WHOLE + lowest;
        high = Patterns.WHOLE + highest;
        mask = format.mask();
        steps = new StepCodeLoop(format.bits(), lowest, highest);
        signBit = format.signed() ? 1 << (format.bits() - 1) : 0;
    }

    @Override
    public void round(float[] x, int from, int count) {
        int kept = signedZero ? Patterns.SIGN : 0;
        for (int i = from; i < from + count; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, i);
            value.add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .min(high)
                    .max(low)
                    .reinterpretAsFloats()
                    .sub(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .or(value.reinterpretAsInts().and(kept))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
    }

    @Override
    public void encode(float[] x, CodeTile target, int to, int count) {
        byte[] codes = target.bytes();
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector whole = FloatVector.fromArray(Lanes.FLOATS, x, i)
                    .add(Patterns.SHIFT)
                    .reinterpretAsInts()
                    .min(high)
                    .max(low)
                    .and(mask);
            ((ByteVector) whole.convertShape(VectorOperators.I2B, Lanes.BYTES, 0)).intoArray(codes, to + i);
        }
        target.pack(to, count);
    }

    /** The packed codes of {@code x * factor}, as {@link StepCodeLoop} makes them. */
    void encode(Spread spread, float[] factors, int[] zeroPoints, Tile x, CodeTile codes, int from, int count) {
        steps.encode(spread, factors, zeroPoints, x, codes, from, count);
    }

    @Override
    public void decode(byte[] codes, int from, float[] y, int to, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector code = (IntVector)
                    ByteVector.fromArray(Lanes.BYTES, codes, from + i).convertShape(VectorOperators.B2I, Lanes.INTS, 0);
            // In two's complement, exclusive or with the sign bit and its subtraction extend the sign.
            IntVector number =
                    code.and(mask).lanewise(VectorOperators.XOR, signBit).sub(signBit);
            ((FloatVector) number.convert(VectorOperators.I2F, 0)).intoArray(y, to + i);
        }
    }
}
