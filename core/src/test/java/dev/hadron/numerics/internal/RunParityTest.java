package dev.hadron.numerics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.dtype.ZeroPointType;
import dev.hadron.numerics.BfpScale;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.MxScale;
import dev.hadron.numerics.Nvfp4Scale;
import dev.hadron.numerics.PairScale;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.ScaleFormula;
import java.util.ArrayList;
import java.util.EnumSet;
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
    private final Kernels cold = new StartingKernels(() -> vector, Long.MAX_VALUE);

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16"})
    void everyFormulaGivesEqualScalesAndCodes(Dtype dtype) {
        for (ScaleFormula formula : formulas(dtype)) {
            for (TestFloats kind : TestFloats.values()) {
                if (kind != TestFloats.SPECIALS) {
                    assertEqual(formula, kind.floats(8 * 128, 1), 128, kind);
                    assertEqual(formula, kind.scaled(33 * 30, 2, 0x1p-12f), 30, kind);
                    for (int length = 2; length <= 64; length *= 2) {
                        assertEqual(formula, kind.scaled(18 * 64, length, 0x1p-6f), length, kind);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16"})
    void everyLengthGivesEqualScalesAndCodes(Dtype dtype) {
        ScaleFormula formula = plain(dtype, WorkingType.BFLOAT16);
        for (int length : LENGTHS) {
            if (dtype.bits() != 4 || length % 2 == 0) {
                for (int runs : new int[] {0, 1, 3, 18}) {
                    assertEqual(formula, TestFloats.WEIGHTS.floats(runs * length, length), length, TestFloats.WEIGHTS);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16"})
    void theFirstRunThatIsNotFiniteIsNamed(Dtype dtype) {
        ScaleFormula formula = plain(dtype, WorkingType.FLOAT32);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int length : new int[] {2, 32, 100, 2048, 5000}) {
                for (int at = 0; at < 5 * length; at += Math.max(1, length / 3)) {
                    float[] x = TestFloats.WEIGHTS.floats(5 * length, at);
                    x[at] = bad;

                    for (Kernels kernels : List.of(vector, cold)) {
                        assertThat(quantize(kernels, formula, x, length).bad())
                                .as("%s at %s of runs of %s", bad, at, length)
                                .isEqualTo(at / length);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"FLOAT16", "BFLOAT16"})
    void theFirstActivationsThatAreNotFiniteAreNamed(Dtype dtype) {
        ScaleFormula formula = plain(dtype, WorkingType.BFLOAT16);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            for (int length : new int[] {2, 32, 100, 2048, 5000}) {
                for (int at = 0; at < 5 * length; at += Math.max(1, length / 3)) {
                    float[] x = TestFloats.WEIGHTS.floats(5 * length, at);
                    x[at] = bad;

                    assertThat(vector.fakeQuantizeRuns(formula, Buffer.of(x).segment(), 0, 5, length))
                            .as("%s at %s of runs of %s", bad, at, length)
                            .isEqualTo(at / length);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INT8", "UINT8", "INT4", "UINT4"})
    void runsOfOneSignAndSomeThatAreNotFiniteAreEqualOffTheHeap(Dtype dtype) {
        ScaleFormula formula = plain(dtype, WorkingType.BFLOAT16);
        for (int sign : new int[] {-1, 1}) {
            for (float special : new float[] {0f, -0f, 1e-40f, Float.NaN, -Float.NaN, Float.NEGATIVE_INFINITY, 1e38f}) {
                for (int at = 0; at < 5 * 128; at += 37) {
                    float[] x = TestFloats.WEIGHTS.floats(5 * 128, at);
                    for (int i = 0; i < x.length; i++) {
                        x[i] = sign * Math.abs(x[i]);
                    }
                    x[at] = special;
                    Buffer input = Buffer.of(x, StorageType.BF16);

                    assertThat(quantize(vector, formula, input.offHeap(), StorageType.BF16, 5, 128))
                            .as("%s at %s", special, at)
                            .isEqualTo(quantize(scalar, formula, input, StorageType.BF16, 5, 128));
                }
            }
        }
    }

    private record Result(long bad, List<Float> scales, List<Float> zeroPoints, String codes) {}

    private static List<ScaleFormula> formulas(Dtype dtype) {
        List<ScaleFormula> formulas = new ArrayList<>();
        for (WorkingType workingType : WorkingType.values()) {
            switch (dtype.format()) {
                case IntFormat format -> {
                    for (ScaleType scaleType : ScaleType.values()) {
                        for (RoundType rounding : RoundType.values()) {
                            formulas.add(new RangeScale(format, true, scaleType, rounding, workingType));
                            formulas.add(new RangeScale(format, false, scaleType, rounding, workingType));
                        }
                    }
                    formulas.add(new RangeScale(
                            format, false, ScaleType.FLOAT, RoundType.HALF_EVEN, ZeroPointType.FLOAT32, workingType));
                }
                case FloatFormat format -> {
                    for (ScaleType scaleType : EnumSet.complementOf(EnumSet.of(ScaleType.POF2))) {
                        formulas.add(new RangeScale(format, true, scaleType, RoundType.HALF_EVEN, workingType));
                    }
                    formulas.addAll(mx(format, workingType));
                }
                case BlockFormat format -> formulas.addAll(ofBlocks(format, workingType));
                case HalfFormat format -> throw new IllegalArgumentException(format + " has no scale");
            }
        }
        return formulas;
    }

    private static List<ScaleFormula> ofBlocks(BlockFormat format, WorkingType workingType) {
        return switch (format.scale()) {
            case E8M0 -> mx(new IntFormat(8, true), workingType);
            case E4M3 -> List.of(new Nvfp4Scale(1f, workingType), new Nvfp4Scale(0.003f, workingType));
            case EXPONENT -> List.of(new BfpScale(workingType), new BfpScale(workingType).stored());
            case EXPONENT_AND_PAIR_BITS -> List.of(new PairScale(format, workingType));
        };
    }

    private static List<ScaleFormula> mx(NumberFormat element, WorkingType workingType) {
        MxScale floor = new MxScale(element, MxScaleMode.FLOOR, workingType);
        return List.of(floor, floor.stored(), new MxScale(element, MxScaleMode.EVEN, workingType));
    }

    private static ScaleFormula plain(Dtype dtype, WorkingType workingType) {
        return switch (dtype.format()) {
            case BlockFormat format -> ofBlocks(format, workingType).getFirst();
            default -> new RangeScale(dtype.format(), false, ScaleType.FLOAT, RoundType.HALF_EVEN, workingType);
        };
    }

    private void assertEqual(ScaleFormula formula, float[] x, int length, TestFloats kind) {
        int runs = length == 0 ? 0 : x.length / length;
        for (StorageType type : new StorageType[] {StorageType.F32, StorageType.BF16, StorageType.F16}) {
            Buffer input = Buffer.of(x, type);
            if (kind == TestFloats.FINITE && type == StorageType.F16) {
                continue;
            }
            for (Kernels kernels : List.of(vector, cold)) {
                assertThat(quantize(kernels, formula, input, type, runs, length))
                        .as("%s, runs of %s, %s %s", formula, length, kind, type)
                        .isEqualTo(quantize(scalar, formula, input, type, runs, length));
            }
            assertThat(quantize(vector, formula, input.offHeap(), type, runs, length))
                    .as("%s, runs of %s, %s %s off the heap", formula, length, kind, type)
                    .isEqualTo(quantize(scalar, formula, input, type, runs, length));
        }
        assertThat(fakeQuantize(vector, formula, x, runs, length))
                .as("fake %s, runs of %s, %s", formula, length, kind)
                .isEqualTo(fakeQuantize(scalar, formula, x, runs, length));
        assertThat(dequantize(vector, formula, x, runs, length))
                .as("back %s, runs of %s, %s", formula, length, kind)
                .isEqualTo(dequantize(scalar, formula, x, runs, length));
    }

    private static List<Integer> fakeQuantize(Kernels kernels, ScaleFormula formula, float[] x, int runs, int length) {
        Buffer buffer = Buffer.of(x);
        long bad = kernels.fakeQuantizeRuns(formula, buffer.segment(), 0, runs, length);
        if (bad >= 0) {
            return List.of((int) bad);
        }
        return IntStream.of(buffer.floatBits(x.length)).boxed().toList();
    }

    /** Bytes as codes, numbers as scales. */
    private static List<Integer> dequantize(Kernels kernels, ScaleFormula formula, float[] x, int runs, int length) {
        float[] scales = new float[runs * scalesOfRun(formula, length) + 3];
        float[] zeroPoints = new float[scales.length];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = Math.abs(x.length == 0 ? 1f : x[i % x.length]);
            zeroPoints[i] = i % 5;
        }
        Buffer y = Buffer.ofFloats(x.length + 4);
        kernels.dequantizeRuns(formula, Buffer.of(x).segment(), 0, runs, length, scales, zeroPoints, 3, y.segment(), 2);
        return IntStream.of(y.floatBits(x.length + 4)).boxed().toList();
    }

    private static int scalesOfRun(ScaleFormula formula, int length) {
        return (int) Math.ceilDiv(length, Math.max(1, formula.elementsPerScale(length)));
    }

    private static Result quantize(Kernels kernels, ScaleFormula formula, float[] x, int length) {
        return quantize(kernels, formula, Buffer.of(x), StorageType.F32, x.length / length, length);
    }

    private static Result quantize(
            Kernels kernels, ScaleFormula formula, Buffer x, StorageType type, int runs, int length) {
        int bytes = runs * length + 8;
        Buffer codes = Buffer.ofBytes(bytes);
        float[] scales = new float[runs * scalesOfRun(formula, length) + 2];
        float[] zeroPoints = new float[scales.length];
        long bad = kernels.quantizeRuns(
                formula, x.segment(), type, 0, runs, length, codes.segment(), 4, scales, zeroPoints, 1);
        if (bad >= 0) {
            return new Result(bad, List.of(), List.of(), "");
        }
        List<Float> scaleList =
                IntStream.range(0, scales.length).mapToObj(i -> scales[i]).toList();
        List<Float> zeroPointList = IntStream.range(0, zeroPoints.length)
                .mapToObj(i -> zeroPoints[i])
                .toList();
        return new Result(bad, scaleList, zeroPointList, HexFormat.of().formatHex(codes.bytes(bytes)));
    }
}
