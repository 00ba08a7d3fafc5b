package dev.hadron.quantizer;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.RunView;
import dev.hadron.numerics.ScaleFormula;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/** The rows of a slice beside what they were quantized to. The sums are kept in lanes, which the compiler adds up several at a time. */
final class ErrorRows {
    private static final int LANES = 2048;

    private final Tensor source;
    private final QuantizedTensor quantized;
    private final RunView view;
    private final Optional<ErrorPlanes> planes;
    private final float[] scales;
    private final float[] zeroPoints;
    private final Ends ends;
    private final int columns;
    private final float[] x;
    private final float[] y;
    private final short[] halves;
    private final byte[] codes;
    private final double[] signal;
    private final double[] noise;
    private final float[] largest;
    private long clipped;
    private long vanished;
    private boolean sourceNotZero;

    /** The numbers beyond which rounding doesn't lead back to the range, at scale 1 and zero point 0. */
    private record Ends(float low, float high) {
        static Ends of(QuantizedTensor x) {
            if (x.format() instanceof HalfFormat) {
                return new Ends(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
            }
            ScaleFormula formula = Dequantizer.decoding(x);
            var quantizer = formula.quantizer(1f, 0f);
            float[] numbers = new float[1 << x.format().bits()];
            int count = 0;
            for (int code = 0; code < numbers.length; code++) {
                float number = quantizer.decode((byte) code);
                if (Float.isFinite(number)) {
                    numbers[count++] = number;
                }
            }
            Arrays.sort(numbers, 0, count);
            return new Ends(beyond(numbers[0], numbers[1]), beyond(numbers[count - 1], numbers[count - 2]));
        }

        private static float beyond(float end, float next) {
            return end + (end - next) / 2;
        }
    }

    ErrorRows(Tensor source, QuantizedTensor quantized) {
        this.source = source;
        this.quantized = quantized;
        boolean hasScale = !(quantized.format() instanceof HalfFormat);
        view = RunView.of(quantized.shape(), quantized.granularity());
        scales = hasScale ? quantized.scale().toFloats() : new float[] {1f};
        zeroPoints = zeroPoints(quantized, scales.length);
        ends = Ends.of(quantized);
        planes = ErrorPlanes.areFor(
                        source,
                        quantized,
                        Math.min(view.length(), source.shape().extent(1)))
                ? Optional.of(new ErrorPlanes(source, quantized))
                : Optional.empty();
        columns = Math.toIntExact(source.shape().extent(1));
        int inRow = planes.isPresent() ? 0 : columns;
        x = new float[inRow];
        y = new float[inRow];
        halves = new short[source.type() == StorageType.BF16 ? inRow : 0];
        codes = new byte[inRow];
        signal = new double[Math.min(LANES, inRow)];
        noise = new double[signal.length];
        largest = new float[signal.length];
    }

    int columns() {
        return columns;
    }

    double signal() {
        return planes.map(ErrorPlanes::signal)
                .orElseGet(() -> Arrays.stream(signal).sum());
    }

    double noise() {
        return planes.map(ErrorPlanes::noise)
                .orElseGet(() -> Arrays.stream(noise).sum());
    }

    float largestError() {
        if (planes.isPresent()) {
            return planes.get().largestError();
        }
        float most = 0;
        for (float error : largest) {
            most = Math.max(most, error);
        }
        return most;
    }

    long clipped() {
        return planes.map(ErrorPlanes::clipped).orElse(clipped);
    }

    long vanished() {
        return vanished;
    }

    /** Whether the row that was compared last has a number other than zero. */
    boolean isSourceNotZero() {
        return sourceNotZero;
    }

    /** Compares a row; returns how many of its elements became zero. */
    long compare(int row) {
        if (planes.isPresent()) {
            return compare(row, planes.get());
        }
        loadSource(row);
        decode(row);
        for (int from = 0; from < columns; from += signal.length) {
            add(x, y, from, Math.min(signal.length, columns - from), signal, noise, largest);
        }
        judgeRuns(row);
        sourceNotZero = !ErrorPlanes.isZero(x, 0, columns);
        return zeros(y);
    }

    private long compare(int row, ErrorPlanes pieces) {
        long before = pieces.zeros();
        sourceNotZero = false;
        int length = Math.min(end(0), columns);
        int piece = 2 * ErrorPlanes.PAIRS / length * length;
        int count;
        for (int from = 0; from < columns; from += count) {
            // Whole runs, or a part of one that is longer than a piece.
            count = piece > 0
                    ? Math.min(piece, columns - from)
                    : Math.min(2 * ErrorPlanes.PAIRS, Math.min(length - from % length, columns - from));
            pieces.load((long) row * columns + from, count);
            int run = run(row, from);
            for (int at = 0; at < count; at += length, run++) {
                int ofRun = Math.min(length, count - at);
                vanished +=
                        pieces.describeRun(at, ofRun, scales[run], (int) zeroPoints[run]) && length < columns ? 1 : 0;
            }
            pieces.sum(count);
            sourceNotZero |= !pieces.isZero(count);
        }
        return pieces.zeros() - before;
    }

