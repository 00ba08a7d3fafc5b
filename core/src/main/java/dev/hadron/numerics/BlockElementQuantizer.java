package dev.hadron.numerics;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.WorkingType;

/**
 * An element of a block: {@code x / step} to the nearest element, ties to even, saturating, and back by one multiplication,
 * rounded to the working type. A step of 0 makes all elements 0.
 *
 * @param element a small floating-point format, or integers
 * @param lowest the smallest number of an integer element, which need not be the format's
 * @param highest the largest one
 * @param signedZero whether what rounds to zero keeps its sign
 * @param step what an element of 1 stands for
 * @param workingType the type that results are rounded to
 */
public record BlockElementQuantizer(
        NumberFormat element, float lowest, float highest, boolean signedZero, float step, WorkingType workingType)
        implements ElementQuantizer {
    /** Elements over the whole range of a floating-point format. A zero of less than 8 bits has no sign. */
    public BlockElementQuantizer(FloatFormat element, float step, WorkingType workingType) {
        this(element, -element.max(), element.max(), element.bits() == Byte.SIZE, step, workingType);
    }

    @Override
    public float fakeQuantize(float x) {
        return workingType.round(nearest(x) * step);
    }

    @Override
    public byte encode(float x) {
        float nearest = nearest(x);
        return switch (element) {
            case FloatFormat floating -> floating.encode(nearest);
            case IntFormat integer -> (byte) ((int) nearest & integer.mask());
            case HalfFormat half -> throw new IllegalStateException(half.toString());
            case BlockFormat block -> throw new IllegalStateException(block.toString());
        };
    }

    /** The step is a power of two, or the codes of the fake-quantized numbers are the same in any case. */
    @Override
    public byte storedCode(float x) {
        return encode(x);
    }

    @Override
    public float decode(byte code) {
        return step
                * switch (element) {
                    case FloatFormat floating -> floating.decode(code);
                    case IntFormat integer -> integer.value(code);
                    case HalfFormat half -> throw new IllegalStateException(half.toString());
                    case BlockFormat block -> throw new IllegalStateException(block.toString());
                };
    }

    private float nearest(float x) {
        float scaled = step == 0f ? 0f : x / step;
        float nearest = switch (element) {
            case FloatFormat floating -> floating.round(scaled);
            case IntFormat unused -> Math.clamp((float) Math.rint(scaled), lowest, highest);
            case HalfFormat half -> throw new IllegalStateException(half.toString());
            case BlockFormat block -> throw new IllegalStateException(block.toString());
        };
        return signedZero ? nearest : nearest + 0f;
    }
}
