package dev.hadron.quantizer;

/**
 * What quantization did to a weight.
 *
 * @param elements how many elements were compared
 * @param signal the sum of the squares of the original numbers
 * @param noise the sum of the squares of the differences
 * @param largestError the largest magnitude of a difference
 * @param clipped how many numbers lie beyond the range that their scale can represent, by more than rounding explains
 * @param zeros how many became zero
 * @param vanished runs that share a scale and became zero altogether, though they weren't: their scale is too coarse
 * @param deadChannels rows that became zero altogether, though they weren't
 */
public record ErrorStatistics(
        long elements,
        double signal,
        double noise,
        float largestError,
        long clipped,
        long zeros,
        long vanished,
        long deadChannels) {
    /**
     * {@code 10 log10(signal / noise)} in decibels: 6 more for each bit that is gained. Infinite where nothing was lost.
     */
    public double signalToNoise() {
        return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
    }

    /** {@link #clipped} of all, from 0 to 1. */
    public double clippedShare() {
        return elements == 0 ? 0 : (double) clipped / elements;
    }

    /** {@link #zeros} of all, from 0 to 1. */
    public double zeroShare() {
        return elements == 0 ? 0 : (double) zeros / elements;
    }
}
