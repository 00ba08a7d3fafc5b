package dev.hadron.algorithm.gptq;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.config.GPTQConfig;
import dev.hadron.model.runtime.DeviceTensor;
import java.util.Comparator;
import java.util.stream.IntStream;

/** What the weights that share a Hessian {@code H} have in common: {@code H = l l^T} in the order in which their columns are done. */
final class HessianFactor {
    private final DeviceTensor l;
    private final int[] order;
    private final boolean[] dead;

    private HessianFactor(DeviceTensor l, int[] order, boolean[] dead) {
        this.l = l;
        this.order = order;
        this.dead = dead;
    }

    /**
     * Factors a Hessian.
     *
     * @param linears whose Hessian it is, for the user
     */
    static HessianFactor of(LayerWork work, GPTQConfig config, Hessian hessian, String linears) {
        float factor = 2f / work.inputs().windows();
        float[] diagonal = hessian.diagonal();
        boolean[] dead = new boolean[diagonal.length];
        for (int j = 0; j < dead.length; j++) {
            dead[j] = diagonal[j] == 0;
            diagonal[j] = dead[j] ? 1 : diagonal[j] * factor;
        }
        int[] order = order(diagonal, config.descAct());
        DeviceTensor l = new Damping(work, linears, config.dampPercent()).factor(hessian, order, factor, diagonal);
        return new HessianFactor(l, order, dead);
    }

    /** {@code [columns, columns]}, of which the lower triangle counts. */
    DeviceTensor l() {
        return l;
    }

    int columns() {
        return order.length;
    }

    /** The column that is done as the {@code a}-th from the end. */
    int column(int a) {
        return order[a];
    }

    /** Whether no input ever reaches a column, by its index in the weight. */
    boolean isDead(int column) {
        return dead[column];
    }

    private static int[] order(float[] diagonal, boolean byDiagonal) {
        int columns = diagonal.length;
        if (!byDiagonal) {
            return IntStream.range(0, columns).map(a -> columns - 1 - a).toArray();
        }
        return IntStream.range(0, columns)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(j -> diagonal[j]).thenComparing(Comparator.reverseOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
