package dev.hadron.algorithm.gptq;

import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntFunction;

/**
 * Some columns of some rows while they are rounded, the last column first. A column's rows lie together: they don't depend on each other, so the
 * processor works on several at once where the columns of one row have to wait for each other.
 */
final class ColumnBlock {
    /** Columns whose errors are carried to those beyond them at once: so much less often are sums read and written. */
    private static final int TOGETHER = 8;

    private final int most;
    private final int rows;
    /** The part of the factor that these columns have in common, {@code [width, width]}, its lower triangle. */
    private final float[] factor;

    private final float[][] values;
    private final float[][] sums;
    private final float[][] errors;
    private final byte[][] codes;
    private final float[] targets;
    private int start;
    private int width;

    /** Memory for so many columns of so many rows. */
    ColumnBlock(int most, int rows) {
        this.most = most;
        this.rows = rows;
        this.factor = new float[most * most];
        this.values = new float[most][rows];
        this.sums = new float[most][rows];
        this.errors = new float[most][rows];
        this.codes = new byte[most][rows];
        this.targets = new float[rows];
    }

    /** How many columns are done together at most. */
    int most() {
        return most;
    }

    /** Takes the columns from {@code start} to {@code end}, and what of the factor belongs to them. */
    void begin(Tensor l, int start, int end) {
        this.start = start;
        this.width = end - start;
        long size = l.shape().extent(1);
        for (int b = 0; b < width; b++) {
            long at = ((start + b) * size + start) * Float.BYTES;
            MemorySegment.copy(l.data(), Tensor.FLOAT, at, factor, b * width, b + 1);
        }
    }

    /**
     * Reads the columns' elements and what earlier columns' errors add to their components.
     *
     * @param matrix {@code [columns, rows]}
     * @param carried {@code [width, rows]}
     */
    void read(MemorySegment matrix, Tensor carried) {
        for (int b = 0; b < width; b++) {
            MemorySegment.copy(matrix, Tensor.FLOAT, at(start + b) * Float.BYTES, values[b], 0, rows);
            MemorySegment.copy(carried.data(), Tensor.FLOAT, at(b) * Float.BYTES, sums[b], 0, rows);
        }
    }

    /** The columns as they are once those before are done, if none of them were rounded: {@code [width][rows]}. */
    float[][] unrounded() {
        float[][] rest = new float[width][];
        float[][] unrounded = new float[width][rows];
        float[] move = new float[rows];
        for (int b = 0; b < width; b++) {
            rest[b] = sums[b].clone();
        }
        for (int b = width - 1; b >= 0; b--) {
            float d = factor[b * width + b];
            for (int row = 0; row < rows; row++) {
                move[row] = -rest[b][row] / d;
                unrounded[b][row] = values[b][row] - move[row];
            }
            carry(move, b, rest, 0);
        }
        return unrounded;
    }

    /** One row of columns. */
    static float[] row(float[][] columns, int row) {
        float[] elements = new float[columns.length];
        for (int b = 0; b < elements.length; b++) {
            elements[b] = columns[b][row];
        }
        return elements;
    }

    /**
     * Chooses all codes.
     *
     * @param quantizers what quantizes a column in each of the rows
     */
    void round(IntFunction<ElementQuantizer[]> quantizers) {
        for (int end = width; end > 0; end -= TOGETHER) {
            int first = Math.max(0, end - TOGETHER);
            for (int b = end - 1; b >= first; b--) {
                round(b, quantizers.apply(b));
                carry(errors[b], b, sums, first);
            }
            if (first > 0) {
                carryTogether(first);
            }
        }
    }

    private void round(int b, ElementQuantizer[] quantizers) {
        float[] value = values[b];
        float[] sum = sums[b];
        float[] error = errors[b];
        byte[] code = codes[b];
        float d = factor[b * width + b];
        for (int row = 0; row < rows; row++) {
            targets[row] = value[row] + sum[row] / d;
        }
        for (int row = 0; row < rows; row++) {
            ElementQuantizer quantizer = quantizers[row];
            code[row] = quantizer.storedCode(targets[row]);
            targets[row] = quantizer.decode(code[row]);
        }
        for (int row = 0; row < rows; row++) {
            error[row] = value[row] - targets[row];
            value[row] = targets[row];
        }
    }

    /** What the errors of a column add to the components of those that come after it, down to one of them. */
    private void carry(float[] error, int b, float[][] sums, int downTo) {
        for (int c = downTo; c < b; c++) {
            float l = factor[b * width + c];
            float[] sum = sums[c];
            for (int row = 0; row < rows; row++) {
                sum[row] += error[row] * l;
            }
        }
    }

    /** What the errors of {@value #TOGETHER} columns from {@code first} on add to those before, in the order in which they were made. */
    private void carryTogether(int first) {
        float[] e0 = errors[first];
        float[] e1 = errors[first + 1];
        float[] e2 = errors[first + 2];
        float[] e3 = errors[first + 3];
        float[] e4 = errors[first + 4];
        float[] e5 = errors[first + 5];
        float[] e6 = errors[first + 6];
        float[] e7 = errors[first + 7];
        for (int c = 0; c < first; c++) {
            int at = first * width + c;
            float l0 = factor[at];
            float l1 = factor[at + width];
            float l2 = factor[at + 2 * width];
            float l3 = factor[at + 3 * width];
            float l4 = factor[at + 4 * width];
            float l5 = factor[at + 5 * width];
            float l6 = factor[at + 6 * width];
            float l7 = factor[at + 7 * width];
            float[] sum = sums[c];
            for (int row = 0; row < rows; row++) {
                sum[row] = sum[row]
                        + e7[row] * l7
                        + e6[row] * l6
                        + e5[row] * l5
                        + e4[row] * l4
                        + e3[row] * l3
                        + e2[row] * l2
                        + e1[row] * l1
                        + e0[row] * l0;
            }
        }
    }

    /** Writes what became of the columns. Each target is {@code [columns, rows]}. */
    void write(MemorySegment matrix, MemorySegment matrixCodes, MemorySegment matrixErrors) {
        for (int b = 0; b < width; b++) {
            long at = at(start + b);
            MemorySegment.copy(values[b], 0, matrix, Tensor.FLOAT, at * Float.BYTES, rows);
            MemorySegment.copy(codes[b], 0, matrixCodes, ValueLayout.JAVA_BYTE, at, rows);
            MemorySegment.copy(errors[b], 0, matrixErrors, Tensor.FLOAT, at * Float.BYTES, rows);
        }
    }

    private long at(int column) {
        return (long) column * rows;
    }
}
