package dev.hadron.dtype;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FloatFormatTest {
    @ParameterizedTest
    @EnumSource(names = {"FP8_E4M3", "FP8_E5M2"})
    void everyCodeStandsForWhatItsBitsSay(Dtype dtype) {
        FloatFormat format = (FloatFormat) dtype.format();
        for (int code = 0; code < 256; code++) {
            float value = format.decode((byte) code);
            int power = (code & 0x7F) >> format.mantissa();
            int fraction = code & ((1 << format.mantissa()) - 1);
            double magnitude = power == 0
                    ? Math.scalb((double) fraction, 1 - format.bias() - format.mantissa())
                    : Math.scalb(1 + Math.scalb((double) fraction, -format.mantissa()), power - format.bias());

            if (magnitude <= format.max()) {
                assertThat(value).isEqualTo((float) (code < 128 ? magnitude : -magnitude));
                assertThat(format.encode(value)).isEqualTo((byte) code);
                assertThat(format.round(value)).isEqualTo(value);
            } else {
                assertThat(value).isNaN();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FP8_E4M3", "FP8_E5M2"})
    void anyNumberBecomesTheNearestValueTiesToTheEvenCode(Dtype dtype) {
        FloatFormat format = (FloatFormat) dtype.format();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
        for (int code = 0; format.decode((byte) code) < format.max(); code++) {
            float lower = format.decode((byte) code);
            float upper = format.decode((byte) (code + 1));
            float middle = (lower + upper) / 2;
            byte even = (byte) (code + (code & 1));

            assertThat(format.encode(middle)).isEqualTo(even);
            assertThat(format.encode(-middle)).isEqualTo((byte) (even | 0x80));
            assertThat(format.encode(Math.nextDown(middle))).isEqualTo((byte) code);
            assertThat(format.encode(Math.nextUp(middle))).isEqualTo((byte) (code + 1));
            float any = random.nextFloat(lower, upper);
            assertThat(format.round(any)).isEqualTo(format.decode(format.encode(any)));
            assertThat(Math.abs(format.round(any) - any)).isLessThanOrEqualTo((upper - lower) / 2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FP8_E4M3", "FP8_E5M2"})
    void whatIsTooLargeSaturatesAndNanStays(Dtype dtype) {
        FloatFormat format = (FloatFormat) dtype.format();

        DoubleStream.of(format.max() * 1.01, 1e30, Double.POSITIVE_INFINITY).forEach(large -> {
            assertThat(format.round((float) large)).isEqualTo(format.max());
            assertThat(format.decode(format.encode((float) -large))).isEqualTo(-format.max());
        });
        assertThat(format.round(Float.NaN)).isNaN();
        assertThat(format.decode(format.encode(Float.NaN))).isNaN();
        assertThat(format.encode(-0f)).isEqualTo((byte) 0x80);
        assertThat(format.encode(-Float.MIN_VALUE)).isEqualTo((byte) 0x80);
    }
}
