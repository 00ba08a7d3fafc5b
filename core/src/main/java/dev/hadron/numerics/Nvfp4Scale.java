package dev.hadron.numerics;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.WorkingType;

/**
 * A block's FP8 (E4M3) scale under the float32 scale of its tensor: {@code block = e4m3(amax(block) / 6 / tensor)}. A block scale that casts to 0
 * stays 0, and its elements are 0.
 *
 * @param tensorScale {@code amax(tensor) / (6 * 448)}, 1 for an all-zero tensor
 */
public record Nvfp4Scale(float tensorScale, WorkingType workingType) implements ScaleFormula {
    private static final FloatFormat ELEMENT = FloatFormat.E2M1;
    private static final FloatFormat SCALE = FloatFormat.E4M3;

    /** The formula of a tensor with this range. */
    public static Nvfp4Scale ofTensor(Range range, WorkingType workingType) {
        float scale = range.absoluteMax() / (ELEMENT.max() * SCALE.max());
        return new Nvfp4Scale(scale == 0f ? 1f : scale, workingType);
    }

    @Override
    public NumberFormat format() {
        return BlockFormat.NVFP4;
    }

    @Override
    public Parameters parameters(Range range) {
        return new Parameters(SCALE.round(range.absoluteMax() / ELEMENT.max() / tensorScale), 0f);
    }

    @Override
    public ElementQuantizer quantizer(float scale, float zeroPoint) {
        return new BlockElementQuantizer(ELEMENT, scale * tensorScale, workingType);
    }
}
