package dev.hadron.rotation;

import dev.hadron.numerics.HadamardTransform;

/** {@code diag(s)·R} with {@code R = H_n/√n}, or its transpose {@code Rᵀ·diag(s)}. */
final class HadamardRotation implements Rotation {
    private final HadamardTransform transform;
    private final double[] signs;
    private final boolean signsLast;

    /** Without signs. */
    HadamardRotation(HadamardTransform transform) {
        this(transform, new double[0], false);
    }

    /**
     * With signs.
     *
     * @param signs 1 and −1, or none
     */
    HadamardRotation(HadamardTransform transform, double[] signs, boolean signsLast) {
        this.transform = transform;
        this.signs = signs;
        this.signsLast = signsLast;
    }

    @Override
    public int size() {
        return transform.size();
    }

    @Override
    public Rotation transposed() {
        return new HadamardRotation(transform.inverse(), signs, !signsLast);
    }

    @Override
    public void rotate(double[] panel) {
        if (!signsLast) {
            multiplySigns(panel);
        }
        transform.transform(panel);
        if (signsLast) {
            multiplySigns(panel);
        }
    }

    private void multiplySigns(double[] panel) {
        for (int i = 0; i < signs.length; i++) {
            for (int v = 0; v < HadamardTransform.WIDTH; v++) {
                panel[i * HadamardTransform.WIDTH + v] *= signs[i];
            }
        }
    }
}
