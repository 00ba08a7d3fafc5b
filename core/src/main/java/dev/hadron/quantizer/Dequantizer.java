package dev.hadron.quantizer;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.MxScaleMode;
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
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.numerics.RangeScale;
import dev.hadron.numerics.RunView;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The numbers that a quantized tensor stands for. */
public final class Dequantizer {
    private Dequantizer() {}

    /**
     * Decodes every element: {@code (code - zeroPoint) * scale} in float32.
     *
     * @param arena owns the result
     * @return float32 of the tensor's shape
     */
    public static Tensor dequantize(QuantizedTensor x, Arena arena) {
        Kernels kernels = Kernels.best();
        if (x.format() instanceof HalfFormat half) {
            Tensor result = Tensor.allocate(arena, StorageType.F32, x.shape());
            kernels.widen(
                    x.codes(),
                    half.type().storage(),
                    0,
                    result.data(),
                    0,
                    x.shape().elements());
            return result;
        }
        RunView view = RunView.of(x.shape(), x.granularity());
        Tensor result = Tensor.allocate(arena, StorageType.F32, x.shape());
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment codes = x.codes();
            if (x.format().bits() == 4) {
                codes = scratch.allocate(x.shape().elements(), 64);
                kernels.unpackNibbles(x.codes(), 0, codes, 0, x.shape().elements());
            }
            if (view.isContiguous()) {
                dequantizeRuns(x, view, codes, result.data());
            } else {
                MemorySegment gathered = scratch.allocate(x.shape().elements(), 64);
                view.gather(codes, gathered, 1);
                MemorySegment floats = scratch.allocate(result.data().byteSize(), 64);
                dequantizeRuns(x, view, gathered, floats);
                view.scatter(floats, result.data(), Float.BYTES);
            }
        }
        return result;
    }

    private static void dequantizeRuns(QuantizedTensor x, RunView view, MemorySegment codes, MemorySegment y) {
        ScaleFormula formula = decoding(x);
        Kernels kernels = Kernels.best();
        QuantizationParameters parameters = QuantizationParameters.ofRuns(view.runs());
        for (int run = 0; run < view.runs(); run++) {
            parameters.scale()[run] = x.scale().floatAt(run);
            parameters.zeroPoint()[run] = x.zeroPointAt(run);
        }
        float[] scales = parameters.scale();
        float[] zeroPoints = parameters.zeroPoint();
        if (!view.hasShortRuns()) {
            kernels.dequantizeRuns(formula, codes, 0, view.runs(), view.length(), scales, zeroPoints, 0, y, 0);
            return;
        }
        int perRow = Math.toIntExact(view.runsPerRow());
        for (int run = 0; run < view.runs(); run += perRow) {
            long start = view.start(run);
            kernels.dequantizeRuns(formula, codes, start, perRow - 1, view.length(), scales, zeroPoints, run, y, start);
            int last = run + perRow - 1;
            start = view.start(last);
            kernels.dequantizeRuns(formula, codes, start, 1, view.length(last), scales, zeroPoints, last, y, start);
        }
    }

    /** Only the quantizer's decoding is used, which depends on neither how scales are found nor rounding. */
    static ScaleFormula decoding(QuantizedTensor x) {
        boolean floatZeroPoint =
                x.zeroPoint().filter(z -> z.type() == StorageType.F32).isPresent();
        return switch (x.format()) {
            case HalfFormat half -> throw new IllegalArgumentException(half + " has no scale");
            case BlockFormat block ->
                switch (block.scale()) {
                    case E8M0 -> new MxScale(block.element(), MxScaleMode.EVEN, WorkingType.FLOAT32);
                    case E4M3 -> new Nvfp4Scale(x.tensorScale().orElseThrow().floatAt(0), WorkingType.FLOAT32);
                    case EXPONENT -> new BfpScale(WorkingType.FLOAT32).stored();
                    case EXPONENT_AND_PAIR_BITS -> new PairScale(block, WorkingType.FLOAT32);
                };
            case IntFormat integer ->
                new RangeScale(
                        integer,
                        !floatZeroPoint,
                        ScaleType.FLOAT,
                        RoundType.HALF_EVEN,
                        floatZeroPoint ? ZeroPointType.FLOAT32 : ZeroPointType.INT32,
                        WorkingType.FLOAT32);
            case FloatFormat floating ->
                new RangeScale(floating, true, ScaleType.FLOAT, RoundType.HALF_EVEN, WorkingType.FLOAT32);
        };
    }
}
