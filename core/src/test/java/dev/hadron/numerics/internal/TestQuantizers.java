package dev.hadron.numerics.internal;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.BlockElementQuantizer;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.FloatElementQuantizer;
import dev.hadron.numerics.FloatZeroPointQuantizer;
import dev.hadron.numerics.IntElementQuantizer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Quantizers of all kinds, with scales that weights have and with the least likely ones. */
final class TestQuantizers {
    private static final float[] SCALES = {
        1f,
        0x1p-23f,
        0.1f,
        3.7e-3f,
        1e-5f,
        1e-9f,
        0x1p-126f,
        Float.MIN_VALUE,
        1000.3f,
        3e38f,
        Float.POSITIVE_INFINITY,
        0f
    };

    private TestQuantizers() {}

    static Map<String, ElementQuantizer> of(Dtype dtype) {
        Map<String, ElementQuantizer> all = new LinkedHashMap<>();
        for (WorkingType workingType : WorkingType.values()) {
            for (float scale : SCALES) {
                String name = workingType + ", scale " + scale;
                switch (dtype.format()) {
                    case FloatFormat format -> {
                        all.put(name, new FloatElementQuantizer(format, workingType, scale));
                        all.put("element, " + name, new BlockElementQuantizer(format, scale, workingType));
                    }
                    case HalfFormat format -> throw new IllegalArgumentException(format + " has no scale");
                    case BlockFormat format -> all.put(name, element(format, scale, workingType));
                    case IntFormat format -> {
                        for (RoundType rounding : RoundType.values()) {
                            for (int zeroPoint : new int[] {0, format.lowest(), format.highest(), 3, 777, -(1 << 23)}) {
                                all.put(
                                        rounding + ", " + name + ", zero point " + zeroPoint,
                                        new IntElementQuantizer(format, rounding, workingType, scale, zeroPoint));
                            }
                        }
                    }
                }
            }
        }
        return all;
    }

    /** A quantizer for numbers of a few hundred. */
    static ElementQuantizer plain(Dtype dtype, WorkingType workingType) {
        return switch (dtype.format()) {
            case FloatFormat format -> new FloatElementQuantizer(format, workingType, 0.37f);
            case HalfFormat format -> throw new IllegalArgumentException(format + " has no scale");
            case BlockFormat format -> element(format, 0.5f, workingType);
            case IntFormat format -> new IntElementQuantizer(format, RoundType.HALF_EVEN, workingType, 0.37f, 3);
        };
    }

    private static ElementQuantizer element(BlockFormat format, float step, WorkingType workingType) {
        return switch (format.element()) {
            case FloatFormat element -> new BlockElementQuantizer(element, step, workingType);
            case IntFormat element ->
                new BlockElementQuantizer(element, -element.highest(), element.highest(), false, step, workingType);
            case HalfFormat element -> throw new IllegalArgumentException(element.toString());
            case BlockFormat element -> throw new IllegalArgumentException(element.toString());
        };
    }

    static float scale(ElementQuantizer quantizer) {
        return switch (quantizer) {
            case IntElementQuantizer integer -> integer.scale();
            case FloatElementQuantizer floating -> floating.scale();
            case FloatZeroPointQuantizer integer -> integer.scale();
            case BlockElementQuantizer block -> block.step();
        };
    }
}
