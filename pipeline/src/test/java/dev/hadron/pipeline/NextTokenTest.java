package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Divergences of predictions of three tokens, computed by hand. */
class NextTokenTest {
    private static final double EXACT = 1e-7;
    private static final float HALF = (float) Math.log(0.5);
    private static final float QUARTER = (float) Math.log(0.25);

    @Test
    void theBaseIsWhatTheExpectationIsOver() {
        NextToken skewedFirst = next(new float[] {HALF, QUARTER, QUARTER}, new float[] {0, 0, 0});
        NextToken evenFirst = next(new float[] {0, 0, 0}, new float[] {HALF, QUARTER, QUARTER});

        assertThat(skewedFirst.divergence()).isCloseTo(0.5 * Math.log(1.5) + 2 * 0.25 * Math.log(0.75), within(EXACT));
        assertThat(evenFirst.divergence()).isCloseTo(Math.log(2.0 / 3) / 3 + 2 * Math.log(4.0 / 3) / 3, within(EXACT));
    }

    @Test
    void logitsAreRelative() {
        NextToken near = next(new float[] {1, 0, -1}, new float[] {0.5f, 0, 0});
        NextToken far = next(new float[] {101, 100, 99}, new float[] {-99.5f, -100, -100});

        assertThat(far.divergence()).isPositive().isCloseTo(near.divergence(), within(1e-5));
    }

    @Test
    void equalLogitsHaveNoDivergenceAtAll() {
        float[] logits = {3.7f, -12.25f, 0.1f};

        assertThat(next(logits, logits).divergence()).isZero();
    }

    @Test
    void rareTokensCountForNothingOrForEverything() {
        float never = Float.NEGATIVE_INFINITY;

        assertThat(next(new float[] {0, never, never}, new float[] {0, 0, 0}).divergence())
                .isCloseTo(Math.log(3), within(EXACT));
        assertThat(next(new float[] {0, never, never}, new float[] {0, 0, never})
                        .divergence())
                .isCloseTo(Math.log(2), within(EXACT));
        assertThat(next(new float[] {0, 0, 0}, new float[] {0, 0, never}).divergence())
                .isInfinite();
        assertThat(next(new float[] {0, -1000, 1}, new float[] {0, -3000, 1}).divergence())
                .isZero();
    }

    @Test
    void modelsAgreeOnTheLikeliestToken() {
        assertThat(next(new float[] {1, 2, 0}, new float[] {-5, 0.1f, 0}).agrees())
                .isTrue();
        assertThat(next(new float[] {1, 2, 0}, new float[] {3, 2, 0}).agrees()).isFalse();
        assertThat(next(new float[] {2, 2, 0}, new float[] {2, 1, 0}).agrees())
                .as("the first of equally likely ones")
                .isTrue();
    }

    private static NextToken next(float[] base, float[] quantized) {
        NextToken next = new NextToken(base.length);
        System.arraycopy(base, 0, next.base(), 0, base.length);
        System.arraycopy(quantized, 0, next.quantized(), 0, base.length);
        return next;
    }
}
