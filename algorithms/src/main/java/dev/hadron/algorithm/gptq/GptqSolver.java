package dev.hadron.algorithm.gptq;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.algorithm.scaling.HostRows;
import dev.hadron.config.GPTQConfig;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.plan.LayerPlan;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Chooses the codes of one weight. With the Hessian {@code H = l l^T} in reversed order of the columns, the error of codes {@code q} is {@code
 * |(w - q) l|^2}; columns are taken from the last to the first, and each is rounded from the number that makes its component of {@code (w - q) l}
 * zero, given the columns that are done.
 *
 * <p>That is GPTQ's own order and result (its update with the Cholesky factor of the inverse moves the same errors), without the inverse. Rows
 * depend on nothing but {@code l}: threads take some of them each.
 */
final class GptqSolver {
    private static final int BLOCK = 128;
    private static final int ROWS = 128;
    /** Columns whose errors are carried to those beyond them at once: so much less often are sums read and written. */
    private static final int TOGETHER = 8;

    private final LayerWork work;
    private final TensorRuntime runtime;
    private final GPTQConfig config;
    private final String linear;
    private final LayerPlan plan;
    private final Hessian hessian;
    private final int columns;

    GptqSolver(LayerWork work, GPTQConfig config, String linear, Hessian hessian) {
        this.work = work;
        this.runtime = work.runtime();
        this.config = config;
        this.linear = linear;
        this.plan = work.plan(linear).orElseThrow();
        this.hessian = hessian;
        this.columns = hessian.width();
    }

    /** Gives the weight its codes, and the values that these stand for. */
    void solve() {
        String weight = linear + ".weight";
        float factor = 2f / work.inputs().windows();
        float[] diagonal = hessian.diagonal();
        boolean[] dead = new boolean[columns];
        for (int j = 0; j < columns; j++) {
            dead[j] = diagonal[j] == 0;
            diagonal[j] = dead[j] ? 1 : diagonal[j] * factor;
        }
        ScaleGrid grid = work.read(
                work.weights().get(weight),
                host -> ScaleGrid.of(plan, host, config, work.execution().parallel()));
        int[] order = order(diagonal);
        try (TensorRuntime.Scope unused = runtime.scope()) {
            DeviceTensor l = new Damping(work, linear, config.dampPercent()).factor(hessian, order, factor, diagonal);
            int block = grid.block(BLOCK);
            work.encode(linear, host -> {
                int rows = Math.toIntExact(grid.shape().extent(0));
                try (Arena arena = Arena.ofShared()) {
                    MemorySegment codes = arena.allocate(grid.shape().elements(), 64);
                    work.overItems(Math.ceilDiv(rows, ROWS), item -> {
                        int from = item * ROWS;
                        try (Arena ofItem = Arena.ofConfined()) {
                            int to = Math.min(rows, from + ROWS);
                            new Rows(l, block, order, dead, grid, host, codes, from, to, ofItem).solve();
                        }
                    });
                    return grid.assemble(codes, work.arena());
                }
            });
        }
    }

