package dev.hadron.numerics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ScaleFormulaTest {
    private static final Range ZEROS = new Range(0f, 0f);

    @Test
    void symmetricScalesSpanTheLargestMagnitude() {
        ScaleFormula int8 = formula(Dtype.INT8, true, ScaleType.FLOAT, WorkingType.FLOAT32);

        assertThat(int8.parameters(new Range(-255f, 3f))).isEqualTo(new ScaleFormula.Parameters(2f, 0));
        assertThat(int8.parameters(new Range(51f, 255f))).isEqualTo(new ScaleFormula.Parameters(2f, 0));
    }

    @Test
    void zeroHasACodeInAsymmetricRangesThatDontReachIt() {
        ScaleFormula uint8 = formula(Dtype.UINT8, false, ScaleType.FLOAT, WorkingType.FLOAT32);

        assertThat(uint8.parameters(new Range(51f, 510f))).isEqualTo(new ScaleFormula.Parameters(2f, 0));
        assertThat(uint8.parameters(new Range(-510f, -51f))).isEqualTo(new ScaleFormula.Parameters(2f, 255));
        assertThat(uint8.parameters(new Range(-100f, 155f))).isEqualTo(new ScaleFormula.Parameters(1f, 100));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16", "MX", "MX6", "MX9", "BFP16", "NVFP4"})
    void zerosGetTheSmallestIntegerScaleAndTheFloatScaleOne(Dtype dtype) {
        boolean integer = dtype.name().contains("INT");

        float scale = formula(dtype, true, ScaleType.FLOAT, WorkingType.FLOAT32)
                .parameters(ZEROS)
                .scale();

        assertThat(scale).isEqualTo(integer ? 0x1p-23f : 1f);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1.0000001, 2", "0.75, 1", "0.5, 0.5", "3, 4", "0.50000006, 1"})
    void aPowerOfTwoIsTheNextThatIsntSmaller(float exact, float power) {
        ScaleFormula formula = formula(Dtype.UINT8, false, ScaleType.POF2, WorkingType.FLOAT32);

        assertThat(formula.parameters(new Range(0f, exact * 255)).scale()).isEqualTo(power);
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT16, FLOAT, 0x1p-14",
        "FLOAT32, FLOAT16, 0x1p-14",
        "FLOAT32, BFLOAT16, 0x1p-126",
        "FLOAT32, FLOAT, 0x1p-126"
    })
    void aFloatScaleThatRoundsToZeroIsTheSmallestNormalNumberOfTheType(
            WorkingType workingType, ScaleType scaleType, float smallest) {
        ScaleFormula formula = formula(Dtype.FP8_E5M2, true, scaleType, workingType);

        assertThat(formula.parameters(new Range(0f, Float.MIN_VALUE)).scale()).isEqualTo(smallest);
    }

    @Test
    void aRangeWiderThanTheWorkingTypesLargestNumberHasAScaleNevertheless() {
        ScaleFormula half = formula(Dtype.UINT8, false, ScaleType.FLOAT, WorkingType.FLOAT16);
        ScaleFormula single = formula(Dtype.INT8, false, ScaleType.FLOAT, WorkingType.FLOAT32);

        assertThat(half.parameters(new Range(-65504f, 65504f)))
                .isEqualTo(new ScaleFormula.Parameters(WorkingType.FLOAT16.round(2 * 65504f / 255), 127));
        assertThat(single.parameters(new Range(-3e38f, 3e38f)).scale()).isEqualTo((float) (2 * (double) 3e38f / 255));
    }

    @Test
    void aScaleBeyondTheScaleTypeIsItsLargestNumber() {
        ScaleFormula formula = formula(Dtype.INT8, true, ScaleType.FLOAT16, WorkingType.FLOAT32);

        assertThat(formula.parameters(new Range(-1e30f, 0f)).scale()).isEqualTo(65504f);
    }

    private static ScaleFormula formula(Dtype dtype, boolean symmetric, ScaleType scaleType, WorkingType workingType) {
        return new RangeScale(dtype.format(), symmetric, scaleType, RoundType.HALF_EVEN, workingType);
    }
}
