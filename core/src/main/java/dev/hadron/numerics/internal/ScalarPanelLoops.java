package dev.hadron.numerics.internal;

/** Plain loops: the definition. */
final class ScalarPanelLoops implements PanelLoops {
    @Override
    public void butterflies(double[] x, int from, int length, int distance) {
        for (int block = from; block < from + length; block += 2 * distance) {
            for (int i = block; i < block + distance; i++) {
                double sum = x[i] + x[i + distance];
                x[i + distance] = x[i] - x[i + distance];
                x[i] = sum;
            }
        }
    }

    @Override
    public void signedSums(double[] x, double[] signs, int parts) {
        int length = x.length / parts;
        double[] line = new double[parts];
        for (int i = 0; i < length; i++) {
            for (int part = 0; part < parts; part++) {
                line[part] = x[part * length + i];
            }
            for (int column = 0; column < parts; column++) {
                double sum = 0;
                for (int row = 0; row < parts; row++) {
                    sum += signs[column * parts + row] * line[row];
                }
                x[column * length + i] = sum;
            }
        }
    }
}
