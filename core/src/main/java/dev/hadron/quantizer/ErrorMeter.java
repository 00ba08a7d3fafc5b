package dev.hadron.quantizer;

import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.util.BitSet;

/**
 * Compares a weight with what it was quantized to, slice by slice in any order. Any thread may add slices.
 *
 * <p>The sums are added up in float64 in the order in which slices come, so only their last digits depend on it.
 */
public final class ErrorMeter {
    private final long columns;
    private final long[] zerosOfRow;
    private final BitSet wasNotZero = new BitSet();
    private long elements;
    private double signal;
    private double noise;
    private float largestError;
    private long clipped;
    private long zeros;
    private long vanished;

    /** For a weight of that many rows and columns. */
    public ErrorMeter(long rows, long columns) {
        this.columns = columns;
        zerosOfRow = new long[Math.toIntExact(rows)];
    }

    /**
     * Compares a slice.
     *
     * @param source F32, F16 or BF16 {@code [rows, columns]}
     * @param quantized the same, quantized
     * @param firstRow which row of the weight the slice begins with
     */
    public void add(Tensor source, QuantizedTensor quantized, long firstRow) {
        ErrorRows rows = new ErrorRows(source, quantized);
        long[] zerosOfSlice = new long[Math.toIntExact(source.shape().extent(0))];
        BitSet notZero = new BitSet();
        compare(rows, zerosOfSlice, notZero);
        synchronized (this) {
            elements += source.elements();
            signal += rows.signal();
            noise += rows.noise();
            largestError = Math.max(largestError, rows.largestError());
            clipped += rows.clipped();
            vanished += rows.vanished();
            addZeros((int) firstRow, zerosOfSlice);
            notZero.stream().forEach(row -> wasNotZero.set((int) firstRow + row));
        }
    }

    private static void compare(ErrorRows rows, long[] zerosOfSlice, BitSet notZero) {
        for (int row = 0; row < zerosOfSlice.length; row++) {
            zerosOfSlice[row] = rows.compare(row);
            if (zerosOfSlice[row] == rows.columns() && rows.isSourceNotZero()) {
                notZero.set(row);
            }
        }
    }

    private void addZeros(int firstRow, long[] zerosOfSlice) {
        for (int row = 0; row < zerosOfSlice.length; row++) {
            zeros += zerosOfSlice[row];
            zerosOfRow[firstRow + row] += zerosOfSlice[row];
        }
    }

    /** What was found in all slices so far. */
    public synchronized ErrorStatistics statistics() {
        long dead =
                wasNotZero.stream().filter(row -> zerosOfRow[row] == columns).count();
        return new ErrorStatistics(elements, signal, noise, largestError, clipped, zeros, vanished, dead);
    }
}
