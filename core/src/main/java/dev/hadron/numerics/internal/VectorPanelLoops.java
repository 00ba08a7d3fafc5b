package dev.hadron.numerics.internal;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Loops on the Vector API. C2 leaves the plain loop of {@link ScalarPanelLoops#butterflies} as it is, because it can't tell that the two
 * places in one array don't overlap.
 */
final class VectorPanelLoops implements PanelLoops {
    /** A vector never reaches beyond the numbers that belong together. */
    private static final VectorSpecies<Double> LANES =
            Lanes.DOUBLES.length() > WIDTH ? DoubleVector.SPECIES_512 : Lanes.DOUBLES;

    @Override
    public void butterflies(double[] x, int from, int length, int distance) {
        for (int block = from; block < from + length; block += 2 * distance) {
            for (int i = block; i < block + distance; i += LANES.length()) {
                DoubleVector a = DoubleVector.fromArray(LANES, x, i);
                DoubleVector b = DoubleVector.fromArray(LANES, x, i + distance);
                a.add(b).intoArray(x, i);
                a.sub(b).intoArray(x, i + distance);
            }
        }
    }

    /** The parts are far apart, often by a power of two, which leaves a cache few places for them: a vector of each is copied. */
    @Override
    public void signedSums(double[] x, double[] signs, int parts) {
        int length = x.length / parts;
        double[] lines = new double[parts * LANES.length()];
        for (int i = 0; i < length; i += LANES.length()) {
            for (int part = 0; part < parts; part++) {
                DoubleVector.fromArray(LANES, x, part * length + i).intoArray(lines, part * LANES.length());
            }
            for (int column = 0; column < parts; column++) {
                sum(lines, signs, column * parts, parts, x, column * length + i);
            }
        }
    }

    private static void sum(double[] lines, double[] signs, int first, int parts, double[] x, int to) {
        DoubleVector sum = DoubleVector.zero(LANES);
        for (int row = 0; row < parts; row++) {
            DoubleVector line = DoubleVector.fromArray(LANES, lines, row * LANES.length());
            sum = sum.add(line.mul(signs[first + row]));
        }
        sum.intoArray(x, to);
    }
}
