package dev.hadron.dtype;

/**
 * Floating point in two bytes, cast nearest even without a scale: too large becomes infinity, subnormals are kept.
 *
 * @param type {@code FLOAT16} or {@code BFLOAT16}
 */
public record HalfFormat(WorkingType type) implements NumberFormat {
    /** Refuses float32. */
    public HalfFormat {
        if (type == WorkingType.FLOAT32) {
            throw new IllegalArgumentException("float32 doesn't fit two bytes");
        }
    }

    @Override
    public int bits() {
        return Short.SIZE;
    }
}
