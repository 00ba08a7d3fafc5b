package dev.hadron.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpecRulesTest {
    @ParameterizedTest
    @EnumSource
    void everyDataTypeGoesWithEveryScheme(Dtype dtype) {
        for (QSchemeType scheme : QSchemeType.values()) {
            assertThatCode(() -> SpecRules.check(complete(dtype, scheme).build(), "weight"))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void aFieldThatIsntSetIsNamed() {
        refused(
                complete(Dtype.INT8, QSchemeType.PER_TENSOR).qscheme(null),
                "qscheme of the weight (int8) isn't set; it must be per_tensor");
        refused(
                complete(Dtype.INT8, QSchemeType.PER_TENSOR).isDynamic(null),
                "is_dynamic of the weight (int8) isn't set");
        refused(
                complete(Dtype.INT8, QSchemeType.PER_TENSOR).observerCls(null),
                "observer_cls of the weight (int8) isn't set");
        refused(
                complete(Dtype.INT8, QSchemeType.PER_TENSOR).symmetric(null),
                "symmetric of the weight (int8) isn't set");
        refused(
                complete(Dtype.INT8, QSchemeType.PER_TENSOR).roundMethod(null),
                "round_method of the weight (int8) isn't set");
        refused(
                complete(Dtype.INT8, QSchemeType.PER_TENSOR).scaleType(null),
                "scale_type of the weight (int8) isn't set");
        refused(complete(Dtype.UINT4, QSchemeType.PER_CHANNEL).chAxis(null), "ch_axis of the weight (uint4) isn't set");
        refused(complete(Dtype.UINT4, QSchemeType.PER_GROUP).chAxis(null), "ch_axis of the weight (uint4) isn't set");
        refused(
                complete(Dtype.UINT4, QSchemeType.PER_GROUP).groupSize(null),
                "group_size of the weight (uint4) isn't set");
    }

    @Test
    void aFieldThatSaysNothingUnderTheSchemeIsRefused() {
        refused(
                complete(Dtype.INT8, QSchemeType.PER_TENSOR).chAxis(0),
                "ch_axis of the weight is 0; it must be unset for per_tensor");
        refused(
                complete(Dtype.INT8, QSchemeType.PER_TENSOR).groupSize(8),
                "group_size of the weight is 8; it must be unset for per_tensor");
        refused(
                complete(Dtype.INT8, QSchemeType.PER_CHANNEL).groupSize(8),
                "group_size of the weight is 8; it must be unset for per_channel");
    }

    @Test
    void anObserverOfAnotherSchemeIsRefused() {
        refused(
                complete(Dtype.INT8, QSchemeType.PER_CHANNEL).observerCls(ObserverType.PER_TENSOR_MSE),
                "observer_cls of the weight is PerTensorMSEObserver; it must be an observer for per_channel");
    }

    @Test
    void floatingPointNeedsNeitherSymmetryNorRounding() {
        assertThatCode(() -> SpecRules.check(
                        complete(Dtype.FP8_E5M2, QSchemeType.PER_TENSOR)
                                .symmetric(null)
                                .roundMethod(null)
                                .scaleType(null)
                                .build(),
                        "weight"))
                .doesNotThrowAnyException();
    }

    @Test
    void floatingPointRoundsHalvesToEvenAndTakesNoPowerOfTwo() {
        refused(
                complete(Dtype.FP8_E4M3, QSchemeType.PER_TENSOR).roundMethod(RoundType.FLOOR),
                "round_method of the weight is floor; it must be half_even");
        refused(
                complete(Dtype.FP8_E4M3, QSchemeType.PER_TENSOR).scaleType(ScaleType.POF2),
                "scale_type of the weight is pof2");
    }

    @Test
    void floatZeroPointsAreRefused() {
        assertThatThrownBy(() -> SpecRules.check(
                        complete(Dtype.UINT4, QSchemeType.PER_CHANNEL)
                                .zeroPointType(ZeroPointType.FLOAT32)
                                .build(),
                        "weight"))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("zero_point_type of the weight is float32");
    }

    private static QuantizationSpec.Builder complete(Dtype dtype, QSchemeType scheme) {
        QuantizationSpec.Builder builder = QuantizationSpec.builder(dtype)
                .qscheme(scheme)
                .isDynamic(false)
                .symmetric(true)
                .roundMethod(RoundType.HALF_EVEN)
                .scaleType(ScaleType.FLOAT);
        return switch (scheme) {
            case PER_TENSOR -> builder.observerCls(ObserverType.PER_TENSOR_MIN_MAX);
            case PER_CHANNEL ->
                builder.observerCls(ObserverType.PER_CHANNEL_MIN_MAX).chAxis(0);
            case PER_GROUP ->
                builder.observerCls(ObserverType.PER_GROUP_MIN_MAX).chAxis(-1).groupSize(32);
        };
    }

    private static void refused(QuantizationSpec.Builder spec, String message) {
        assertThatThrownBy(() -> SpecRules.check(spec.build(), "weight"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
