package dev.hadron.dtype;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Bfloat16Test {
    @Test
    void everyPatternComesBack() {
        for (int bits = 0; bits <= 0xFFFF; bits++) {
            float value = Bfloat16.toFloat((short) bits);

            assertThat(Bfloat16.ofFloat(value)).isEqualTo(Float.isNaN(value) ? (short) 0x7FC0 : (short) bits);
        }
    }

    @Test
    void halfwayIsRoundedToTheEvenPatternAndTheRestToTheNearest() {
        for (int bits = 0; bits < 0x7F80; bits++) {
            float halfway = Float.intBitsToFloat(bits << 16 | 0x8000);
            short even = (short) (bits + (bits & 1));

            assertThat(Bfloat16.ofFloat(halfway)).isEqualTo(even);
            assertThat(Bfloat16.ofFloat(-halfway)).isEqualTo((short) (even | 0x8000));
            assertThat(Bfloat16.ofFloat(Math.nextDown(halfway))).isEqualTo((short) bits);
            assertThat(Bfloat16.ofFloat(Math.nextUp(halfway))).isEqualTo((short) (bits + 1));
        }
    }

    @Test
    void anyNanIsQuietAndTooLargeIsInfinity() {
        assertThat(Bfloat16.ofFloat(Float.intBitsToFloat(0xFF80_0001))).isEqualTo((short) 0x7FC0);
        assertThat(Bfloat16.toFloat(Bfloat16.ofFloat(Float.MAX_VALUE))).isInfinite();
        assertThat(Bfloat16.toFloat(Bfloat16.ofFloat(Float.NEGATIVE_INFINITY))).isEqualTo(Float.NEGATIVE_INFINITY);
    }
}
