package dev.hadron.quantizer;

import dev.hadron.dtype.StorageType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.numerics.RunView;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Quantizes runs of a tensor that each find their own scale, on the calling thread.
 *
 * @param name what messages call the tensor
 */
record RunQuantizer(ScaleFormula formula, String name) {
    /** Whether the runs of such a tensor can be quantized where they lie: in order, and 4-bit ones in whole bytes. */
    boolean isDirect(RunView view) {
        boolean wholeBytes = formula.format().bits() != 4 || (view.length() % 2 == 0 && view.rowLength() % 2 == 0);
        return view.isContiguous() && wholeBytes;
    }

    /** How many scales the runs of such a tensor have. */
    int scales(RunView view) {
        return view.hasShortRuns()
                ? Math.toIntExact(view.runs() / view.runsPerRow() * scalesOfRow(view))
                : Math.toIntExact(view.runs() * scalesOfRun(view.length()));
    }

    /**
     * Quantizes runs {@code from} to {@code to}, which lie {@link #isDirect in order}: whole rows where rows end in a short run.
     *
     * @param codes receives the packed codes of the whole tensor
     */
    void quantize(Tensor x, RunView view, long from, long to, MemorySegment codes, QuantizationParameters parameters) {
        if (!view.hasShortRuns()) {
            quantize(
                    x,
                    view.start(from),
                    to - from,
                    view.length(),
                    codes,
                    parameters,
                    from * scalesOfRun(view.length()));
            return;
        }
        long perRow = view.runsPerRow();
        for (long row = from / perRow; row < to / perRow; row++) {
            long last = (row + 1) * perRow - 1;
            long scale = row * scalesOfRow(view);
            quantize(x, view.start(row * perRow), perRow - 1, view.length(), codes, parameters, scale);
            long scaleOfLast = scale + (perRow - 1) * scalesOfRun(view.length());
            quantize(x, view.start(last), 1, view.length(last), codes, parameters, scaleOfLast);
        }
    }

    /** Quantizes runs in the order in which {@link RunView#gather} brings them, to one code a byte. */
    void quantizeGathered(MemorySegment floats, RunView view, MemorySegment codes, QuantizationParameters parameters) {
        Tensor runs = new Tensor(StorageType.F32, Shape.of(floats.byteSize() / Float.BYTES), floats);
        Kernels kernels = Kernels.best();
        for (long run = 0; run < view.runs(); run++) {
            long start = view.start(run);
            long length = view.length(run);
            if (formula.format().bits() != 4) {
                long scale = view.hasShortRuns()
                        ? run / view.runsPerRow() * scalesOfRow(view)
                                + run % view.runsPerRow() * scalesOfRun(view.length())
                        : run * scalesOfRun(length);
                quantize(runs, start, 1, length, codes, parameters, scale);
                continue;
            }
            var range = kernels.range(floats, start, length);
            if (!range.isFinite()) {
                throw notFinite(name);
            }
            var one = formula.parameters(range);
            parameters.scale()[(int) run] = one.scale();
            parameters.zeroPoint()[(int) run] = one.zeroPoint();
            kernels.quantize(formula.quantizer(one.scale(), one.zeroPoint()), floats, start, codes, start, length);
        }
    }

    private void quantize(
            Tensor x,
            long start,
            long runs,
            long length,
            MemorySegment codes,
            QuantizationParameters parameters,
            long firstScale) {
        long bad = Kernels.best()
                .quantizeRuns(
                        formula,
                        x.data(),
                        x.type(),
                        start,
                        runs,
                        length,
                        codes,
                        start,
                        parameters.scale(),
                        parameters.zeroPoint(),
                        Math.toIntExact(firstScale));
        if (bad >= 0) {
            throw notFinite(name);
        }
    }

    private long scalesOfRun(long length) {
        return Math.ceilDiv(length, Math.max(1, formula.elementsPerScale(length)));
    }

    private long scalesOfRow(RunView view) {
        long last = view.length(view.runsPerRow() - 1);
        return (view.runsPerRow() - 1) * scalesOfRun(view.length()) + scalesOfRun(last);
    }

    static InvalidInputException notFinite(String name) {
        return new InvalidInputException(
                name
                        + " holds NaN or infinity; quantization needs finite numbers: repair the checkpoint or exclude the layer");
    }
}
