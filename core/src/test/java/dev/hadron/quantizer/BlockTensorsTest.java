package dev.hadron.quantizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tensors in blocks, and those that are only cast: what is stored stands for what fake quantization gives. */
class BlockTensorsTest {
    private final RandomTensors tensors = new RandomTensors(7);

    static Stream<QuantizationSpec> specs() {
        Stream<QuantizationSpec> mx = Stream.of(
                        Dtype.FP8_E4M3, Dtype.FP8_E5M2, Dtype.FP6_E3M2, Dtype.FP6_E2M3, Dtype.FP4, Dtype.INT8)
                .flatMap(element -> Stream.of(MxScaleMode.values())
                        .map(mode -> blocks(Dtype.MX, 32)
                                .mxElementDtype(element)
                                .scaleCalculationMode(mode)
                                .build()));
        return Stream.concat(
                mx,
                Stream.of(
                        blocks(Dtype.MX6, 32).build(),
                        blocks(Dtype.MX9, 16).build(),
                        blocks(Dtype.BFP16, 8)
                                .observerCls(ObserverType.PER_BLOCK_BFP)
                                .build(),
                        blocks(Dtype.NVFP4, 16).build()));
    }

    static Stream<QuantizationSpec> withCasts() {
        return Stream.concat(specs(), Stream.of(cast(Dtype.FLOAT16), cast(Dtype.BFLOAT16)));
    }

    @ParameterizedTest
    @MethodSource("withCasts")
    void theStoredFormStandsForTheFakeQuantizedNumbers(QuantizationSpec spec) {
        for (StorageType type : new StorageType[] {StorageType.F32, StorageType.BF16, StorageType.F16}) {
            for (long columns : new long[] {64, 96, 77, 5}) {
                Tensor x = tensors.next(type, 9, columns);

                Tensor back = Dequantizer.dequantize(quantize(spec, x), Arena.ofAuto());

                Tensor expected = widened(x);
                FakeQuantizer.dynamic(spec, WorkingType.of(type)).apply(expected);
                assertClose(spec, back, expected, WorkingType.of(type), type + " " + x.shape());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("withCasts")
    void slicesOfRowsAreThoseOfTheWhole(QuantizationSpec spec) {
        Tensor x = tensors.next(StorageType.BF16, 12, 70);
        Tensor whole = Dequantizer.dequantize(quantize(spec, x), Arena.ofAuto());
        WeightQuantizer quantizer = WeightQuantizer.of(spec, x.type(), "x", Parallel.sequential());
        for (int pass = 0; pass < quantizer.passes(); pass++) {
            for (int row = 0; row < 12; row += 4) {
                quantizer.scan(pass, rows(x, row, 4));
            }
        }
        for (int row = 8; row >= 0; row -= 4) {
            QuantizedTensor slice = quantizer.quantize(rows(x, row, 4), Arena.ofAuto());

            assertThat(Dequantizer.dequantize(slice, Arena.ofAuto()).toFloats())
                    .isEqualTo(rows(whole, row, 4).toFloats());
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void blocksAlongAnotherAxisAreThoseOfTheTransposedTensor(QuantizationSpec spec) {
        Tensor x = tensors.next(StorageType.F32, 40, 6);

        Tensor columns =
                Dequantizer.dequantize(quantize(spec.toBuilder().chAxis(0).build(), x), Arena.ofAuto());

        Tensor rows = Dequantizer.dequantize(quantize(spec, transposed(x)), Arena.ofAuto());
        assertThat(transposed(columns).toFloats()).isEqualTo(rows.toFloats());
    }

    @ParameterizedTest
    @MethodSource("withCasts")
    void zerosStayZeros(QuantizationSpec spec) {
        Tensor x = Tensor.ofFloats(new float[96], 2, 48);

        assertThat(Dequantizer.dequantize(quantize(spec, x), Arena.ofAuto()).toFloats())
                .containsOnly(0f);
    }

    /** A pair of MX6 or MX9 may hold one step less than rounding asked for, see {@link dev.hadron.numerics.PairScale}. */
    private static void assertClose(
            QuantizationSpec spec, Tensor actual, Tensor expected, WorkingType type, String what) {
        boolean inPairs = spec.dtype() == Dtype.MX6 || spec.dtype() == Dtype.MX9;
        int bits = spec.dtype() == Dtype.MX6 ? 5 : 8;
        for (int i = 0; i < actual.elements(); i++) {
            float tolerance = inPairs ? Math.abs(expected.floatAt(i)) / (1 << (bits - 1)) : 0f;
            assertThat(Math.abs(type.round(actual.floatAt(i)) - type.round(expected.floatAt(i))))
                    .as("%s of %s, element %s: %s, not %s", spec, what, i, actual.floatAt(i), expected.floatAt(i))
                    .isLessThanOrEqualTo(tolerance);
        }
    }

    private static QuantizedTensor quantize(QuantizationSpec spec, Tensor x) {
        return TensorQuantizer.of(spec, Parallel.sequential()).quantize(x);
    }

    private static Tensor widened(Tensor x) {
        float[] values = new float[Math.toIntExact(x.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = RandomTensors.at(x, i);
        }
        return Tensor.ofFloats(values, x.shape().toArray());
    }

    private static Tensor rows(Tensor x, long from, long count) {
        long bytes = x.data().byteSize() / x.shape().extent(0);
        return new Tensor(
                x.type(), Shape.of(count, x.shape().extent(1)), x.data().asSlice(from * bytes, count * bytes));
    }

    private static Tensor transposed(Tensor x) {
        int rows = Math.toIntExact(x.shape().extent(0));
        int columns = Math.toIntExact(x.shape().extent(1));
        float[] turned = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = x.floatAt((long) row * columns + column);
            }
        }
        return Tensor.ofFloats(turned, columns, rows);
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
}
