package dev.hadron.algorithm.gptq;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.error.InvalidInputException;
import dev.hadron.model.runtime.DeviceTensor;

/**
 * Factors a Hessian: its diagonal gets {@code damp_percent} of its mean, and where that doesn't make it positive definite, more, tenfold each
 * time.
 */
final class Damping {
    private static final int MOST_RAISES = 5;
    private static final double SMALLEST_SHARE = 1e-6;
    private static final double EPSILON = Math.ulp(1f);

    private final LayerWork work;
    private final String linear;
    private final double dampPercent;

    Damping(LayerWork work, String linear, double dampPercent) {
        this.work = work;
        this.linear = linear;
        this.dampPercent = dampPercent;
    }

    /**
     * The lower factor of the Hessian in another order of its columns.
     *
     * @param diagonal of the Hessian times {@code factor}, in the Hessian's own order, positive
     */
    DeviceTensor factor(Hessian hessian, int[] order, float factor, float[] diagonal) {
        double mean = 0;
        for (float value : diagonal) {
            mean += value;
        }
        mean /= diagonal.length;
        double damp = dampPercent * mean;
        double raised = 0;
        for (int raise = 0; raise <= MOST_RAISES; raise++) {
            DeviceTensor ordered = hessian.ordered(order, factor, damped(order, diagonal, damp + raised));
            if (BlockedCholesky.factor(work, ordered)) {
                if (raised > 0) {
                    work.note("gptq: the Hessian of " + linear + " is singular at damp_percent " + dampPercent
                            + "; it was damped by "
                            + String.format(java.util.Locale.ROOT, "%.3g", (damp + raised) / mean)
                            + " of its mean diagonal instead");
                }
                return ordered;
            }
            work.runtime().free(ordered);
            raised = raised == 0 ? Math.max(damp, Math.max(SMALLEST_SHARE * mean, EPSILON)) : raised * 10;
        }
        throw new InvalidInputException("gptq: the Hessian of layer " + linear
                + " can't be factored even with a hundred thousand times the damping; its inputs are broken or far too few:"
                + " give more calibration data or exclude the layer");
    }

    private static float[] damped(int[] order, float[] diagonal, double damp) {
        float[] damped = new float[order.length];
        for (int a = 0; a < order.length; a++) {
            damped[a] = (float) (diagonal[order[a]] + damp);
        }
        return damped;
    }
}
