package dev.hadron.export.layout;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.RunView;
import dev.hadron.observer.Observers;
import dev.hadron.packing.BitRows;
import dev.hadron.packing.PowerOfTwoBytes;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** MXFP4 and MXFP6 weights in the {@code quark} layout: elements without gaps and a byte of E8M0 a block, both U8. */
final class QuarkMx {
    private static final String SCALE = "_scale";

    private QuarkMx() {}

    static List<TensorDeclaration> declare(LayerFormat format, BlockFormat block) {
        Granularity granularity = granularity(format, block);
        Shape shape = format.shape();
        if (shape.extent(1) * block.bits() % Byte.SIZE != 0) {
            throw QuarkPlacement.unsupported(
                    format,
                    block.bits() + "-bit elements in rows of " + shape.extent(1),
                    "rows whose elements fill whole bytes");
        }
        String name = format.weightTensor();
        return List.of(
                new TensorDeclaration(
                        name, StorageType.U8, Shape.of(shape.extent(0), BitRows.bytes(block.bits(), shape.extent(1)))),
                new TensorDeclaration(
                        name + SCALE,
                        StorageType.U8,
                        RunView.of(shape, granularity).scaleShape()));
    }

    static Map<String, Tensor> pack(LayerFormat format, BlockFormat block, QuantizedTensor weight, Arena arena) {
        TensorDeclaration codes = declare(format, block).getFirst();
        Tensor packed = Tensor.allocate(arena, codes.type(), codes.shape());
        Shape shape = format.shape();
        BitRows.pack(block.bits(), weight.codes(), shape.extent(0), shape.extent(1), packed.data());
        Map<String, Tensor> named = new LinkedHashMap<>();
        named.put(codes.name(), packed);
        named.put(codes.name() + SCALE, PowerOfTwoBytes.pack(weight.scale(), 0));
        return named;
    }

    static QuantizedTensor unpack(
            LayerFormat format, BlockFormat block, Function<String, Tensor> tensors, Arena arena) {
        Shape shape = format.shape();
        Granularity granularity = granularity(format, block);
        String name = format.weightTensor();
        MemorySegment codes = arena.allocate(QuantizedTensor.codeBytes(block, shape.elements()), 64);
        BitRows.unpack(block.bits(), tensors.apply(name).data(), shape.extent(0), shape.extent(1), codes);
        Tensor scale = PowerOfTwoBytes.unpack(
                tensors.apply(name + SCALE), 0, RunView.of(shape, granularity).scaleShape());
        return new QuantizedTensor(
                block, shape, granularity, codes, scale, Optional.empty(), Optional.empty(), format.workingType());
    }

    private static Granularity granularity(LayerFormat format, BlockFormat block) {
        boolean isElement = block.equals(BlockFormat.mx(FloatFormat.E2M1))
                || block.equals(BlockFormat.mx(FloatFormat.E3M2))
                || block.equals(BlockFormat.mx(FloatFormat.E2M3));
        Granularity granularity = Observers.granularity(format.weight().orElseThrow(), format.shape());
        boolean alongRows = granularity instanceof Granularity.PerGroup(int axis, long unusedSize) && axis == 1;
        if (!isElement || !alongRows || format.shape().rank() != 2) {
            throw QuarkPlacement.unsupported(
                    format,
                    format.weight().orElseThrow().dtype().wireName() + " weights of this kind",
                    "MXFP4 and MXFP6 in blocks along the last axis");
        }
        return granularity;
    }
}
