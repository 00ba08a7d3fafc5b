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

    /** Sums that are formed at once, since an addition has to wait for the one before it. */
    private static final int COLUMNS = 4;

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
            for (int column = 0; column < parts; column += COLUMNS) {
                sums(lines, signs, parts, column, x, i);
            }
        }
    }

    private static void sums(double[] lines, double[] signs, int parts, int column, double[] x, int to) {
        DoubleVector sum0 = DoubleVector.zero(LANES);
        DoubleVector sum1 = sum0;
        DoubleVector sum2 = sum0;
        DoubleVector sum3 = sum0;
        int first = column * parts;
        for (int row = 0; row < parts; row++) {
            DoubleVector line = DoubleVector.fromArray(LANES, lines, row * LANES.length());
            sum0 = sum0.add(line.mul(signs[first + row]));
            sum1 = sum1.add(line.mul(signs[first + parts + row]));
            sum2 = sum2.add(line.mul(signs[first + 2 * parts + row]));
            sum3 = sum3.add(line.mul(signs[first + 3 * parts + row]));
        }
        int length = x.length / parts;
        sum0.intoArray(x, column * length + to);
        sum1.intoArray(x, (column + 1) * length + to);
        sum2.intoArray(x, (column + 2) * length + to);
        sum3.intoArray(x, (column + 3) * length + to);
    }
}
