package dev.hadron.dtype;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkingTypeTest {
    @Test
    void numbersOfTheTypeStayAsTheyAre() {
        for (int bits = 0; bits <= 0xFFFF; bits++) {
            float half = Float.float16ToFloat((short) bits);
            float brain = Bfloat16.toFloat((short) bits);

            assertThat((Float) WorkingType.FLOAT16.round(half)).isEqualTo((Float) half);
            assertThat((Float) WorkingType.BFLOAT16.round(brain)).isEqualTo((Float) brain);
            assertThat((Float) WorkingType.FLOAT32.round(brain)).isEqualTo((Float) brain);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLargestAndTheSmallestNormalNumberAreNumbersOfTheType(WorkingType type) {
        assertThat(type.round(type.max())).isEqualTo(type.max()).isFinite();
        assertThat(type.round(type.max() * 1.01f)).isInfinite();
        assertThat(type.round(type.minNormal())).isEqualTo(type.minNormal()).isPositive();
        assertThat(WorkingType.of(type.storage())).isEqualTo(type);
    }

    @Test
    void theTypesMeetAtTheirLimits() {
        assertThat(WorkingType.FLOAT16.round(65519.996f)).isEqualTo(65504f);
        assertThat(WorkingType.FLOAT16.round(65520f)).isInfinite();
        assertThat(WorkingType.FLOAT16.round(0x1p-25f)).isZero();
        assertThat(WorkingType.FLOAT16.round(0x1.01p-25f)).isEqualTo(0x1p-24f);
        assertThat(WorkingType.BFLOAT16.round(-0f)).isEqualTo(-0f);
        assertThat(WorkingType.FLOAT16.round(Float.NaN)).isNaN();
        assertThat(WorkingType.BFLOAT16.round(Float.NaN)).isNaN();
    }

    @Test
    void otherStorageTypesAreNotWorkedIn() {
        assertThatThrownBy(() -> WorkingType.of(StorageType.F64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WorkingType.of(StorageType.I8)).isInstanceOf(IllegalArgumentException.class);
    }
}
