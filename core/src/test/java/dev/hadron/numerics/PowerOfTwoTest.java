package dev.hadron.numerics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.dtype.WorkingType;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PowerOfTwoTest {
    private static final int SUBNORMAL = 1 << 23;
    private static final int INFINITY = 0x7F80_0000;

    @ParameterizedTest
    @EnumSource
    void theTableHoldsWhatTheLogarithmGives(WorkingType type) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1_000_000; i++) {
            assertAsDefined(random.nextInt(1, INFINITY), type);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTableIsRightAroundEveryPowerOfTwo(WorkingType type) {
        for (int exponent = 1; exponent < 255; exponent++) {
            for (int distance = -300; distance <= 300; distance++) {
                assertAsDefined((exponent << 23) + distance, type);
            }
            for (int step = 0; step < 512; step++) {
                assertAsDefined((exponent << 23) + step * (SUBNORMAL / 512), type);
            }
        }
    }

    private static void assertAsDefined(int bits, WorkingType type) {
        float magnitude = Float.intBitsToFloat(bits);
        if (PowerOfTwo.floor(magnitude, type) != PowerOfTwo.floorByDefinition(magnitude, type)) {
            assertThat(PowerOfTwo.floor(magnitude, type))
                    .as("%s in %s", magnitude, type)
                    .isEqualTo(PowerOfTwo.floorByDefinition(magnitude, type));
        }
    }
}
