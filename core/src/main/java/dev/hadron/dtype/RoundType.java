package dev.hadron.dtype;

/** How a scaled value becomes an integer. */
public enum RoundType {
    /** Halves away from zero. */
    ROUND,
    /** Downwards. */
    FLOOR,
    /** To the nearest, halves to the even neighbour. */
    HALF_EVEN;

    /** {@code value} as a whole number. */
    public float apply(float value) {
        return switch (this) {
            case ROUND -> Math.copySign((float) Math.floor(Math.abs((double) value) + 0.5), value);
            case FLOOR -> (float) Math.floor(value);
            case HALF_EVEN -> (float) Math.rint(value);
        };
    }
}
