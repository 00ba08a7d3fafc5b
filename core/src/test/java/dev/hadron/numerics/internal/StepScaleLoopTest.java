package dev.hadron.numerics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.WorkingType;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that are told at once, against those told one by one. */
class StepScaleLoopTest {
    private static final int RUNS = 2 * Lanes.COUNT + 3;
    private static final int ROUNDS = 2000;

    private final SplittableRandom random = new SplittableRandom(17);
    private final float[] scales = new float[RUNS + Lanes.PADDING];
    private final float[] zeroPoints = new float[scales.length];
    private final float[] mins = new float[scales.length];
    private final float[] maxs = new float[scales.length];

    @ParameterizedTest
    @EnumSource(WorkingType.class)
    void saysNoWhereOneRunIsNotForTheLoop(WorkingType type) {
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            IntFormat format = new IntFormat(random.nextBoolean() ? 4 : 8, random.nextBoolean());
            IntegerLoop loop = new IntegerLoop(format, RoundType.HALF_EVEN, type);
            loop.prepare(RUNS);
            fill(format);
            int odd = random.nextInt(RUNS);
            makeOdd(odd, format);
            boolean covered = loop.covers(scales[odd], zeroPoints[odd], Math.max(-mins[odd], maxs[odd]))
                    && loop.run(scales[odd], zeroPoints[odd], odd);

            boolean told = loop.runs(scales, zeroPoints, mins, maxs, RUNS);

            assertThat(told && !covered).as(() -> describe(odd)).isFalse();
            refused += covered ? 0 : 1;
        }
        assertThat(refused).isGreaterThan(ROUNDS / 5);
    }

    @ParameterizedTest
    @EnumSource(value = WorkingType.class, mode = EnumSource.Mode.EXCLUDE, names = "FLOAT16")
    void saysYesWhereAllAreWeightsOfFourBits(WorkingType type) {
        for (int round = 0; round < ROUNDS; round++) {
            IntFormat format = new IntFormat(4, random.nextBoolean());
            fill(format);
            int runs = 1 + random.nextInt(RUNS);
            // What lies beyond the runs doesn't count.
            Arrays.fill(scales, runs, scales.length, Float.NaN);
            IntegerLoop loop = new IntegerLoop(format, RoundType.HALF_EVEN, type);
            loop.prepare(RUNS);

            assertThat(loop.runs(scales, zeroPoints, mins, maxs, runs)).isTrue();
        }
    }

    private void fill(IntFormat format) {
        for (int run = 0; run < RUNS; run++) {
            scales[run] = random.nextFloat(1e-3f, 1e-1f);
            zeroPoints[run] = format.signed() ? 0f : random.nextInt(format.highest() + 1);
            mins[run] = -scales[run] * random.nextInt(200);
            maxs[run] = scales[run] * random.nextInt(200);
        }
    }

    private void makeOdd(int run, IntFormat format) {
        switch (random.nextInt(5)) {
            case 0 -> {
                scales[run] = Math.scalb(1f, random.nextInt(-149, -90));
                mins[run] = -scales[run];
                maxs[run] = scales[run];
            }
            case 1 -> scales[run] = Math.scalb(1f, random.nextInt(90, 128));
            case 2 -> zeroPoints[run] = random.nextInt(format.lowest() - 2, format.highest() + 3);
            case 3 -> maxs[run] = scales[run] * (1 << random.nextInt(12, 20));
            default -> mins[run] = -scales[run] * (1 << random.nextInt(12, 20));
        }
    }

    private String describe(int run) {
        return "scale " + scales[run] + ", zero point " + zeroPoints[run] + ", from " + mins[run] + " to " + maxs[run];
    }
}
