package dev.hadron.numerics.internal;

import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * {@link FloatFormat} over arrays that hold no NaN.
 *
 * <p>For a magnitude {@code a} let {@code anchor} be the power of two whose last bit is worth one step of the format at
 * {@code a}. Then {@code a + anchor} rounds {@code a} to the format, half to even; the last bits of the sum are the number of steps;
 * and the steps, added to the code of the anchor's exponent, are the code, since a code counts the
 * steps from zero. Subnormal numbers need no case of their own: their exponent is that of the smallest normal one.
 */
final class FloatCodeLoop implements CodeLoop {
    private static final short NIBBLE = 0xF;

    private static final float[] ONE = Arrays.copyOf(new float[] {1f}, 1 + Lanes.PADDING);

    private final int bits;
    private final int mantissa;
    private final int bias;
    private final int max;
    private final int largestCode;
    private final int dropped;
    private final int smallestExponent;
    private final boolean signedZero;
    private final Bfloat16CodeLoop bfloat16;

    FloatCodeLoop(FloatFormat format, boolean signedZero) {
        this.signedZero = signedZero;
        bits = format.bits();
        mantissa = format.mantissa();
        bias = format.bias();
        max = Float.floatToRawIntBits(format.max());
        largestCode = format.encode(format.max());
        dropped = Patterns.FRACTION - mantissa;
        smallestExponent = (Patterns.BIAS + 1 - bias) << Patterns.FRACTION;
        bfloat16 = new Bfloat16CodeLoop(format, signedZero);
    }

