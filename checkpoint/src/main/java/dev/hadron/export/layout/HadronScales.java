package dev.hadron.export.layout;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.ZeroPointType;
import dev.hadron.numerics.PairScale;
import dev.hadron.numerics.RunView;
import dev.hadron.packing.BitRows;
import dev.hadron.packing.PowerOfTwoBytes;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the codes of a weight share, in the {@code hadron} layout: scales, zero points, exponents, pair bits. */
record HadronScales(HadronWeight weight) {
    private static final String SCALE = "_scale";
    private static final String ZERO_POINT = "_zero_point";
    private static final String GLOBAL_SCALE = "_global_scale";
    private static final String EXPONENT = "_exponent";
    private static final String PAIR_BITS = "_pair_bits";

    List<TensorDeclaration> declare() {
        Shape scales = RunView.of(weight.shape(), weight.granularity()).scaleShape();
        List<TensorDeclaration> declared = new ArrayList<>();
        switch (weight.spec().format()) {
            case IntFormat integer -> {
                declared.add(tensor(SCALE, workingStorage(), scales));
                zeroPoints(integer, scales).ifPresent(declared::add);
            }
            case FloatFormat unused -> declared.add(tensor(SCALE, workingStorage(), scales));
            case HalfFormat unused -> {}
            case BlockFormat block ->
                declared.addAll(
                        switch (block.scale()) {
                            case E8M0 -> List.of(tensor(SCALE, StorageType.U8, scales));
                            case E4M3 ->
                                List.of(
                                        tensor(SCALE, StorageType.F8_E4M3, scales),
                                        tensor(GLOBAL_SCALE, StorageType.F32, Shape.of()));
                            case EXPONENT -> List.of(tensor(EXPONENT, StorageType.U8, scales));
                            case EXPONENT_AND_PAIR_BITS ->
                                List.of(
                                        tensor(EXPONENT, StorageType.U8, scales),
                                        tensor(
                                                PAIR_BITS,
                                                StorageType.U8,
                                                pairBits().shape()));
                        });
        }
        return declared;
    }

    Map<String, Tensor> pack(QuantizedTensor x) {
        Map<String, Tensor> packed = new LinkedHashMap<>();
        switch (weight.spec().format()) {
            case IntFormat integer -> {
                packed.put(name(SCALE), Narrow.floats(x.scale(), workingStorage()));
                zeroPoints(integer, x.scale().shape())
                        .ifPresent(declared -> packed.put(
                                declared.name(),
                                packZeroPoints(integer, x.zeroPoint().orElseThrow(), declared)));
            }
            case FloatFormat unused -> packed.put(name(SCALE), Narrow.floats(x.scale(), workingStorage()));
            case HalfFormat unused -> {}
            case BlockFormat block -> {
                switch (block.scale()) {
                    case E8M0 -> packed.put(name(SCALE), PowerOfTwoBytes.pack(x.scale(), 0));
                    case E4M3 -> {
                        packed.put(name(SCALE), Narrow.fp8(x.scale()));
                        packed.put(name(GLOBAL_SCALE), x.tensorScale().orElseThrow());
                    }
                    case EXPONENT -> packed.put(name(EXPONENT), PowerOfTwoBytes.pack(x.scale(), above(block)));
                    case EXPONENT_AND_PAIR_BITS -> {
                        Tensor blocks = pairBits().blockSteps(x.scale());
                        packed.put(name(EXPONENT), PowerOfTwoBytes.pack(blocks, above(block)));
                        packed.put(name(PAIR_BITS), pairBits().pack(x.scale(), blocks));
                    }
                }
            }
        }
        return packed;
    }