    /** Entry {@code a} is the column that is done as the {@code a}-th from the end. */
    private int[] order(float[] diagonal) {
        if (!config.descAct()) {
            return IntStream.range(0, columns).map(a -> columns - 1 - a).toArray();
        }
        return IntStream.range(0, columns)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(j -> diagonal[j]).thenComparing(Comparator.reverseOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Some rows of the weight, all of their columns; in the order of the work, so that what is needed together lies together. */
    private final class Rows {
        private final DeviceTensor l;
        private final int block;
        private final int[] order;
        private final ScaleGrid grid;
        private final Tensor weight;
        private final MemorySegment codes;
        private final int from;
        private final ElementQuantizer[][] quantizers;
        /** Which of a row's quantizers each column has, in the order of the work. */
        private final int[] quantizerOf;

        private final MemorySegment ordered;
        private final MemorySegment orderedCodes;
        /** The block on the diagonal of {@code l} whose columns are being rounded. */
        private final float[] diagonal;

        Rows(
                DeviceTensor l,
                int block,
                int[] order,
                boolean[] dead,
                ScaleGrid grid,
                Tensor weight,
                MemorySegment codes,
                int from,
                int to,
                Arena arena) {
            this.l = l;
            this.block = block;
            this.order = order;
            this.grid = grid;
            this.weight = weight;
            this.codes = codes;
            this.from = from;
            this.quantizers = new ElementQuantizer[to - from][];
            this.quantizerOf = IntStream.of(order).map(grid::indexInRow).toArray();
            this.ordered = arena.allocate((long) (to - from) * columns * Float.BYTES, 64);
            this.orderedCodes = arena.allocate((long) (to - from) * columns, 64);
            HostRows.read(weight, from, to, (row, elements) -> {
                long at = (row - from) * columns;
                for (int a = 0; a < columns; a++) {
                    ordered.setAtIndex(Tensor.FLOAT, at + a, dead[order[a]] ? 0 : elements[order[a]]);
                }
                quantizers[(int) row - from] = grid.ofRow((int) row);
            });
            this.diagonal = new float[block * block];
        }

        void solve() {
            int rows = quantizers.length;
            DeviceTensor errors = runtime.zeros(rows, columns);
            for (int end = columns; end > 0; end -= block) {
                int start = Math.max(0, end - block);
                DeviceTensor carried = runtime.zeros(rows, end - start);
                if (end < columns) {
                    runtime.addProduct(
                            carried,
                            runtime.block(errors, 0, rows, end, columns - end),
                            runtime.block(l, end, columns - end, start, end - start),
                            1f);
                }
                readDiagonal(start, end - start);
                runtime.read(
                        carried,
                        sums -> runtime.update(
                                errors,
                                host -> HostRows.read(
                                        sums, 0, rows, (row, sum) -> round((int) row, sum, start, host))));
                runtime.free(carried);
            }
            restoreOrder();
        }

        private void restoreOrder() {
            HostRows.edit(weight, from, from + quantizers.length, (row, elements) -> {
                long at = (row - from) * columns;
                for (int a = 0; a < columns; a++) {
                    elements[order[a]] = ordered.getAtIndex(Tensor.FLOAT, at + a);
                    byte code = orderedCodes.get(ValueLayout.JAVA_BYTE, at + a);
                    codes.set(ValueLayout.JAVA_BYTE, row * columns + order[a], code);
                }
            });
        }

        private void readDiagonal(int start, int width) {
            runtime.read(l, host -> {
                for (int row = 0; row < width; row++) {
                    long at = ((long) (start + row) * columns + start) * Float.BYTES;
                    MemorySegment.copy(host.data(), Tensor.FLOAT, at, diagonal, row * width, row + 1);
                }
            });
        }

        /** Rounds the columns of a block of a row, from the last to the first. */
        private void round(int row, float[] sums, int start, Tensor errors) {
            int width = sums.length;
            long at = (long) row * columns + start;
            float[] values = new float[width];
            MemorySegment.copy(ordered, Tensor.FLOAT, at * Float.BYTES, values, 0, width);
            ElementQuantizer[] ofRow = quantizers[row];
            grid.begin(from + row, order[start + width - 1], ofRow, () -> unrounded(values, sums));
            byte[] chosen = new byte[width];
            float[] error = new float[width];
            for (int end = width; end > 0; end -= TOGETHER) {
                int first = Math.max(0, end - TOGETHER);
                for (int b = end - 1; b >= first; b--) {
                    ElementQuantizer quantizer = ofRow[quantizerOf[start + b]];
                    chosen[b] = quantizer.storedCode(values[b] + sums[b] / diagonal[b * width + b]);
                    float value = quantizer.decode(chosen[b]);
                    error[b] = values[b] - value;
                    values[b] = value;
                    carry(error[b], diagonal, b, width, sums, first);
                }
                if (first > 0) {
                    carryTogether(error, diagonal, first, width, sums);
                }
            }
            MemorySegment.copy(values, 0, ordered, Tensor.FLOAT, at * Float.BYTES, width);
            MemorySegment.copy(chosen, 0, orderedCodes, ValueLayout.JAVA_BYTE, at, width);
            MemorySegment.copy(error, 0, errors.data(), Tensor.FLOAT, at * Float.BYTES, width);
        }

        /** The columns of a block as they are once those before are done, if none of them were rounded. */
        private float[] unrounded(float[] values, float[] sums) {
            int width = sums.length;
            float[] rest = sums.clone();
            float[] targets = new float[width];
            for (int b = width - 1; b >= 0; b--) {
                float move = -rest[b] / diagonal[b * width + b];
                targets[b] = values[b] - move;
                carry(move, diagonal, b, width, rest, 0);
            }
            return targets;
        }

        /** What the error of a column adds to the components of those that come after it, down to one of them. */
        private static void carry(float error, float[] diagonal, int b, int width, float[] sums, int downTo) {
            for (int c = downTo; c < b; c++) {
                sums[c] += error * diagonal[b * width + c];
            }
        }

        /** What the errors of {@value #TOGETHER} columns from {@code first} on add to those before, in the order in which they were made. */
        private static void carryTogether(float[] errors, float[] diagonal, int first, int width, float[] sums) {
            int at = first * width;
            float e0 = errors[first];
            float e1 = errors[first + 1];
            float e2 = errors[first + 2];
            float e3 = errors[first + 3];
            float e4 = errors[first + 4];
            float e5 = errors[first + 5];
            float e6 = errors[first + 6];
            float e7 = errors[first + 7];
            for (int c = 0; c < first; c++) {
                sums[c] = sums[c]
                        + e7 * diagonal[at + 7 * width + c]
                        + e6 * diagonal[at + 6 * width + c]
                        + e5 * diagonal[at + 5 * width + c]
                        + e4 * diagonal[at + 4 * width + c]
                        + e3 * diagonal[at + 3 * width + c]
                        + e2 * diagonal[at + 2 * width + c]
                        + e1 * diagonal[at + width + c]
                        + e0 * diagonal[at + c];
            }
        }
    }
}
