package dev.hadron.numerics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scales and zero points of many ranges at a time against the definition. */
class RangeScaleLoopTest {
    private static final int RUNS = 100;

    @ParameterizedTest
    @EnumSource(names = {"INT2", "UINT4", "INT4", "INT8", "UINT8", "FP8_E4M3", "FP8_E5M2"})
    void rangesOfEveryMagnitudeGiveTheParametersOfTheDefinition(Dtype dtype) {
        NumberFormat format = dtype.format();
        for (WorkingType type : WorkingType.values()) {
            for (boolean symmetric : new boolean[] {true, false}) {
                for (int seed = 0; seed < 50; seed++) {
                    assertEqual(
                            new RangeScale(format, symmetric, ScaleType.FLOAT, RoundType.HALF_EVEN, type),
                            new SplittableRandom(seed));
                }
            }
        }
    }

    private static void assertEqual(RangeScale formula, SplittableRandom random) {
        float[] mins = new float[RUNS + Lanes.PADDING];
        float[] maxs = new float[mins.length];
        for (int run = 0; run < RUNS; run++) {
            float one = number(random, formula.workingType());
            float other = run % 3 == 0 ? -one : number(random, formula.workingType());
            mins[run] = Math.min(one, other);
            maxs[run] = Math.max(one, other);
        }
        float[] scales = new float[RUNS];
        float[] zeroPoints = new float[RUNS];

        assertThat(new RangeScaleLoop(formula, RUNS).parameters(mins, maxs, RUNS, scales, zeroPoints, 0))
                .isTrue();

        for (int run = 0; run < RUNS; run++) {
            assertThat(new ScaleFormula.Parameters(scales[run], zeroPoints[run]))
                    .as("%s of %s..%s", formula, mins[run], maxs[run])
                    .isEqualTo(formula.parameters(new Range(mins[run], maxs[run])));
        }
    }

    /** Of a random exponent, zeros among them. */
    private static float number(SplittableRandom random, WorkingType type) {
        int exponent = type == WorkingType.FLOAT16 ? random.nextInt(-24, 14) : random.nextInt(-149, 119);
        float fraction = random.nextInt(10) == 0 ? random.nextInt(-1, 2) * 0f : (float) random.nextDouble(-1, 1);
        return type.round(Math.scalb(fraction, exponent));
    }
}
