package dev.hadron.export.layout;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A layer's weight in the {@code quark} layout. */
final class QuarkWeight {
    private static final String SCALE = "_scale";
    private static final String ZERO_POINT = "_zero_point";

    private QuarkWeight() {}

    static List<TensorDeclaration> declare(LayerFormat format, QuantizationSpec spec) {
        QuarkPlacement placement = QuarkPlacement.of(format, spec);
        String name = format.weightTensor();
        List<TensorDeclaration> declared = new ArrayList<>();
        declared.add(new TensorDeclaration(name, placement.codeType(), placement.codeShape()));
        declared.add(new TensorDeclaration(name + SCALE, placement.scaleType(), placement.storedScaleShape()));
        if (hasZeroPoints(spec)) {
            declared.add(new TensorDeclaration(
                    name + ZERO_POINT, placement.codeType(), placement.packed(placement.storedScaleShape())));
        }
        return declared;
    }

    static Map<String, Tensor> pack(LayerFormat format, QuantizedTensor weight, Arena arena) {
        QuarkPlacement placement = QuarkPlacement.of(format, format.weight().orElseThrow());
        String name = format.weightTensor();
        Map<String, Tensor> packed = new LinkedHashMap<>();
        packed.put(name, placement.packCodes(weight, arena));
        packed.put(name + SCALE, Narrow.floats(placement.transposedWords(weight.scale()), placement.scaleType()));
        weight.zeroPoint()
                .ifPresent(zeros ->
                        packed.put(name + ZERO_POINT, placement.packZeroPoints(placement.transposedWords(zeros))));
        return packed;
    }

    static QuantizedTensor unpack(
            LayerFormat format, QuantizationSpec spec, Function<String, Tensor> tensors, Arena arena) {
        QuarkPlacement placement = QuarkPlacement.of(format, spec);
        for (TensorDeclaration declared : declare(format, spec)) {
            check(declared, tensors.apply(declared.name()), format);
        }
        String name = format.weightTensor();
        Tensor scale = placement.canonicalWords(Narrow.widened(tensors.apply(name + SCALE)));
        Optional<Tensor> zeroPoints = hasZeroPoints(spec)
                ? Optional.of(placement.canonicalWords(placement.unpackZeroPoints(tensors.apply(name + ZERO_POINT))))
                : Optional.empty();
        return new QuantizedTensor(
                spec.format(),
                format.shape(),
                placement.granularity(),
                placement.unpackCodes(tensors.apply(name), arena),
                scale,
                zeroPoints,
                Optional.empty(),
                format.workingType());
    }

    /** Other writers may store scales in another floating-point type, but shapes and codes must be as described. */
    private static void check(TensorDeclaration declared, Tensor found, LayerFormat format) {
        boolean scale = declared.name().endsWith(SCALE);
        boolean typeFits = scale ? found.type().isWeightFloat() : found.type() == declared.type();
        Shape wanted = declared.shape();
        boolean shapeFits = found.shape().equals(wanted) || (found.elements() == 1 && wanted.elements() == 1);
        if (!typeFits || !shapeFits) {
            throw new CheckpointFormatException("the tensor " + declared.name() + " is " + found.type() + " "
                    + found.shape() + ", but quantization_config describes layer " + format.layer() + " with "
                    + declared.type() + " " + wanted + "; the folder's config.json doesn't belong to its weights");
        }
    }

    private static boolean hasZeroPoints(QuantizationSpec spec) {
        return switch (spec.dtype().format()) {
            case IntFormat unused -> true;
            case FloatFormat unused -> false;
            case HalfFormat unused -> throw new IllegalStateException("no halves yet");
            case BlockFormat unused -> throw new IllegalStateException("no blocks yet");
        };
    }

    /** The type of 8-bit codes, or of the words that hold 4-bit ones. */
    static StorageType codeType(QuantizationSpec spec) {
        return switch (spec.dtype()) {
            case INT8 -> StorageType.I8;
            case UINT8 -> StorageType.U8;
            case INT4, UINT4 -> StorageType.I32;
            case FP8_E4M3 -> StorageType.F8_E4M3;
            case FP8_E5M2 -> StorageType.F8_E5M2;
            case INT3, UINT3, INT2, UINT2, FLOAT16, BFLOAT16, FP6_E3M2, FP6_E2M3, FP4, MX, MX6, MX9, BFP16, NVFP4 ->
                throw new IllegalStateException("not yet");
        };
    }
}
