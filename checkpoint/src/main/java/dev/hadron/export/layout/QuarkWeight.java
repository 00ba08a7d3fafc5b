package dev.hadron.export.layout;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.packing.NibbleWords;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.QuantizedTensor;
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
        if (format.type() != LayerType.LINEAR) {
            throw QuarkPlacement.unsupported(
                    format, "tables of type " + format.type().wireName(), "linear layers");
        }
        if (spec.format() instanceof BlockFormat block) {
            return QuarkMx.declare(format, block);
        }
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

    /** Transposed codes are cut between groups, words between the rows that they hold. */
    static Slicing slicing(LayerFormat format, QuantizationSpec spec) {
        if (spec.format() instanceof BlockFormat) {
            return new Slicing(0, 1);
        }
        QuarkPlacement placement = QuarkPlacement.of(format, spec);
        if (placement.granularity() instanceof Granularity.PerGroup(int axis, long size)) {
            return new Slicing(axis, size);
        }
        return new Slicing(0, placement.nibbles() ? NibbleWords.codesPerWord() : 1);
    }

    static Map<String, Tensor> pack(LayerFormat format, QuantizedTensor weight, Arena arena) {
        if (weight.format() instanceof BlockFormat block) {
            return QuarkMx.pack(format, block, weight, arena);
        }
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
        for (TensorDeclaration declared : declare(format, spec)) {
            StoredTensorCheck.check(declared, tensors.apply(declared.name()), format);
        }
        if (spec.format() instanceof BlockFormat block) {
            return QuarkMx.unpack(format, block, tensors, arena);
        }
        QuarkPlacement placement = QuarkPlacement.of(format, spec);
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

    private static boolean hasZeroPoints(QuantizationSpec spec) {
        return spec.format() instanceof IntFormat;
    }

    /** Whether the stored axes are exchanged. */
    static boolean isTransposed(QuantizationSpec spec) {
        return spec.qscheme() == QSchemeType.PER_GROUP && spec.format() instanceof IntFormat;
    }

    /** How many codes stand behind the last extent of a stored weight. */
    static long codesInLastExtent(QuantizationSpec spec, long extent) {
        return switch (spec.format()) {
            case IntFormat integer when integer.bits() == 4 -> Math.multiplyExact(extent, NibbleWords.codesPerWord());
            case IntFormat unused -> extent;
            case FloatFormat unused -> extent;
            case HalfFormat unused -> extent;
            case BlockFormat block -> Math.multiplyExact(extent, Byte.SIZE) / block.bits();
        };
    }

    /** The type of 8-bit codes, or of the words that hold 4-bit ones. */
    static StorageType codeType(LayerFormat format, QuantizationSpec spec) {
        if (spec.format().equals(FloatFormat.E4M3)) {
            return StorageType.F8_E4M3;
        }
        if (spec.format().equals(FloatFormat.E5M2)) {
            return StorageType.F8_E5M2;
        }
        return switch (spec.format()) {
            case IntFormat integer when integer.bits() == 8 -> integer.signed() ? StorageType.I8 : StorageType.U8;
            case IntFormat integer when integer.bits() == 4 -> StorageType.I32;
            case IntFormat unused -> throw noPlace(format, spec);
            case FloatFormat unused -> throw noPlace(format, spec);
            case HalfFormat unused -> throw noPlace(format, spec);
            case BlockFormat unused -> throw noPlace(format, spec);
        };
    }

    private static UnsupportedQuantizationException noPlace(LayerFormat format, QuantizationSpec spec) {
        return QuarkPlacement.unsupported(
                format, spec.dtype().wireName() + " weights", "int8, uint8, int4, uint4, FP8, MXFP4 and MXFP6");
    }
}
