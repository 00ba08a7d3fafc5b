package dev.hadron.observer;

/**
 * Equally spaced float32 numbers, and the bins between them, with every rounding where PyTorch has it on a CPU: ranges chosen
 * from histograms agree with those of the Python tool to the last bit only if the edges do.
 */
final class TorchSpacing {
    /** {@code arange} fills pairs of vectors of eight, each from its own first number, and what is left one by one. */
    private static final int VECTOR = 8;

    private TorchSpacing() {}

    /** {@code count} numbers from {@code first} to {@code last}, both included, each counted from the nearer end. */
    static float[] linspace(float first, float last, int count) {
        float step = (last - first) / (count - 1);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (i < count / 2 ? first + (double) step * i : last - (double) step * (count - 1 - i));
        }
        return numbers;
    }

    /** The numbers from {@code start} in steps of {@code step} that are below {@code end}. */
    static float[] arange(double start, double end, double step) {
        float[] numbers = new float[(int) Math.ceil((end - start) / step)];
        int vectors = numbers.length / (2 * VECTOR) * 2 * VECTOR;
        for (int i = 0; i < numbers.length; i++) {
            int lane = i < vectors ? i % VECTOR : 0;
            float base = (float) (start + step * (i - lane));
            numbers[i] = lane == 0 ? base : (float) (base + step * lane);
        }
        return numbers;
    }

    /**
     * The index of the bin that holds {@code value}, of {@code bins} from {@code low} to {@code high}; the last bin holds its
     * upper end too. Where both ends are equal, bins reach one unit to both sides.
     */
    static int bin(float value, int bins, float low, float high) {
        float from = low == high ? low - 1f : low;
        float to = low == high ? high + 1f : high;
        int index = (int) ((value - from) * bins / (to - from));
        return Math.clamp(index, 0, bins - 1);
    }
}
