package dev.hadron.algorithm.gptq;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The factorization {@code a = l l^T} in place, block by block: memory for one matrix, and nearly all of the work in products of blocks that
 * threads share. Each block is changed by one thread at a time in a fixed order.
 */
final class BlockedCholesky {
    private static final long BLOCK = 256;
    private static final long TILE = 1024;

    private final LayerWork work;
    private final TensorRuntime runtime;
    private final DeviceTensor a;
    private final long size;

    private BlockedCholesky(LayerWork work, DeviceTensor a) {
        this.work = work;
        this.runtime = work.runtime();
        this.a = a;
        this.size = a.shape()[0];
    }

    /**
     * Factors a matrix.
     *
     * @param a {@code [n, n]}, of which the lower triangle is read and becomes {@code l}
     * @return whether it is positive definite in float32; if not, {@code a} holds nothing of use
     */
    static boolean factor(LayerWork work, DeviceTensor a) {
        return new BlockedCholesky(work, a).factor();
    }

    private boolean factor() {
        for (long at = 0; at < size; at += BLOCK) {
            long width = Math.min(BLOCK, size - at);
            try (TensorRuntime.Scope unused = runtime.scope()) {
                DeviceTensor diagonal = runtime.block(a, at, width, at, width);
                Optional<DeviceTensor> factor = runtime.cholesky(diagonal);
                if (factor.isEmpty()) {
                    return false;
                }
                runtime.copy(factor.get(), diagonal);
                DeviceTensor inverse = runtime.solveLower(factor.get(), identity(width));
                solvePanel(at, width, inverse);
                updateRest(at, width);
            }
        }
        return true;
    }

    /** Rows below the diagonal block: {@code a l^-T}. */
    private void solvePanel(long at, long width, DeviceTensor inverse) {
        List<Long> rows = tiles(at + width);
        DeviceTensor transposed = runtime.transpose(inverse);
        work.overItems(rows.size(), item -> {
            long row = rows.get(item);
            DeviceTensor part = runtime.block(a, row, Math.min(TILE, size - row), at, width);
            DeviceTensor solved = runtime.zeros(part.shape());
            runtime.addProduct(solved, part, transposed, 1f);
            runtime.copy(solved, part);
        });
    }

    /** What is to the right and below loses the product of the panel with itself. */
    private void updateRest(long at, long width) {
        List<Long> starts = tiles(at + width);
        List<long[]> pairs = new ArrayList<>();
        for (long row : starts) {
            for (long column : starts) {
                if (column <= row) {
                    pairs.add(new long[] {row, column});
                }
            }
        }
        work.overItems(pairs.size(), item -> {
            long row = pairs.get(item)[0];
            long column = pairs.get(item)[1];
            long rows = Math.min(TILE, size - row);
            long columns = Math.min(TILE, size - column);
            runtime.addProduct(
                    runtime.block(a, row, rows, column, columns),
                    runtime.block(a, row, rows, at, width),
                    runtime.transpose(runtime.block(a, column, columns, at, width)),
                    -1f);
        });
    }

    private List<Long> tiles(long from) {
        List<Long> starts = new ArrayList<>();
        for (long start = from; start < size; start += TILE) {
            starts.add(start);
        }
        return starts;
    }

    private DeviceTensor identity(long width) {
        DeviceTensor identity = runtime.zeros(width, width);
        runtime.update(identity, host -> {
            for (long i = 0; i < width; i++) {
                host.data().set(Tensor.FLOAT, i * (width + 1) * Float.BYTES, 1f);
            }
        });
        return identity;
    }
}
