package dev.hadron.algorithm.gptq;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/**
 * Some rows of a weight, all of their columns, while their codes are chosen. They lie column by column in the order of the work, so that what is
 * needed together lies together.
 */
final class RowStrip {
    private static final int BLOCK = 128;
    /** Rows that become columns at a time. They pass through arrays, where loops are fast. */
    private static final int TURNED = 16;

    private final TensorRuntime runtime;
    private final HessianFactor factor;
    private final ScaleGrid grid;
    private final Tensor weight;
    private final MemorySegment weightCodes;
    private final int from;
    private final int rows;
    private final int columns;
    /** What quantizes the columns of each row. */
    private final ElementQuantizer[][] quantizers;
    /** Which of a row's quantizers each column has, in the order of the work. */
    private final int[] quantizerOf;

    private final MemorySegment values;
    private final MemorySegment codes;
    private final ColumnBlock block;

    /**
     * Rows {@code from} to {@code to} of a weight.
     *
     * @param weight {@code [out, in]}, which gets the values of the codes
     * @param weightCodes gets the codes, one a byte
     * @param arena of what the work needs
     */
    RowStrip(
            TensorRuntime runtime,
            HessianFactor factor,
            ScaleGrid grid,
            Tensor weight,
            MemorySegment weightCodes,
            int from,
            int to,
            Arena arena) {
        this.runtime = runtime;
        this.factor = factor;
        this.grid = grid;
        this.weight = weight;
        this.weightCodes = weightCodes;
        this.from = from;
        this.rows = to - from;
        this.columns = factor.columns();
        this.quantizers = new ElementQuantizer[rows][];
        this.quantizerOf = IntStream.range(0, columns)
                .map(a -> grid.indexInRow(factor.column(a)))
                .toArray();
        this.values = arena.allocate((long) columns * rows * Float.BYTES, 64);
        this.codes = arena.allocate((long) columns * rows, 64);
        this.block = new ColumnBlock(grid.block(BLOCK), rows);
    }

    void solve() {
        readWeight();
        DeviceTensor errors = runtime.zeros(columns, rows);
        for (int end = columns; end > 0; end -= block.most()) {
            solve(Math.max(0, end - block.most()), end, errors);
        }
        writeWeight();
    }

    /** Does some columns, after all that lie behind them. */
    private void solve(int start, int end, DeviceTensor errors) {
        DeviceTensor carried = runtime.zeros(end - start, rows);
        if (end < columns) {
            DeviceTensor l = runtime.block(factor.l(), end, columns - end, start, end - start);
            DeviceTensor done = runtime.block(errors, end, columns - end, 0, rows);
            runtime.addProduct(carried, runtime.transpose(l), done, 1f);
        }
        runtime.read(factor.l(), l -> block.begin(l, start, end));
        runtime.read(carried, sums -> block.read(values, sums));
        round(start, end);
        runtime.update(errors, host -> block.write(values, codes, host.data()));
        runtime.free(carried);
    }

    /** Rounds some columns of all rows. */
    private void round(int start, int end) {
        if (grid.isFoundOnTheWay()) {
            float[][] unrounded = block.unrounded();
            for (int row = 0; row < rows; row++) {
                grid.begin(from + row, factor.column(end - 1), quantizers[row], ColumnBlock.row(unrounded, row));
            }
        }
        ElementQuantizer[] ofColumn = new ElementQuantizer[rows];
        block.round(b -> {
            int index = quantizerOf[start + b];
            if (start + b == end - 1 || index != quantizerOf[start + b + 1]) {
                for (int row = 0; row < rows; row++) {
                    ofColumn[row] = quantizers[row][index];
                }
            }
            return ofColumn;
        });
    }

    private void readWeight() {
        for (int row = 0; row < rows; row++) {
            quantizers[row] = grid.ofRow(from + row);
        }
        float[][] read = new float[TURNED][columns];
        float[] column = new float[TURNED];
        for (int first = 0; first < rows; first += TURNED) {
            int count = Math.min(TURNED, rows - first);
            for (int row = 0; row < count; row++) {
                MemorySegment.copy(
                        weight.data(), Tensor.FLOAT, element(first + row) * Float.BYTES, read[row], 0, columns);
            }
            for (int a = 0; a < columns; a++) {
                int j = factor.column(a);
                for (int row = 0; row < count; row++) {
                    column[row] = factor.isDead(j) ? 0 : read[row][j];
                }
                MemorySegment.copy(column, 0, values, Tensor.FLOAT, ((long) a * rows + first) * Float.BYTES, count);
            }
        }
    }

    private void writeWeight() {
        float[][] written = new float[TURNED][columns];
        byte[][] writtenCodes = new byte[TURNED][columns];
        float[] column = new float[TURNED];
        byte[] columnCodes = new byte[TURNED];
        for (int first = 0; first < rows; first += TURNED) {
            int count = Math.min(TURNED, rows - first);
            for (int a = 0; a < columns; a++) {
                long at = (long) a * rows + first;
                MemorySegment.copy(values, Tensor.FLOAT, at * Float.BYTES, column, 0, count);
                MemorySegment.copy(codes, ValueLayout.JAVA_BYTE, at, columnCodes, 0, count);
                int j = factor.column(a);
                for (int row = 0; row < count; row++) {
                    written[row][j] = column[row];
                    writtenCodes[row][j] = columnCodes[row];
                }
            }
            for (int row = 0; row < count; row++) {
                long at = element(first + row);
                MemorySegment.copy(written[row], 0, weight.data(), Tensor.FLOAT, at * Float.BYTES, columns);
                MemorySegment.copy(writtenCodes[row], 0, weightCodes, ValueLayout.JAVA_BYTE, at, columns);
            }
        }
    }

    /** Where a row begins in the weight. */
    private long element(int row) {
        return (long) (from + row) * columns;
    }
}
