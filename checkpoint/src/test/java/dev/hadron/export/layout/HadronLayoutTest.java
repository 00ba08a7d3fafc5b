package dev.hadron.export.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.config.LayerType;
import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.dtype.ZeroPointType;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.numerics.Parallel;
import dev.hadron.quantizer.Dequantizer;
import dev.hadron.quantizer.TensorQuantizer;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HadronLayoutTest {
    private final HadronLayout layout = new HadronLayout();

    static Stream<QuantizationSpec> specs() {
        List<QuantizationSpec> specs = new ArrayList<>();
        for (Dtype dtype : EnumSet.range(Dtype.INT8, Dtype.FP8_E5M2)) {
            for (boolean symmetric : new boolean[] {true, false}) {
                specs.add(ranged(dtype, QSchemeType.PER_TENSOR, symmetric).build());
                specs.add(ranged(dtype, QSchemeType.PER_CHANNEL, symmetric)
                        .chAxis(0)
                        .build());
                specs.add(ranged(dtype, QSchemeType.PER_GROUP, symmetric)
                        .chAxis(-1)
                        .groupSize(16)
                        .build());
                specs.add(ranged(dtype, QSchemeType.PER_GROUP, symmetric)
                        .chAxis(1)
                        .groupSize(-1)
                        .build());
            }
        }
        specs.add(ranged(Dtype.UINT4, QSchemeType.PER_CHANNEL, false)
                .chAxis(0)
                .zeroPointType(ZeroPointType.FLOAT32)
                .build());
        for (Dtype element :
                List.of(Dtype.FP8_E4M3, Dtype.FP8_E5M2, Dtype.FP6_E3M2, Dtype.FP6_E2M3, Dtype.FP4, Dtype.INT8)) {
            specs.add(blocks(Dtype.MX, 32).mxElementDtype(element).build());
        }
        specs.add(blocks(Dtype.MX6, 32).build());
        specs.add(blocks(Dtype.MX9, 16).build());
        specs.add(blocks(Dtype.BFP16, 8).observerCls(ObserverType.PER_BLOCK_BFP).build());
        specs.add(blocks(Dtype.NVFP4, 16).build());
        specs.add(cast(Dtype.FLOAT16));
        specs.add(cast(Dtype.BFLOAT16));
        return specs.stream();
    }

    @ParameterizedTest
    @MethodSource("specs")
    void unpackingIsTheInverseOfPacking(QuantizationSpec spec) {
        for (Shape shape : List.of(Shape.of(24, 64), Shape.of(3, 48), Shape.of(1, 16), Shape.of(5, 80))) {
            try (Arena arena = Arena.ofConfined()) {
                LayerFormat format = format(spec, shape);
                QuantizedTensor weight =
                        TensorQuantizer.of(spec, Parallel.sequential()).quantize(random(arena, shape), "x", arena);

                Map<String, Tensor> packed = layout.packWeight(format, weight, arena);

                assertThat(packed.entrySet().stream()
                                .map(t -> t.getKey()
                                        + t.getValue().type()
                                        + t.getValue().shape())
                                .toList())
                        .isEqualTo(layout.declare(format).stream()
                                .map(t -> t.name() + t.type() + t.shape())
                                .toList());
                QuantizedTensor back = layout.unpackWeight(format, packed::get, arena);
                assertThat(back.codes().mismatch(weight.codes())).isEqualTo(-1);
                assertThat(back.scale().toFloats()).isEqualTo(weight.scale().toFloats());
                assertThat(Dequantizer.dequantize(back, arena).toFloats())
                        .isEqualTo(Dequantizer.dequantize(weight, arena).toFloats());
            }
        }
    }

    /** Bits per weight of a layer of 1024 by 1024, scales and all. */
    @ParameterizedTest
    @CsvSource({
        "MX, FP4, 32, 4.25",
        "MX, FP6_E2M3, 32, 6.25",
        "MX, FP8_E4M3, 32, 8.25",
        "MX, INT8, 32, 8.25",
        "MX6, , 32, 5.75",
        "MX6, , 16, 6.0",
        "MX9, , 32, 8.75",
        "MX9, , 16, 9.0",
        "BFP16, , 8, 9.0",
        "NVFP4, , 16, 4.500030517578125"
    })
    void theSizeIsWhatTheTypePromises(
            Dtype dtype, @org.jspecify.annotations.Nullable Dtype element, int block, double bits) {
        QuantizationSpec spec = blocks(dtype, block).mxElementDtype(element).build();

        long bytes = layout.declare(format(spec, Shape.of(1024, 1024))).stream()
                .mapToLong(TensorDeclaration::byteSize)
                .sum();

        assertThat(bytes * 8.0 / (1024 * 1024)).isEqualTo(bits);
    }

    @Test
    void smallIntegersTakeTheirBitsAndAScaleAGroup() {
        QuantizationSpec symmetric = ranged(Dtype.INT3, QSchemeType.PER_GROUP, true)
                .chAxis(-1)
                .groupSize(128)
                .build();
        QuantizationSpec asymmetric = symmetric.toBuilder().symmetric(false).build();

        assertThat(bits(symmetric)).isEqualTo(3 + 32 / 128.0);
        assertThat(bits(asymmetric)).isEqualTo(3 + 32 / 128.0 + 3 / 128.0);
    }

    @Test
    void rowsThatDoNotFillBytesAreRefusedByLayer() {
        QuantizationSpec spec =
                ranged(Dtype.INT3, QSchemeType.PER_CHANNEL, true).chAxis(0).build();

        assertThatThrownBy(() -> layout.declare(format(spec, Shape.of(8, 20))))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("model.x")
                .hasMessageContaining("3-bit codes in rows of 20");
    }

    @Test
    void otherAxesAreRefusedByLayer() {
        for (QuantizationSpec spec : List.of(
                ranged(Dtype.INT8, QSchemeType.PER_CHANNEL, true).chAxis(1).build(),
                blocks(Dtype.MX6, 32).chAxis(0).build())) {
            assertThatThrownBy(() -> layout.declare(format(spec, Shape.of(64, 64))))
                    .isInstanceOf(UnsupportedQuantizationException.class)
                    .hasMessageContaining("model.x");
        }
    }

    private double bits(QuantizationSpec spec) {
        long bytes = layout.declare(format(spec, Shape.of(1024, 1024))).stream()
                .mapToLong(TensorDeclaration::byteSize)
                .sum();
        return bytes * 8.0 / (1024 * 1024);
    }

    private static LayerFormat format(QuantizationSpec spec, Shape shape) {
        return new LayerFormat(
                "model.x",
                LayerType.LINEAR,
                shape,
                WorkingType.FLOAT32,
                Optional.of(spec),
                Optional.empty(),
                Optional.empty());
    }

    private static QuantizationSpec.Builder ranged(Dtype dtype, QSchemeType scheme, boolean symmetric) {
        return QuantizationSpec.builder(dtype)
                .qscheme(scheme)
                .observerCls(
                        switch (scheme) {
                            case PER_TENSOR -> ObserverType.PER_TENSOR_MIN_MAX;
                            case PER_CHANNEL -> ObserverType.PER_CHANNEL_MIN_MAX;
                            case PER_GROUP -> ObserverType.PER_GROUP_MIN_MAX;
                        })
                .symmetric(symmetric)
                .roundMethod(RoundType.HALF_EVEN)
                .scaleType(ScaleType.FLOAT)
                .isDynamic(false);
    }

    private static QuantizationSpec.Builder blocks(Dtype dtype, int size) {
        return QuantizationSpec.builder(dtype)
                .observerCls(ObserverType.PER_BLOCK_MX)
                .qscheme(QSchemeType.PER_GROUP)
                .isDynamic(true)
                .chAxis(-1)
                .groupSize(size);
    }

    private static QuantizationSpec cast(Dtype dtype) {
        return QuantizationSpec.builder(dtype)
                .observerCls(ObserverType.PLACEHOLDER)
                .build();
    }

    private static Tensor random(Arena arena, Shape shape) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        Tensor x = Tensor.allocate(arena, StorageType.F32, shape);
        for (long i = 0; i < x.elements(); i++) {
            x.data().set(Tensor.FLOAT, i * Float.BYTES, (float) random.nextGaussian());
        }
        return x;
    }
}
