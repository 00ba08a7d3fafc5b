package dev.hadron.numerics.internal;

/** The loops of {@link dev.hadron.numerics.HadamardTransform} over panels; bit-equal in every implementation. */
public interface PanelLoops {
    /** The numbers of a panel that belong together. */
    int WIDTH = 8;

    /** The fastest that this JVM allows. */
    static PanelLoops best() {
        return Chosen.BEST;
    }

    /**
     * Puts sum and difference in the place of all pairs of numbers {@code distance} apart.
     *
     * @param length a multiple of twice the distance
     * @param distance a multiple of {@link #WIDTH}
     */
    void butterflies(double[] x, int from, int length, int distance);

    /**
     * Cuts {@code x} into {@code parts} of equal length; part c becomes the sum over r, rising, of {@code signs[c * parts + r]} times
     * part r.
     *
     * @param signs 1 and −1
     * @param parts a multiple of 4, as the size of every Hadamard matrix beyond 2 is
     */
    void signedSums(double[] x, double[] signs, int parts);

    /** Loaded with the first panel. */
    final class Chosen {
        private static final PanelLoops BEST =
                VectorModule.isPresent() ? new VectorPanelLoops() : new ScalarPanelLoops();

        private Chosen() {}
    }
}
