package dev.hadron.report;

/**
 * How much of a signal is left.
 *
 * @param signal the sum of the squares of the original numbers
 * @param noise the sum of the squares of the differences
 */
public record SignalToNoise(double signal, double noise) {
    /** {@code 10 log10(signal / noise)}, which is −20 log10 of the relative error; infinite where nothing was lost. */
    public double decibels() {
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
    }

    /** Both sums. */
    public SignalToNoise plus(SignalToNoise other) {
        return new SignalToNoise(signal + other.signal, noise + other.noise);
    }
}
