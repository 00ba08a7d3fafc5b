package dev.hadron.config;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpecRulesTest {
    @ParameterizedTest
    @EnumSource(names = {"INT8", "UINT8", "INT4", "UINT4", "INT3", "UINT3", "INT2", "UINT2", "FP8_E4M3", "FP8_E5M2"})
    void integersAndFloatingPointGoWithEveryScheme(Dtype dtype) {
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
    void trainedThresholdsAreRefused() {
        assertThatThrownBy(() -> SpecRules.check(
                        complete(Dtype.INT8, QSchemeType.PER_TENSOR)
                                .qatSpec(TQTSpec.of())
                                .build(),
                        "weight"))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("the weight has a threshold that is trained");
    }

    @Test
    void namedBlockSpecificationsAreCompleteAsTheyAre() {
        for (DataTypeSpec spec : List.of(
                MXSpec.builder().build(),
                MX6Spec.builder().build(),
                MX9Spec.builder().build(),
                BFP16Spec.builder().build(),
                new NVFP4Spec(true),
                Float16Spec.of(),
                Bfloat16Spec.of())) {
            assertThatCode(() -> SpecRules.check(spec.toQuantizationSpec(), "weight"))
                    .as(spec.toString())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void whatBlocksCannotBeIsNamed() {
        refused(
                MXSpec.builder().mxElementDtype(Dtype.INT4).build().toQuantizationSpec().toBuilder(),
                "mx_element_dtype of the weight is int4; it must be one of int8");
        refused(
                MX6Spec.builder().blockSize(7).build().toQuantizationSpec().toBuilder(),
                "group_size of the weight is 7; it must be an even number");
        refused(
                BFP16Spec.builder().build().toQuantizationSpec().toBuilder().groupSize(16),
                "group_size of the weight is 16; it must be 8");
        refused(
                MXSpec.builder().build().toQuantizationSpec().toBuilder().observerCls(ObserverType.PER_GROUP_MIN_MAX),
                "observer_cls of the weight is PerGroupMinMaxObserver; it must be PerBlockMXObserver");
        refused(complete(Dtype.FP4, QSchemeType.PER_GROUP), "dtype of the weight is fp4; it must be mx with fp4");
        refused(
                Float16Spec.of().toQuantizationSpec().toBuilder().roundMethod(RoundType.FLOOR),
                "round_method of the weight is floor; it must be half_even");
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