    QuantizedTensor unpack(MemorySegment codes, Function<String, Tensor> tensors) {
        Shape scales = RunView.of(weight.shape(), weight.granularity()).scaleShape();
        Granularity granularity = weight.granularity();
        Optional<Tensor> zeroPoint = Optional.empty();
        Optional<Tensor> tensorScale = Optional.empty();
        Tensor scale = Tensor.ofFloats(new float[0], 0);
        switch (weight.spec().format()) {
            case IntFormat integer -> {
                scale = reshaped(Narrow.widened(tensors.apply(name(SCALE))), scales);
                zeroPoint = Optional.of(zeroPoints(integer, scales)
                        .map(declared -> unpackZeroPoints(integer, tensors.apply(declared.name()), scales))
                        .orElseGet(() -> Tensor.ofInts(new int[Math.toIntExact(scales.elements())], scales.toArray())));
            }
            case FloatFormat unused -> scale = reshaped(Narrow.widened(tensors.apply(name(SCALE))), scales);
            case HalfFormat unused -> {}
            case BlockFormat block -> {
                switch (block.scale()) {
                    case E8M0 -> scale = PowerOfTwoBytes.unpack(tensors.apply(name(SCALE)), 0, scales);
                    case E4M3 -> {
                        scale = Narrow.ofFp8(tensors.apply(name(SCALE)));
                        tensorScale = Optional.of(reshaped(copied(tensors.apply(name(GLOBAL_SCALE))), Shape.of()));
                    }
                    case EXPONENT ->
                        scale = PowerOfTwoBytes.unpack(tensors.apply(name(EXPONENT)), above(block), scales);
                    case EXPONENT_AND_PAIR_BITS -> {
                        Tensor blocks = PowerOfTwoBytes.unpack(tensors.apply(name(EXPONENT)), above(block), scales);
                        scale = pairBits().unpack(tensors.apply(name(PAIR_BITS)), blocks);
                        granularity = new Granularity.PerGroup(1, PairScale.PAIR);
                    }
                }
            }
        }
        return new QuantizedTensor(
                weight.spec().format(),
                weight.shape(),
                granularity,
                codes,
                scale,
                zeroPoint,
                tensorScale,
                weight.format().workingType());
    }

    /** How far the exponent of a block's largest magnitude is above that of its step. */
    private static int above(BlockFormat block) {
        return block.bits() - 2;
    }

    private PairBits pairBits() {
        long block = ((Granularity.PerGroup) weight.granularity()).size();
        return new PairBits(weight.shape(), block);
    }

    private StorageType workingStorage() {
        return weight.format().workingType().storage();
    }

    private Optional<TensorDeclaration> zeroPoints(IntFormat integer, Shape scales) {
        if (Boolean.TRUE.equals(weight.spec().symmetric())) {
            return Optional.empty();
        }
        if (weight.spec().zeroPointType() == ZeroPointType.FLOAT32) {
            return Optional.of(tensor(ZERO_POINT, StorageType.F32, scales));
        }
        boolean packed = isPacked(integer, scales);
        Shape shape = packed ? Shape.of(scales.extent(0), BitRows.bytes(integer.bits(), scales.extent(1))) : scales;
        return Optional.of(tensor(ZERO_POINT, integer.signed() && !packed ? StorageType.I8 : StorageType.U8, shape));
    }

    private static boolean isPacked(IntFormat integer, Shape scales) {
        return scales.rank() == 2 && integer.bits() < Byte.SIZE;
    }

    private static Tensor packZeroPoints(IntFormat integer, Tensor zeros, TensorDeclaration declared) {
        if (declared.type() == StorageType.F32) {
            return zeros;
        }
        Tensor bytes = Narrow.bytes(zeros, StorageType.U8);
        if (!isPacked(integer, zeros.shape())) {
            return new Tensor(declared.type(), declared.shape(), bytes.data());
        }
        MemorySegment packed =
                MemorySegment.ofArray(new byte[Math.toIntExact(declared.shape().elements())]);
        ZeroPointRows.pack(integer.bits(), bytes.data(), zeros.shape(), packed);
        return new Tensor(StorageType.U8, declared.shape(), packed);
    }

    private static Tensor unpackZeroPoints(IntFormat integer, Tensor stored, Shape scales) {
        if (stored.type() == StorageType.F32) {
            return reshaped(copied(stored), scales);
        }
        int[] zeros = new int[Math.toIntExact(scales.elements())];
        MemorySegment codes = stored.data();
        if (isPacked(integer, scales)) {
            codes = MemorySegment.ofArray(new byte[zeros.length]);
            ZeroPointRows.unpack(integer.bits(), stored.data(), scales, codes);
        }
        for (int i = 0; i < zeros.length; i++) {
            zeros[i] = integer.value(codes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i));
        }
        return Tensor.ofInts(zeros, scales.toArray());
    }

    private static Tensor copied(Tensor x) {
        return Tensor.ofFloats(x.toFloats(), x.shape().toArray());
    }

    /** One scale may be stored as {@code []} or {@code [1]}. */
    private static Tensor reshaped(Tensor x, Shape shape) {
        return new Tensor(x.type(), shape, x.data());
    }

    private String name(String suffix) {
        return weight.format().weightTensor() + suffix;
    }

    private TensorDeclaration tensor(String suffix, StorageType type, Shape shape) {
        return new TensorDeclaration(name(suffix), type, shape);
    }
}
