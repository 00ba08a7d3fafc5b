package dev.hadron.export.layout;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Scales and zero points of static activations: {@code X.input_scale}, {@code X.output_scale} and, of integers, {@code X.input_zero_point}, {@code
 * X.output_zero_point}, all {@code []}. Dynamic ones store nothing.
 */
final class StaticActivations {
    private static final String INPUT = ".input";
    private static final String OUTPUT = ".output";

    private StaticActivations() {}

    static List<TensorDeclaration> declare(LayerFormat format) {
        List<TensorDeclaration> declared = new ArrayList<>();
        format.input().ifPresent(spec -> declare(format, INPUT, spec, declared));
        format.output().ifPresent(spec -> declare(format, OUTPUT, spec, declared));
        return declared;
    }

    static Map<String, Tensor> pack(LayerFormat format, LayerParameters parameters) {
        Map<String, Tensor> packed = new LinkedHashMap<>();
        format.input().ifPresent(spec -> pack(format, INPUT, spec, parameters.input(), packed));
        format.output().ifPresent(spec -> pack(format, OUTPUT, spec, parameters.output(), packed));
        return packed;
    }

    static LayerParameters unpack(LayerFormat format, Function<String, Tensor> tensors) {
        return new LayerParameters(
                format.input().flatMap(spec -> unpack(format, INPUT, spec, tensors)),
                format.output().flatMap(spec -> unpack(format, OUTPUT, spec, tensors)));
    }

    private static void declare(
            LayerFormat format, String side, QuantizationSpec spec, List<TensorDeclaration> declared) {
        if (!LayerFormat.isStatic(spec)) {
            return;
        }
        if (spec.qscheme() != QSchemeType.PER_TENSOR) {
            throw new UnsupportedQuantizationException(
                    "no layout can hold the static " + spec.dtype().wireName()
                            + " " + side.substring(1) + " of layer " + format.layer()
                            + " with several scales; static activations have one, others must be dynamic");
        }
        String layer = format.layer();
        declared.add(new TensorDeclaration(layer + side + "_scale", scaleType(format, spec), Shape.of()));
        if (zeroPointType(spec).isPresent()) {
            declared.add(new TensorDeclaration(
                    layer + side + "_zero_point", zeroPointType(spec).get(), Shape.of()));
        }
    }

    private static void pack(
            LayerFormat format,
            String side,
            QuantizationSpec spec,
            Optional<QuantizationParameters> parameters,
            Map<String, Tensor> packed) {
        if (!LayerFormat.isStatic(spec)) {
            return;
        }
        QuantizationParameters found = parameters.orElseThrow();
        packed.put(
                format.layer() + side + "_scale",
                Narrow.floats(Tensor.ofFloats(found.scale()), scaleType(format, spec)));
        zeroPointType(spec)
                .ifPresent(type -> packed.put(
                        format.layer() + side + "_zero_point",
                        Narrow.bytes(Tensor.ofInts(new int[] {(int) found.zeroPoint()[0]}), type)));
    }

    private static Optional<QuantizationParameters> unpack(
            LayerFormat format, String side, QuantizationSpec spec, Function<String, Tensor> tensors) {
        if (!LayerFormat.isStatic(spec)) {
            return Optional.empty();
        }
        float scale =
                Narrow.widened(tensors.apply(format.layer() + side + "_scale")).floatAt(0);
        int zeroPoint = zeroPointType(spec)
                .map(type -> Narrow.widened(tensors.apply(format.layer() + side + "_zero_point"))
                        .intAt(0))
                .orElse(0);
        return Optional.of(new QuantizationParameters(new float[] {scale}, new float[] {zeroPoint}));
    }

    /** Integers keep float32; FP8 has the type of the source's weights. */
    private static StorageType scaleType(LayerFormat format, QuantizationSpec spec) {
        return switch (spec.format()) {
            case IntFormat unused -> StorageType.F32;
            case FloatFormat unused -> format.workingType().storage();
            case HalfFormat half -> throw new IllegalArgumentException(half + " has no static scale");
            case BlockFormat block -> throw new IllegalArgumentException(block + " has no static scale");
        };
    }

    private static Optional<StorageType> zeroPointType(QuantizationSpec spec) {
        return switch (spec.format()) {
            case IntFormat format -> Optional.of(format.signed() ? StorageType.I8 : StorageType.U8);
            case FloatFormat unused -> Optional.empty();
            case HalfFormat half -> throw new IllegalArgumentException(half + " has no static scale");
            case BlockFormat block -> throw new IllegalArgumentException(block + " has no static scale");
        };
    }
}
