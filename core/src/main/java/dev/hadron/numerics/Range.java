package dev.hadron.numerics;

/** The smallest and the largest of some numbers; both NaN where one of them was. */
public record Range(float min, float max) {
    /** The range of no numbers: a neutral element of {@link #union}. */
    public static final Range EMPTY = new Range(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);

    /** The range of the numbers of both. */
    public Range union(Range other) {
        return new Range(Math.min(min, other.min), Math.max(max, other.max));
    }

    /** Whether both ends are finite. */
    public boolean isFinite() {
        return Float.isFinite(min) && Float.isFinite(max);
    }

    /** The largest magnitude, zero included. */
    public float absoluteMax() {
        return Math.max(-Math.min(min, 0f), Math.max(max, 0f));
    }
}
