package dev.hadron.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.config.FP8E4M3PerTensorSpec;
import dev.hadron.config.ObserverMethod;
import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.ConfigException;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Parallel;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RunsByDefinition;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.observer.Observers;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorQuantizerTest {
    /** More than a thread takes at once. */
    private static final int LARGE = (1 << 16) + 3;

    private static final List<long[]> SHAPES =
            List.of(new long[] {7}, new long[] {3, 5}, new long[] {4, 6}, new long[] {5, 1}, new long[] {2, 3, 4});

    private final RandomTensors tensors = new RandomTensors(5);

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16", "FP6_E3M2", "FP6_E2M3", "FP4", "MX", "MX6", "MX9", "BFP16", "NVFP4"})
    void everyElementHasTheCodeOfTheDefinition(Dtype dtype) {
        for (StorageType type : List.of(StorageType.F32, StorageType.BF16, StorageType.F16)) {
            for (long[] shape : SHAPES) {
                Tensor x = tensors.next(type, shape);
                check(perTensor(dtype).build(), x);
                for (int axis = -shape.length; axis < shape.length; axis++) {
                    check(perChannel(dtype, axis).build(), x);
                    long extent = x.shape().extent(x.shape().axis(axis));
                    for (int size = -1; size <= extent; size++) {
                        if (size != 0 && extent % size == 0) {
                            check(perGroup(dtype, axis, size).build(), x);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16", "FP6_E3M2", "FP6_E2M3", "FP4", "MX", "MX6", "MX9", "BFP16", "NVFP4"})
    void tensorsLargerThanAChunkAreNoDifferent(Dtype dtype) {
        for (StorageType type : List.of(StorageType.F32, StorageType.BF16)) {
            Tensor whole = tensors.next(type, LARGE);
            check(perTensor(dtype).build(), whole);
            Tensor rows = tensors.next(type, 3, LARGE);
            check(perChannel(dtype, 0).build(), rows);
            Tensor even = tensors.next(type, 300, 512);
            check(perGroup(dtype, -1, 128).build(), even);
            check(perGroup(dtype, 0, 100).build(), even);
        }
    }

    @ParameterizedTest
    @EnumSource
    void otherScalesZeroPointsAndRoundingsFollowTheDefinitionToo(RoundType rounding) {
        for (Dtype dtype : List.of(Dtype.INT8, Dtype.UINT8, Dtype.INT4, Dtype.UINT4)) {
            for (ScaleType scaleType : ScaleType.values()) {
                QuantizationSpec spec = perGroup(dtype, 1, 3)
                        .symmetric(false)
                        .roundMethod(rounding)
                        .scaleType(scaleType)
                        .build();
                check(spec, tensors.next(StorageType.F16, 5, 6));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalThreadsComputeTheSame(QSchemeType scheme) {
        Tensor x = tensors.next(StorageType.BF16, 64, 4096);
        for (Dtype dtype : EnumSet.range(Dtype.INT8, Dtype.FP8_E5M2)) {
            QuantizationSpec spec = switch (scheme) {
                case PER_TENSOR -> perTensor(dtype).build();
                case PER_CHANNEL -> perChannel(dtype, 0).build();
                case PER_GROUP -> perGroup(dtype, -1, 64).build();
            };
            QuantizedTensor alone = quantize(spec, x);
            try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
                QuantizedTensor together =
                        TensorQuantizer.of(spec, Parallel.of(executor, 4)).quantize(x);

                assertThat(together.codes().mismatch(alone.codes())).isEqualTo(-1);
                assertThat(together.scale().toFloats()).isEqualTo(alone.scale().toFloats());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void whatIsntFiniteIsRefusedWithTheTensorsName(float value) {
        for (QuantizationSpec spec : List.of(
                perTensor(Dtype.INT8).build(),
                perTensor(Dtype.INT8).observerCls(ObserverType.PER_TENSOR_MSE).build(),
                perChannel(Dtype.INT8, 0).build(),
                perChannel(Dtype.UINT4, 1).build(),
                perGroup(Dtype.UINT4, -1, 2).build())) {
            float[] values = new float[24];
            values[17] = value;
            Tensor x = RandomTensors.of(StorageType.BF16, values, 4, 6);

            assertThatThrownBy(() -> TensorQuantizer.of(spec, Parallel.sequential())
                            .quantize(x, "layers.3.weight", Arena.ofAuto()))
                    .as(spec.toString())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("layers.3.weight holds NaN or infinity");
        }
    }

    @Test
    void aGroupThatDoesntDivideItsAxisIsRefusedWithBothNumbers() {
        QuantizationSpec spec = perGroup(Dtype.UINT4, -1, 4).build();

        assertThatThrownBy(() -> quantize(spec, tensors.next(StorageType.F32, 3, 6)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("group_size 4")
                .hasMessageContaining("6 elements of axis 1");
    }

    @Test
    void anAxisThatTheTensorDoesntHaveIsRefused() {
        QuantizationSpec spec = perChannel(Dtype.INT8, 2).build();

        assertThatThrownBy(() -> quantize(spec, tensors.next(StorageType.F32, 3, 6)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ch_axis 2")
                .hasMessageContaining("[3, 6]");
    }

    @Test
    void aTensorWithoutElementsIsRefusedWithItsName() {
        for (QuantizationSpec spec : List.of(
                perTensor(Dtype.INT8).build(),
                perChannel(Dtype.INT8, 0).build(),
                perGroup(Dtype.INT8, 1, -1).build())) {
            assertThatThrownBy(() -> TensorQuantizer.of(spec, Parallel.sequential())
                            .quantize(tensors.next(StorageType.F32, 4, 0), "empty.weight", Arena.ofAuto()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("empty.weight")
                    .hasMessageContaining("no elements");
        }
    }

    @Test
    void aNamedSpecificationQuantizesByItself() {
        QuantizedTensor quantized = TensorQuantizer.of(FP8E4M3PerTensorSpec.builder()
                        .observerMethod(ObserverMethod.MIN_MAX)
                        .isDynamic(false)
                        .build())
                .quantize(Tensor.ofFloats(new float[] {448, -1, 0.5f}, 3));

        assertThat(quantized.scale().toFloats()).containsExactly(1f);
        assertThat(quantized.zeroPoint()).isEmpty();
        assertThat(quantized.codes().toArray(ValueLayout.JAVA_BYTE))
                .containsExactly((byte) 0x7E, (byte) 0xB8, (byte) 0x30);
    }

    private static void check(QuantizationSpec spec, Tensor x) {
        QuantizedTensor quantized = quantize(spec, x);
        int[] positions = RunsByDefinition.positions(x.shape(), Observers.granularity(spec, x.shape()));
        int runs = Math.toIntExact(quantized.scale().elements());
        int length = positions.length / runs;
        WorkingType workingType = WorkingType.of(x.type());
        ScaleFormula formula = Observers.rangeScale(spec, workingType);
        byte[] codes = new byte[positions.length];
        for (int run = 0; run < runs; run++) {
            Range range = Range.EMPTY;
            for (int i = 0; i < length; i++) {
                float value = RandomTensors.at(x, positions[run * length + i]);
                range = range.union(new Range(value, value));
            }
            ScaleFormula.Parameters parameters = formula.parameters(range);
            ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
            for (int i = 0; i < length; i++) {
                int position = positions[run * length + i];
                codes[position] = quantizer.storedCode(RandomTensors.at(x, position));
            }
            assertThat(quantized.scale().floatAt(run)).as("scale %s", run).isEqualTo(parameters.scale());
            if (spec.format() instanceof IntFormat) {
                assertThat(quantized.zeroPoint().orElseThrow().intAt(run)).isEqualTo((int) parameters.zeroPoint());
            }
        }
        assertThat(quantized.codes().toArray(ValueLayout.JAVA_BYTE))
                .as("%s of %s %s", spec, x.type(), x.shape())
                .containsExactly(packed(spec.dtype(), codes));
        assertThat(quantized.workingType()).isEqualTo(workingType);
        assertThat(quantized.shape()).isEqualTo(x.shape());
    }

    private static byte[] packed(Dtype dtype, byte[] codes) {
        if (dtype.bits() != 4) {
            return codes;
        }
        byte[] packed = new byte[(codes.length + 1) / 2];
        for (int i = 0; i < codes.length; i++) {
            packed[i / 2] |= (byte) ((codes[i] & 0xF) << (4 * (i % 2)));
        }
        return packed;
    }

    private static QuantizedTensor quantize(QuantizationSpec spec, Tensor x) {
        return TensorQuantizer.of(spec, Parallel.sequential()).quantize(x);
    }

    private static QuantizationSpec.Builder perTensor(Dtype dtype) {
        return spec(dtype).qscheme(QSchemeType.PER_TENSOR).observerCls(ObserverType.PER_TENSOR_MIN_MAX);
    }

    private static QuantizationSpec.Builder perChannel(Dtype dtype, int axis) {
        return spec(dtype)
                .qscheme(QSchemeType.PER_CHANNEL)
                .observerCls(ObserverType.PER_CHANNEL_MIN_MAX)
                .chAxis(axis);
    }

    private static QuantizationSpec.Builder perGroup(Dtype dtype, int axis, int size) {
        return spec(dtype)
                .qscheme(QSchemeType.PER_GROUP)
                .observerCls(ObserverType.PER_GROUP_MIN_MAX)
                .chAxis(axis)
                .groupSize(size);
    }

    private static QuantizationSpec.Builder spec(Dtype dtype) {
        return QuantizationSpec.builder(dtype)
                .isDynamic(false)
                .symmetric(dtype != Dtype.UINT8 && dtype != Dtype.UINT4)
                .roundMethod(RoundType.HALF_EVEN)
                .scaleType(ScaleType.FLOAT);
    }
}
