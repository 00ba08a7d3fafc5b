package dev.hadron.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statistics of slices against those of one element after the other. */
class ErrorMeterTest {
    private static final StorageType[] TYPES = {StorageType.F32, StorageType.BF16, StorageType.F16};

    private final RandomTensors random = new RandomTensors(99);

    @ParameterizedTest
    @EnumSource(Dtype.class)
    void everyTypeIsComparedAsItIsDecoded(Dtype dtype) {
        for (StorageType type : TYPES) {
            for (int columns : new int[] {16, 48, 80, 4_112}) {
                for (QuantizationSpec spec : specs(dtype, columns)) {
                    check(spec, random.next(type, 3, columns));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 12})
    void slicesAddUpToTheWhole(int columns) {
        QuantizationSpec spec = group(Dtype.UINT4, 4);
        Tensor x = random.next(StorageType.BF16, 40, columns);
        QuantizedTensor q = quantize(spec, x);
        ErrorMeter whole = new ErrorMeter(40, columns);
        whole.add(x, q, 0);
        ErrorMeter halves = new ErrorMeter(40, columns);
        for (int half = 1; half >= 0; half--) {
            long bytes = x.data().byteSize() / 2;
            Tensor part = new Tensor(x.type(), Shape.of(20, columns), x.data().asSlice(half * bytes, bytes));
            halves.add(part, quantize(spec, part), 20L * half);
        }

        ErrorStatistics expected = whole.statistics();
        ErrorStatistics found = halves.statistics();
        assertThat(found.signalToNoise()).isCloseTo(expected.signalToNoise(), within(1e-9));
        assertThat(List.of(found.zeros(), found.clipped(), found.largestError(), found.elements()))
                .isEqualTo(List.of(expected.zeros(), expected.clipped(), expected.largestError(), expected.elements()));
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 10})
    void whatBecameZeroIsTold(int columns) {
        float[] values = new float[4 * columns];
        // Row 0 is zero before; row 1 is lost whole; of row 2 the scale is that of the tensor; row 3 sets it.
        Arrays.fill(values, columns, 2 * columns, 1e-6f);
        values[2 * columns] = 0.5f;
        Arrays.fill(values, 3 * columns, 4 * columns, 1f);
        Tensor x = Tensor.ofFloats(values, 4, columns);
        ErrorMeter meter = new ErrorMeter(4, columns);
        meter.add(x, quantize(tensor(Dtype.INT8), x), 0);

        ErrorStatistics statistics = meter.statistics();
        assertThat(statistics.deadChannels()).isEqualTo(1);
        assertThat(statistics.zeros()).isEqualTo(3L * columns - 1);
        assertThat(statistics.vanished()).isZero();
    }

    private void check(QuantizationSpec spec, Tensor x) {
        QuantizedTensor q = quantize(spec, x);
        int rows = (int) x.shape().extent(0);
        int columns = (int) x.shape().extent(1);
        ErrorMeter meter = new ErrorMeter(rows, columns);
        meter.add(x, q, 0);
        ErrorStatistics found = meter.statistics();

        double signal = 0;
        double noise = 0;
        float largest = 0;
        long zeros = 0;
        try (Arena arena = Arena.ofConfined()) {
            Tensor y = Dequantizer.dequantize(q, arena);
            for (long i = 0; i < x.elements(); i++) {
                float number = RandomTensors.at(x, i);
                float difference = number - y.floatAt(i);
                signal += (double) number * number;
                noise += (double) difference * difference;
                largest = Math.max(largest, Math.abs(difference));
                zeros += y.floatAt(i) == 0 ? 1 : 0;
            }
        }
        assertThat(found.elements()).isEqualTo(x.elements());
        assertThat(found.signal()).as(spec + " " + x.type()).isCloseTo(signal, within(1e-6 * signal));
        assertThat(found.noise()).as(spec + " " + x.type()).isCloseTo(noise, within(1e-6 * signal));
        assertThat(found.largestError()).as(spec + " " + x.type()).isEqualTo(largest);
        assertThat(found.zeros()).as(spec + " " + x.type()).isEqualTo(zeros);
        assertThat(found.clippedShare()).as(spec + " " + x.type()).isLessThan(0.2);
    }

    private static QuantizedTensor quantize(QuantizationSpec spec, Tensor x) {
        return TensorQuantizer.of(spec, Parallel.sequential()).quantize(x);
    }

    private static List<QuantizationSpec> specs(Dtype dtype, int columns) {
        return switch (dtype) {
            case FLOAT16, BFLOAT16 ->
                List.of(QuantizationSpec.builder(dtype)
                        .observerCls(ObserverType.PLACEHOLDER)
                        .build());
            case FP4, FP6_E2M3, FP6_E3M2 ->
                List.of(blocks(Dtype.MX, ObserverType.PER_BLOCK_MX)
                        .mxElementDtype(dtype)
                        .build());
            case MX ->
                List.of(blocks(dtype, ObserverType.PER_BLOCK_MX)
                        .mxElementDtype(Dtype.FP8_E4M3)
                        .build());
            case MX6, MX9, NVFP4 ->
                List.of(blocks(dtype, ObserverType.PER_BLOCK_MX).build());
            case BFP16 -> List.of(blocks(dtype, ObserverType.PER_BLOCK_BFP).build());
            default -> List.of(tensor(dtype), channel(dtype), group(dtype, columns == 4_112 ? 2_056 : 8));
        };
    }

    private static QuantizationSpec.Builder blocks(Dtype dtype, ObserverType observer) {
        return QuantizationSpec.builder(dtype)
                .observerCls(observer)
                .qscheme(QSchemeType.PER_GROUP)
                .isDynamic(true)
                .chAxis(-1)
                .groupSize(dtype == Dtype.BFP16 ? 8 : 16);
    }

    private static QuantizationSpec tensor(Dtype dtype) {
        return spec(dtype)
                .qscheme(QSchemeType.PER_TENSOR)
                .observerCls(ObserverType.PER_TENSOR_MIN_MAX)
                .build();
    }

    private static QuantizationSpec channel(Dtype dtype) {
        return spec(dtype)
                .qscheme(QSchemeType.PER_CHANNEL)
                .observerCls(ObserverType.PER_CHANNEL_MIN_MAX)
                .chAxis(0)
                .build();
    }

    private static QuantizationSpec group(Dtype dtype, int size) {
        return spec(dtype)
                .qscheme(QSchemeType.PER_GROUP)
                .observerCls(ObserverType.PER_GROUP_MIN_MAX)
                .chAxis(1)
                .groupSize(size)
                .build();
    }

    private static QuantizationSpec.Builder spec(Dtype dtype) {
        return QuantizationSpec.builder(dtype)
                .isDynamic(false)
                .symmetric(!dtype.name().startsWith("UINT"))
                .roundMethod(RoundType.HALF_EVEN)
                .scaleType(ScaleType.FLOAT);
    }
}
