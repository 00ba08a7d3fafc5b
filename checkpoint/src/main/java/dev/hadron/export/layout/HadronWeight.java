package dev.hadron.export.layout;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.observer.Observers;
import dev.hadron.packing.BitRows;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A weight in the {@code hadron} layout: its codes here, what they share in {@link HadronScales}.
 *
 * @param granularity of the blocks, for formats in blocks
 */
record HadronWeight(LayerFormat format, QuantizationSpec spec, Granularity granularity) {
    static HadronWeight of(LayerFormat format) {
        QuantizationSpec spec = format.weight().orElseThrow();
        Shape shape = format.shape();
        if (shape.rank() != 2) {
            throw unsupported(format, "a weight of shape " + shape, "matrices");
        }
        Granularity granularity = Observers.granularity(spec, shape);
        switch (granularity) {
            case Granularity.PerTensor unused -> {}
            case Granularity.PerChannel(int axis) -> {
                if (axis != 0) {
                    throw unsupported(format, "a scale per input channel (ch_axis " + axis + ")", "ch_axis 0");
                }
            }
            case Granularity.PerGroup(int axis, long unusedSize) -> {
                if (axis != 1) {
                    throw unsupported(format, "groups along axis " + axis, "groups along the last axis");
                }
            }
        }
        int bits = spec.format().bits();
        if (shape.extent(1) * bits % Byte.SIZE != 0) {
            throw unsupported(
                    format,
                    bits + "-bit codes in rows of " + shape.extent(1),
                    "rows whose codes fill whole bytes, and any row of 8-bit codes");
        }
        return new HadronWeight(format, spec, granularity);
    }

    static UnsupportedQuantizationException unsupported(LayerFormat format, String what, String nearest) {
        return new UnsupportedQuantizationException("the layout hadron can't hold " + what + " (layer " + format.layer()
                + "); it holds " + nearest + ": change the layer's configuration or exclude it");
    }

    List<TensorDeclaration> declare() {
        List<TensorDeclaration> declared = new ArrayList<>();
        declared.add(new TensorDeclaration(format.weightTensor(), codeType(spec.format()), codeShape()));
        declared.addAll(new HadronScales(this).declare());
        return declared;
    }

    Map<String, Tensor> pack(QuantizedTensor weight, Arena arena) {
        Map<String, Tensor> packed = new LinkedHashMap<>();
        packed.put(format.weightTensor(), new Tensor(codeType(spec.format()), codeShape(), packedCodes(weight, arena)));
        packed.putAll(new HadronScales(this).pack(weight));
        return packed;
    }

    QuantizedTensor unpack(Function<String, Tensor> tensors, Arena arena) {
        MemorySegment stored = tensors.apply(format.weightTensor()).data();
        MemorySegment codes = arena.allocate(QuantizedTensor.codeBytes(spec.format(), shape().elements()), 64);
        if (bits() > Byte.SIZE) {
            MemorySegment.copy(stored, 0, codes, 0, codes.byteSize());
        } else {
            BitRows.unpack(bits(), stored, shape().extent(0), shape().extent(1), codes);
        }
        if (isInPairs()) {
            SignedMagnitude.toComplement(bits(), codes);
        }
        return new HadronScales(this).unpack(codes, tensors);
    }

    Shape shape() {
        return format.shape();
    }

    boolean isInPairs() {
        return spec.format().equals(BlockFormat.MX6) || spec.format().equals(BlockFormat.MX9);
    }

    private int bits() {
        return spec.format().bits();
    }

    private MemorySegment packedCodes(QuantizedTensor weight, Arena arena) {
        boolean asTheyAre = bits() >= Byte.SIZE && !isInPairs();
        if (asTheyAre) {
            return weight.codes();
        }
        MemorySegment codes = weight.codes();
        if (isInPairs()) {
            codes = arena.allocate(codes.byteSize(), 64).copyFrom(codes);
            SignedMagnitude.ofComplement(bits(), codes);
        }
        MemorySegment packed = arena.allocate(codeShape().elements(), 64);
        BitRows.pack(bits(), codes, shape().extent(0), shape().extent(1), packed);
        return packed;
    }

    private Shape codeShape() {
        long columns = bits() >= Byte.SIZE ? shape().extent(1) : BitRows.bytes(bits(), shape().extent(1));
        return Shape.of(shape().extent(0), columns);
    }

    private static StorageType codeType(NumberFormat format) {
        if (format.equals(FloatFormat.E4M3)) {
            return StorageType.F8_E4M3;
        }
        if (format.equals(FloatFormat.E5M2)) {
            return StorageType.F8_E5M2;
        }
        return switch (format) {
            case IntFormat integer -> integer.bits() == Byte.SIZE && integer.signed() ? StorageType.I8 : StorageType.U8;
            case FloatFormat unused -> StorageType.U8;
            case HalfFormat half -> half.type().storage();
            case BlockFormat block -> codeType(block.element());
        };
    }

    /** What a stored row of that many elements holds in codes. */
    static long codesInRow(NumberFormat format, long extent) {
        return format.bits() >= Byte.SIZE ? extent : Math.multiplyExact(extent, Byte.SIZE) / format.bits();
    }
}
