package dev.hadron.algorithm.gptq;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.config.GPTQConfig;
import dev.hadron.plan.LayerPlan;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Chooses the codes of one weight. With the Hessian {@code H = l l^T} in reversed order of the columns, the error of codes {@code q} is {@code
 * |(w - q) l|^2}; columns are taken from the last to the first, and each is rounded from the number that makes its component of {@code (w - q) l}
 * zero, given the columns that are done.
 *
 * <p>That is GPTQ's own order and result (its update with the Cholesky factor of the inverse moves the same errors), without the inverse. Rows
 * depend on nothing but {@code l}: threads take some of them each.
 */
final class GptqSolver {
    private static final int ROWS = 256;

    private final LayerWork work;
    private final GPTQConfig config;
    private final String linear;
    private final LayerPlan plan;
    private final HessianFactor factor;

    GptqSolver(LayerWork work, GPTQConfig config, String linear, HessianFactor factor) {
        this.work = work;
        this.config = config;
        this.linear = linear;
        this.plan = work.plan(linear).orElseThrow();
        this.factor = factor;
    }

    /** Gives the weight its codes, and the values that these stand for. */
    void solve() {
        ScaleGrid grid = work.read(
                work.weights().get(linear + ".weight"),
                host -> ScaleGrid.of(plan, host, config, work.execution().parallel()));
        work.encode(linear, weight -> encode(weight, grid));
    }

    private QuantizedTensor encode(Tensor weight, ScaleGrid grid) {
        int rows = Math.toIntExact(weight.shape().extent(0));
        try (Arena arena = Arena.ofShared()) {
            MemorySegment codes = arena.allocate(weight.elements(), 64);
            work.overItems(Math.ceilDiv(rows, ROWS), item -> {
                int from = item * ROWS;
                int to = Math.min(rows, from + ROWS);
                try (Arena ofItem = Arena.ofConfined()) {
                    new RowStrip(work.runtime(), factor, grid, weight, codes, from, to, ofItem).solve();
                }
            });

            return grid.assemble(codes, work.arena());
        }
    }
}
