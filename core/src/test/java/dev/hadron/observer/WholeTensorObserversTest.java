package dev.hadron.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hadron.config.ObserverType;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every observer of a whole tensor. */
class WholeTensorObserversTest {
    private static List<QuantizationSpec> specs() {
        List<QuantizationSpec> specs = new ArrayList<>();
        for (Dtype dtype : EnumSet.range(Dtype.INT8, Dtype.FP8_E5M2)) {
            for (ObserverType type : EnumSet.complementOf(EnumSet.of(ObserverType.PLACEHOLDER, ObserverType.TQT))) {
                if (type.qscheme() == QSchemeType.PER_TENSOR) {
                    specs.add(spec(dtype, type, true));
                    specs.add(spec(dtype, type, false));
                }
            }
        }
        return specs;
    }

    @ParameterizedTest
    @MethodSource("specs")
    void zerosHaveTheSmallestIntegerScaleOrTheFloatScaleOne(QuantizationSpec spec) {
        QuantizationParameters parameters = parameters(spec, new float[50], new float[3]);

        assertThat(parameters.scale()).containsExactly(spec.dtype().name().contains("INT") ? 0x1p-23f : 1f);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void whatIsntFiniteIsRefused(QuantizationSpec spec) {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> parameters(spec, new float[] {1, 2}, new float[] {3, value, 4}))
                    .isInstanceOf(InvalidInputException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void nothingObservedHasNoParametersAndAnEmptyBatchIsNothing(QuantizationSpec spec) {
        assertThatThrownBy(() -> parameters(spec)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> parameters(spec, new float[0])).isInstanceOf(IllegalStateException.class);
        assertThat(parameters(spec, new float[] {1, -2}, new float[0]).scale())
                .isEqualTo(parameters(spec, new float[] {1, -2}).scale());
    }

    @ParameterizedTest
    @MethodSource("specs")
    void equalValuesHaveTheScaleOfThatValue(QuantizationSpec spec) {
        float[] values = new float[100];
        Arrays.fill(values, 0.75f);

        float scale = parameters(spec, values).scale()[0];

        QuantizationSpec minMax =
                spec(spec.dtype(), ObserverType.PER_TENSOR_MIN_MAX, Boolean.TRUE.equals(spec.symmetric()));
        assertThat(scale).isCloseTo(parameters(minMax, values).scale()[0], withinPercentage(0.5));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void theScaleIsPositiveFiniteAndAtMostThatOfTheWholeRange(QuantizationSpec spec) {
        boolean symmetric = Boolean.TRUE.equals(spec.symmetric());
        QuantizationSpec minMax = spec(spec.dtype(), ObserverType.PER_TENSOR_MIN_MAX, symmetric);
        for (float[][] batches : hardBatches()) {
            float scale = parameters(spec, batches).scale()[0];
            float whole = parameters(minMax, batches).scale()[0];

            assertThat(scale).isPositive().isFinite();
            // The last bin may end behind the largest value: by its own width, which grows where bins merge.
            assertThat(scale).isLessThanOrEqualTo(Math.max(whole * 1.05f, Float.MIN_NORMAL));
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void theSameBatchesGiveTheSameBits(QuantizationSpec spec) {
        float[] first = gauss(1, 3000, 1);
        float[] second = gauss(2, 3000, 3);

        QuantizationParameters once = parameters(spec, first, second);
        QuantizationParameters again = parameters(spec, first, second);

        assertThat(again.scale()).isEqualTo(once.scale());
        assertThat(again.zeroPoint()).isEqualTo(once.zeroPoint());
    }

    /** First batches that later ones dwarf, values that float32 can't tell apart, and values near its ends. */
    private static List<float[][]> hardBatches() {
        return List.of(
                new float[][] {gauss(1, 100, 1e-9f), gauss(2, 100, 1e9f)},
                new float[][] {gauss(1, 100, 1), gauss(2, 100, 30), {-1000}, {5000}},
                new float[][] {{0.5f, 0.5f}, gauss(3, 100, 4)},
                new float[][] {{0}, {0, 0}, gauss(3, 100, 4)},
                new float[][] {{1e6f, 1e6f + 0.0625f}, {1e6f + 8, -3}},
                new float[][] {{-1, -2, -3}, {-7, -0.5f}, gauss(4, 100, 3)},
                new float[][] {{-5, -6}, {-4}},
                new float[][] {{Float.MAX_VALUE, -Float.MAX_VALUE, 1}, {2}},
                new float[][] {{Float.MIN_VALUE, -Float.MIN_VALUE}, {1e-40f}},
                new float[][] {{3}, {4}, {5}});
    }

    private static float[] gauss(long seed, int count, float deviation) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian(0, deviation);
        }
        return values;
    }

    private static QuantizationParameters parameters(QuantizationSpec spec, float[]... batches) {
        Observer observer = Observers.of(spec, WorkingType.FLOAT32);
        for (float[] batch : batches) {
            observer.observe(Tensor.ofFloats(batch, batch.length));
        }
        return observer.parameters();
    }

    private static QuantizationSpec spec(Dtype dtype, ObserverType type, boolean symmetric) {
        return QuantizationSpec.builder(dtype)
                .qscheme(QSchemeType.PER_TENSOR)
                .observerCls(type)
                .isDynamic(false)
                .symmetric(symmetric)
                .roundMethod(RoundType.HALF_EVEN)
                .scaleType(ScaleType.FLOAT)
                .build();
    }
}