    private void loadSource(int row) {
        long from = (long) row * columns;
        switch (source.type()) {
            case F32 -> MemorySegment.copy(source.data(), Tensor.FLOAT, from * Float.BYTES, x, 0, columns);
            case BF16 -> {
                MemorySegment.copy(source.data(), Tensor.SHORT, from * Short.BYTES, halves, 0, columns);
                widen(halves, x);
            }
            default -> Kernels.best().widen(source.data(), source.type(), from, MemorySegment.ofArray(x), 0, columns);
        }
    }

    private static void widen(short[] halves, float[] floats) {
        for (int i = 0; i < halves.length; i++) {
            floats[i] = Float.intBitsToFloat(halves[i] << 16);
        }
    }

    private void decode(int row) {
        long from = (long) row * columns;
        MemorySegment target = MemorySegment.ofArray(y);
        Kernels kernels = Kernels.best();
        if (quantized.format() instanceof HalfFormat half) {
            kernels.widen(quantized.codes(), half.type().storage(), from, target, 0, columns);
            return;
        }
        MemorySegment single = quantized.codes();
        long at = from;
        if (quantized.format().bits() == 4) {
            single = MemorySegment.ofArray(codes);
            kernels.unpackNibbles(quantized.codes(), from, single, 0, columns);
            at = 0;
        }
        ScaleFormula formula = Dequantizer.decoding(quantized);
        int length = Math.min(end(0), columns);
        int runs = columns / length;
        kernels.dequantizeRuns(formula, single, at, runs, length, scales, zeroPoints, run(row, 0), target, 0);
        int rest = columns - runs * length;
        if (rest > 0) {
            int done = runs * length;
            kernels.dequantizeRuns(
                    formula, single, at + done, 1, rest, scales, zeroPoints, run(row, done), target, done);
        }
    }

    /** Which scale the element of a row has. */
    private int run(int row, int column) {
        long runLength = view.length();
        if (runLength >= columns) {
            // A scale for the row, or for several.
            return (int) Math.min(row * (long) columns / runLength, scales.length - 1);
        }
        return Math.toIntExact(row * Math.ceilDiv(columns, runLength) + column / runLength);
    }

    /** Where in the row the run ends that begins at a column. */
    private int end(int column) {
        return (int) Math.min(columns, column + Math.max(1, view.length()));
    }

    private static void add(
            float[] x, float[] y, int from, int count, double[] signal, double[] noise, float[] largest) {
        for (int i = 0; i < count; i++) {
            double number = x[from + i];
            signal[i] += number * number;
        }
        for (int i = 0; i < count; i++) {
            double difference = x[from + i] - y[from + i];
            noise[i] += difference * difference;
        }
        for (int i = 0; i < count; i++) {
            largest[i] = Math.max(largest[i], Math.abs(x[from + i] - y[from + i]));
        }
    }

    private void judgeRuns(int row) {
        // A block's scale follows from its largest number, which therefore never becomes zero; pairs are no runs of
        // their own.
        boolean isRun = !(quantized.format() instanceof BlockFormat) && view.length() < columns;
        int run = run(row, 0);
        for (int at = 0; at < columns; run++) {
            int end = end(at);
            float low = (ends.low() - zeroPoints[run]) * scales[run];
            float high = (ends.high() - zeroPoints[run]) * scales[run];
            clipped += outside(x, at, end, low, high);
            vanished += isRun && ErrorPlanes.isZero(y, at, end) && !ErrorPlanes.isZero(x, at, end) ? 1 : 0;
            at = end;
        }
    }

    private static int outside(float[] x, int from, int to, float low, float high) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += x[i] < low || x[i] > high ? 1 : 0;
        }
        return count;
    }

    private static long zeros(float[] y) {
        int count = 0;
        for (float number : y) {
            count += number == 0 ? 1 : 0;
        }
        return count;
    }

    private static float[] zeroPoints(QuantizedTensor x, int count) {
        float[] zeroPoints = new float[count];
        x.zeroPoint().ifPresent(zeros -> {
            if (zeros.type() == StorageType.F32) {
                System.arraycopy(zeros.toFloats(), 0, zeroPoints, 0, count);
                return;
            }
            int[] whole = zeros.toInts();
            for (int i = 0; i < count; i++) {
                zeroPoints[i] = whole[i];
            }
        });
        return zeroPoints;
    }
}
