package dev.hadron.quantizer;

import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.Kernels;
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
        RunView view = RunView.of(x.shape(), x.granularity());
        Tensor result = Tensor.allocate(arena, StorageType.F32, x.shape());
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment codes = x.codes();
            if (x.dtype().bits() == 4) {
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
        // Only the quantizer's decoding is used, which depends on neither the scale's type nor rounding.
        ScaleFormula formula =
                new ScaleFormula(x.dtype().format(), true, ScaleType.FLOAT, RoundType.HALF_EVEN, WorkingType.FLOAT32);
        for (int run = 0; run < view.runs(); run++) {
            int current = run;
            ElementQuantizer quantizer = formula.quantizer(
                    x.scale().floatAt(run),
                    x.zeroPoint().map(z -> z.intAt(current)).orElse(0));
            Kernels.best().dequantize(quantizer, codes, run * view.length(), y, run * view.length(), view.length());
        }
    }
}
