package dev.hadron.algorithm.gptq;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The sum of {@code x^T x} over all tokens that reach a group of linear layers, up to a factor their Hessian. Only tiles on and below the
 * diagonal are summed, each by one thread in the order of the windows, so that the result doesn't depend on the number of threads.
 */
final class Hessian {
    private static final long TILE = 1024;

    private final LayerWork work;
    private final int width;
    private final DeviceTensor sum;
    private final List<Tile> tiles = new ArrayList<>();
    private long tokens;

    private record Tile(long row, long rows, long column, long columns) {}

    /** Zeros, which live as long as the innermost open scope. */
    Hessian(LayerWork work, int width) {
        this.work = work;
        this.width = width;
        this.sum = work.runtime().zeros(width, width);
        for (long row = 0; row < width; row += TILE) {
            for (long column = 0; column <= row; column += TILE) {
                tiles.add(new Tile(row, Math.min(TILE, width - row), column, Math.min(TILE, width - column)));
            }
        }
    }

    int width() {
        return width;
    }

    long tokens() {
        return tokens;
    }

    /** Adds the inputs of a window, {@code [tokens, width]}. */
    void add(DeviceTensor x) {
        long rows = x.shape()[0];
        tokens += rows;
        DeviceTensor transposed = work.runtime().transpose(x);
        work.overItems(tiles.size(), item -> {
            Tile tile = tiles.get(item);
            var runtime = work.runtime();
            runtime.addProduct(
                    runtime.block(sum, tile.row(), tile.rows(), tile.column(), tile.columns()),
                    runtime.block(transposed, tile.row(), tile.rows(), 0, rows),
                    runtime.block(x, 0, rows, tile.column(), tile.columns()),
                    1f);
        });
    }

    /** The diagonal. */
    float[] diagonal() {
        return work.read(sum, host -> {
            float[] diagonal = new float[width];
            for (int j = 0; j < width; j++) {
                diagonal[j] = host.floatAt((long) j * width + j);
            }
            return diagonal;
        });
    }

    /**
     * The matrix with rows and columns in another order, times a factor, with something on the diagonal: its lower triangle. What is above is
     * not set.
     *
     * @param order entry {@code a} is the row that becomes row {@code a}
     * @param diagonal the whole diagonal, in the new order
     */
    DeviceTensor ordered(int[] order, float factor, float[] diagonal) {
        DeviceTensor ordered = work.runtime().zeros(width, width);
        mirror();
        Parallel parallel = work.execution().parallel();
        work.runtime()
                .read(
                        sum,
                        source -> work.runtime()
                                .update(
                                        ordered,
                                        target -> parallel.forRanges(
                                                width,
                                                1,
                                                (from, to) -> order(
                                                        source,
                                                        order,
                                                        factor,
                                                        diagonal,
                                                        (int) from,
                                                        (int) to,
                                                        target))));
        return ordered;
    }

    /** Fills tiles above the diagonal from those below. */
    private void mirror() {
        work.overItems(tiles.size(), item -> {
            Tile tile = tiles.get(item);
            if (tile.column() < tile.row()) {
                var runtime = work.runtime();
                runtime.copy(
                        runtime.transpose(runtime.block(sum, tile.row(), tile.rows(), tile.column(), tile.columns())),
                        runtime.block(sum, tile.column(), tile.columns(), tile.row(), tile.rows()));
            }
        });
    }

    /** Fills rows {@code from} to {@code to} of the lower triangle. Rows pass through arrays, where loops are fast. */
    private void order(Tensor source, int[] order, float factor, float[] diagonal, int from, int to, Tensor target) {
        float[] row = new float[width];
        float[] ordered = new float[width];
        for (int a = from; a < to; a++) {
            MemorySegment.copy(source.data(), Tensor.FLOAT, (long) order[a] * width * Float.BYTES, row, 0, width);
            for (int b = 0; b < a; b++) {
                ordered[b] = row[order[b]] * factor;
            }
            ordered[a] = diagonal[a];
            MemorySegment.copy(ordered, 0, target.data(), Tensor.FLOAT, (long) a * width * Float.BYTES, a + 1);
        }
    }

    void free() {
        work.runtime().free(sum);
    }
}
