package dev.hadron.observer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Range;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HistogramObserverTest {
    private static final int SIDE = 2048;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(9);

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16", "MX", "MX6", "MX9", "BFP16", "NVFP4"})
    void theLimitIsTheOneOfTheSmallestDivergence(Dtype dtype) {
        for (boolean symmetric : new boolean[] {true, false}) {
            RangeScale formula = formula(dtype, symmetric);
            float[] values = gauss(400);
            values[3] = 0f;
            values[7] = 9.5f;

            assertThat(observed(formula, values)).isEqualTo(formula.parameters(bestRange(formula, values)));
        }
    }

    @Test
    void aFewOutliersAreCutOff() {
        float[] values = gauss(100_000);
        values[0] = 60f;

        float scale = observed(formula(Dtype.INT8, true), values).scale();

        assertThat(scale * 127.5f).isBetween(3f, 8f);
    }

    @Test
    void zerosDontCount() {
        float[] values = gauss(1000);
        float[] withZeros = new float[5000];
        System.arraycopy(values, 0, withZeros, 500, values.length);

        assertThat(observed(formula(Dtype.INT8, true), withZeros))
                .isEqualTo(observed(formula(Dtype.INT8, true), values));
    }

    @Test
    void timesAPowerOfTwoTheScaleIsToo() {
        float[] values = gauss(2000);
        float[] larger = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            larger[i] = values[i] * 1024f;
        }

        float scale = observed(formula(Dtype.INT8, true), values).scale();

        assertThat(observed(formula(Dtype.INT8, true), larger).scale()).isEqualTo(scale * 1024f);
    }

    @Test
    void binsDoubleTheirWidthForLaterBatches() {
        float[] values = gauss(4000);
        RangeScale formula = formula(Dtype.INT8, true);
        HistogramObserver observer = new HistogramObserver(formula);
        observer.observe(Tensor.ofFloats(new float[] {0.01f, -0.003f}, 2));
        observer.observe(Tensor.ofFloats(values, values.length));

        float scale = observer.parameters().scale()[0];

        assertThat(scale / observed(formula, values).scale()).isBetween(0.8f, 1.25f);
    }

    /** The definition, with maps from bins to counts. */
    private static Range bestRange(RangeScale formula, float[] values) {
        double limit = 0;
        Range seen = Range.EMPTY;
        for (float value : values) {
            limit = Math.max(limit, Math.abs(value));
            seen = seen.union(new Range(value, value));
        }
        double width = limit / SIDE;
        Map<Integer, Long> histogram = new TreeMap<>();
        for (float value : values) {
            if (value != 0) {
                int bin = (int) Math.min(Math.abs(value) / width, SIDE - 1);
                histogram.merge(value > 0 ? bin : -1 - bin, 1L, Long::sum);
            }
        }
        Range best = seen;
        double smallest = Double.POSITIVE_INFINITY;
        for (int bins = 1 << (formula.format().bits() - 1); bins <= SIDE; bins++) {
            float t = (float) (bins * width);
            Range range = new Range(Math.max(seen.min(), -t), /* max= */ Math.min(seen.max(), t));
            double divergence = divergence(formula, histogram, bins, width, range);
            if (divergence < smallest
                    || (divergence == smallest && range.union(best).equals(range))) {
                smallest = divergence;
                best = range;
            }
        }
        return best;
    }

    private static double divergence(
            RangeScale formula, Map<Integer, Long> histogram, int bins, double width, Range range) {
        ScaleFormula.Parameters parameters = formula.parameters(range);
        ElementQuantizer quantizer = formula.quantizer(parameters.scale(), parameters.zeroPoint());
        Map<Byte, Long> counts = new HashMap<>();
        Map<Byte, Integer> sharers = new HashMap<>();
        Map<Integer, Long> p = new TreeMap<>();
        long inside = 0;
        long total = 0;
        for (Map.Entry<Integer, Long> entry : histogram.entrySet()) {
            int bin = entry.getKey();
            long count = entry.getValue();
            total += count;
            p.merge(Math.clamp(bin, -bins, bins - 1), count, Long::sum);
            if (-bins <= bin && bin < bins) {
                inside += count;
                byte code = quantizer.encode((float) ((bin + 0.5) * width));
                counts.merge(code, count, Long::sum);
                sharers.merge(code, 1, Integer::sum);
            }
        }
        double divergence = 0;
        for (Map.Entry<Integer, Long> entry : p.entrySet()) {
            if (!histogram.containsKey(entry.getKey())) {
                return Double.POSITIVE_INFINITY;
            }
            byte code = quantizer.encode((float) ((entry.getKey() + 0.5) * width));
            double q = (double) counts.getOrDefault(code, 0L) / sharers.getOrDefault(code, 1) / inside;
            double share = (double) entry.getValue() / total;
            divergence += share * StrictMath.log(share / q);
        }
        return divergence;
    }

    private float[] gauss(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static ScaleFormula.Parameters observed(RangeScale formula, float[] values) {
        HistogramObserver observer = new HistogramObserver(formula);
        observer.observe(Tensor.ofFloats(values, values.length));
        return new ScaleFormula.Parameters(
                observer.parameters().scale()[0], observer.parameters().zeroPoint()[0]);
    }

    private static RangeScale formula(Dtype dtype, boolean symmetric) {
        return new RangeScale(dtype.format(), symmetric, ScaleType.FLOAT, RoundType.HALF_EVEN, WorkingType.FLOAT32);
    }
}