    @Override
    public void round(float[] x, int from, int count) {
        int raise = dropped << Patterns.FRACTION;
        for (int i = from; i < from + count; i += Lanes.COUNT) {
            IntVector pattern = FloatVector.fromArray(Lanes.FLOATS, x, i).reinterpretAsInts();
            IntVector magnitude = pattern.and(Patterns.MAGNITUDE).min(max);
            FloatVector anchor = magnitude
                    .and(Patterns.INFINITY)
                    .max(smallestExponent)
                    .add(raise)
                    .reinterpretAsFloats();
            magnitude
                    .reinterpretAsFloats()
                    .add(anchor)
                    .sub(anchor)
                    .reinterpretAsInts()
                    .or(pattern.and(Patterns.SIGN))
                    .reinterpretAsFloats()
                    .intoArray(x, i);
        }
        if (!signedZero) {
            for (int i = from; i < from + count; i += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.FLOATS, x, i).add(0f).intoArray(x, i);
            }
        }
    }

    @Override
    public void encode(float[] x, CodeTile codes, int to, int count) {
        MemorySegment scaled = TileMemory.ofThread().scaled();
        MemorySegment.copy(x, 0, scaled, Tensor.FLOAT, 0, count);
        floats(Spread.SINGLE, ONE, true, false, scaled, 0, codes.nibbles, codes.memory(), codes.offset(to), count);
    }

    /**
     * The packed codes of the quotients of elements from {@code from} on.
     *
     * @param divisors of the runs, padded as {@link Lanes} says
     * @param factors their reciprocals
     * @param powersOfTwo whether all divisors are, from {@code 2^-80} to {@code 2^80} but for runs of zeros
     * @param rounded whether elements and divisors are in bfloat16 and quotients are rounded to it
     */
    void encode(
            Spread spread,
            float[] divisors,
            float[] factors,
            boolean powersOfTwo,
            boolean rounded,
            Tile x,
            CodeTile codes,
            int from,
            int count) {
        // In these cases a product with the reciprocal serves for the quotient.
        boolean exact = powersOfTwo || rounded;
        boolean units = x.type == StorageType.BF16;
        if (!exact || !units) {
            floats(
                    spread,
                    exact ? factors : divisors,
                    exact,
                    units,
                    units ? x.memory() : x.wideMemory(),
                    units ? x.offset(from) : x.wideOffset(from),
                    codes.nibbles,
                    codes.memory(),
                    codes.offset(from),
                    count);
        } else if (rounded) {
            bfloat16.products(spread, factors, x, codes, from, count);
        } else {
            bfloat16.scaled(spread, divisors, x, codes, from, count);
        }
    }

    /** Of elements in float32 or, where {@code units} says so, in bfloat16, which are widened on the way. */
    private void floats(
            Spread spread,
            float[] scales,
            boolean multiplied,
            boolean units,
            MemorySegment x,
            long from,
            boolean nibbles,
            MemorySegment codes,
            long to,
            int count) {
        int max = this.max;
        int dropped = this.dropped;
        int smallest = smallestExponent;
        int raise = dropped << Patterns.FRACTION;
        int first = smallest >> dropped;
        int upper = Integer.SIZE - bits;
        int sign = 1 << (bits - 1);
        int carry = signedZero ? sign : sign - 1;
        int shift = spread.shift();
        VectorShuffle<Float> shuffle = spread.shuffle();
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector scale =
                    FloatVector.fromArray(Lanes.FLOATS, scales, i >> shift).rearrange(shuffle);
            IntVector pattern = units
                    ? ((IntVector) ShortVector.fromMemorySegment(
                                            Lanes.SHORTS, x, from + 2L * i, ByteOrder.LITTLE_ENDIAN)
                                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, Lanes.INTS, 0))
                            .lanewise(VectorOperators.LSHL, Short.SIZE)
                    : FloatVector.fromMemorySegment(Lanes.FLOATS, x, from + 4L * i, ByteOrder.LITTLE_ENDIAN)
                            .reinterpretAsInts();
            FloatVector number = pattern.and(Patterns.MAGNITUDE).reinterpretAsFloats();
            // Infinity saturates too.
            IntVector magnitude = (multiplied ? number.mul(scale) : number.div(scale))
                    .reinterpretAsInts()
                    .min(max);
            IntVector exponent = magnitude.and(Patterns.INFINITY).max(smallest);
            // Of the sum's bits only those below its exponent reach the code.
            IntVector code = magnitude
                    .reinterpretAsFloats()
                    .add(exponent.add(raise).reinterpretAsFloats())
                    .reinterpretAsInts()
                    .add(exponent.lanewise(VectorOperators.LSHR, dropped))
                    .sub(first);
            // The carry reaches the sign's bit where the number isn't zero.
            IntVector signs = pattern.lanewise(VectorOperators.LSHR, upper).and(sign);
            IntVector signed = code.or(code.add(carry).and(signs));
            if (nibbles) {
                // The code of the upper half of a 64-bit lane joins that of the lower.
                LongVector pairs = signed.and(NIBBLE).reinterpretAsLongs();
                ((ByteVector) pairs.or(pairs.lanewise(VectorOperators.LSHR, Integer.SIZE - 4))
                                .convertShape(VectorOperators.L2B, Lanes.EIGHTH_BYTES, 0))
                        .intoMemorySegment(codes, to + i / 2, ByteOrder.LITTLE_ENDIAN);
            } else {
                ((ByteVector) signed.convertShape(VectorOperators.I2B, Lanes.BYTES, 0))
                        .intoMemorySegment(codes, to + i, ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    @Override
    public void decode(byte[] codes, int from, float[] y, int to, int count) {
        int numberMask = (1 << (bits - 1)) - 1;
        int rebias = (Patterns.BIAS - bias) << Patterns.FRACTION;
        int anchor = smallestExponent + (dropped << Patterns.FRACTION);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            IntVector code = (IntVector)
                    ByteVector.fromArray(Lanes.BYTES, codes, from + i).convertShape(VectorOperators.B2I, Lanes.INTS, 0);
            IntVector number = code.and(numberMask);
            IntVector normal = number.lanewise(VectorOperators.LSHL, dropped).add(rebias);
            FloatVector subnormal = number.or(anchor).reinterpretAsFloats().sub(Float.intBitsToFloat(anchor));
            IntVector sign =
                    code.lanewise(VectorOperators.LSHL, Integer.SIZE - bits).and(Patterns.SIGN);
            VectorMask<Float> nan =
                    number.compare(VectorOperators.GT, largestCode).cast(Lanes.FLOATS);
            normal.blend(subnormal.reinterpretAsInts(), number.lt(1 << mantissa))
                    .or(sign)
                    .reinterpretAsFloats()
                    .blend(Float.NaN, nan)
                    .intoArray(y, to + i);
        }
    }
}
