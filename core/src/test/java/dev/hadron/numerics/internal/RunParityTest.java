package dev.hadron.numerics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.ScaleFormula;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs observed, scaled, quantized and packed by the vector kernels against the plain loops, bit for bit. */
class RunParityTest {
    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.rangeClosed(0, 300), IntStream.of(512, 1000, 1024, 2046, 2048, 2050, 4096, 4098, 40000))
            .toArray();

    private final Kernels scalar = new ScalarKernels();
    private final Kernels vector = new VectorKernels();

    @ParameterizedTest
    @EnumSource
    void everyFormulaGivesEqualScalesAndCodes(Dtype dtype) {
        for (ScaleFormula formula : formulas(dtype)) {
            for (TestFloats kind : TestFloats.values()) {
                if (kind != TestFloats.SPECIALS) {
                    assertEqual(formula, kind.floats(8 * 128, 1), 128, kind);
                    assertEqual(formula, kind.scaled(33 * 30, 2, 0x1p-12f), 30, kind);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyLengthGivesEqualScalesAndCodes(Dtype dtype) {
        ScaleFormula formula =
                new ScaleFormula(dtype.format(), false, ScaleType.FLOAT, RoundType.HALF_EVEN, WorkingType.BFLOAT16);
        for (int length : LENGTHS) {
            if (dtype.bits() == 8 || length % 2 == 0) {
                for (int runs : new int[] {0, 1, 3, 18}) {
                    assertEqual(formula, TestFloats.WEIGHTS.floats(runs * length, length), length, TestFloats.WEIGHTS);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFirstRunThatIsNotFiniteIsNamed(Dtype dtype) {
        ScaleFormula formula =
                new ScaleFormula(dtype.format(), true, ScaleType.FLOAT, RoundType.HALF_EVEN, WorkingType.FLOAT32);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int length : new int[] {2, 32, 100, 2048, 5000}) {
                for (int at = 0; at < 5 * length; at += Math.max(1, length / 3)) {
                    float[] x = TestFloats.WEIGHTS.floats(5 * length, at);
                    x[at] = bad;

                    assertThat(quantize(vector, formula, x, length).bad())
                            .as("%s at %s of runs of %s", bad, at, length)
                            .isEqualTo(at / length);
                }
            }
        }
    }

    private record Result(long bad, List<Float> scales, List<Integer> zeroPoints, String codes) {}

    private static List<ScaleFormula> formulas(Dtype dtype) {
        List<ScaleFormula> formulas = new ArrayList<>();
        for (WorkingType workingType : WorkingType.values()) {
            for (ScaleType scaleType : ScaleType.values()) {
                if (dtype.format() instanceof IntFormat) {
                    for (RoundType rounding : RoundType.values()) {
                        formulas.add(new ScaleFormula(dtype.format(), true, scaleType, rounding, workingType));
                        formulas.add(new ScaleFormula(dtype.format(), false, scaleType, rounding, workingType));
                    }
                } else if (scaleType != ScaleType.POF2) {
                    formulas.add(new ScaleFormula(dtype.format(), true, scaleType, RoundType.HALF_EVEN, workingType));
                }
            }
        }
        return formulas;
    }

    private void assertEqual(ScaleFormula formula, float[] x, int length, TestFloats kind) {
        assertThat(quantize(vector, formula, x, length))
                .as("%s, runs of %s, %s", formula, length, kind)
                .isEqualTo(quantize(scalar, formula, x, length));
    }

    private static Result quantize(Kernels kernels, ScaleFormula formula, float[] x, int length) {
        int runs = length == 0 ? 0 : x.length / length;
        Buffer codes = Buffer.ofBytes(x.length + 8);
        float[] scales = new float[runs + 2];
        int[] zeroPoints = new int[runs + 2];
        long bad = kernels.quantizeRuns(
                formula, Buffer.of(x).segment(), 0, runs, length, codes.segment(), 4, scales, zeroPoints, 1);
        List<Float> scaleList =
                IntStream.range(0, runs + 2).mapToObj(i -> scales[i]).toList();
        List<Integer> zeroPointList = Arrays.stream(zeroPoints).boxed().toList();
        return new Result(bad, scaleList, zeroPointList, HexFormat.of().formatHex(codes.bytes(x.length + 8)));
    }
}
