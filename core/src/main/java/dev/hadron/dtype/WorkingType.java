package dev.hadron.dtype;

/**
 * The type that a tensor arrived in: arithmetic runs in float32, one IEEE operation at a time, and results are rounded to
 * this type, nearest even.
 */
public enum WorkingType {
    /** Results stay float32. */
    FLOAT32(StorageType.F32),
    /** Results are rounded to the upper 16 bits of a float32. */
    BFLOAT16(StorageType.BF16),
    /** Results are rounded to IEEE half precision. */
    FLOAT16(StorageType.F16);

    private final StorageType storage;

    WorkingType(StorageType storage) {
        this.storage = storage;
    }

    /** The type of a weight's elements. */
    public static WorkingType of(StorageType storage) {
        return switch (storage) {
            case F32 -> FLOAT32;
            case BF16 -> BFLOAT16;
            case F16 -> FLOAT16;
            case F64, F8_E4M3, F8_E5M2, I64, U64, I32, U32, I16, U16, I8, U8, BOOL ->
                throw new IllegalArgumentException(storage + " isn't a floating-point type that weights come in");
        };
    }

    /** The same type as it is stored. */
    public StorageType storage() {
        return storage;
    }

    /** {@code value} rounded to this type, nearest even; NaN stays NaN, too large becomes infinity. */
    public float round(float value) {
        return switch (this) {
            case FLOAT32 -> value;
            case BFLOAT16 -> Bfloat16.toFloat(Bfloat16.ofFloat(value));
            case FLOAT16 -> Float.float16ToFloat(Float.floatToFloat16(value));
        };
    }

    /** The largest finite number. */
    public float max() {
        return switch (this) {
            case FLOAT32 -> Float.MAX_VALUE;
            case BFLOAT16 -> 0x1.FEp127f;
            case FLOAT16 -> 65504f;
        };
    }

    /** The smallest positive normal number. */
    public float minNormal() {
        return this == FLOAT16 ? 0x1p-14f : Float.MIN_NORMAL;
    }
}
