package dev.hadron.dtype;

/** The element types of tensors in memory and in safetensors files, under the names that the file format gives them. */
public enum StorageType {
    /** 64-bit floating point. */
    F64(8),
    /** 32-bit floating point. */
    F32(4),
    /** IEEE 754 half precision. */
    F16(2),
    /** The upper half of a 32-bit float. */
    BF16(2),
    /** 8-bit floating point, E4M3 without infinity. */
    F8_E4M3(1),
    /** 8-bit floating point, E5M2. */
    F8_E5M2(1),
    /** Signed 64-bit integers. */
    I64(8),
    /** Unsigned 64-bit integers. */
    U64(8),
    /** Signed 32-bit integers. */
    I32(4),
    /** Unsigned 32-bit integers. */
    U32(4),
    /** Signed 16-bit integers. */
    I16(2),
    /** Unsigned 16-bit integers. */
    U16(2),
    /** Signed 8-bit integers. */
    I8(1),
    /** Unsigned 8-bit integers. */
    U8(1),
    /** Truth values, one a byte. */
    BOOL(1);

    private final int bytes;

    StorageType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether {@code F32}, {@code F16} or {@code BF16}: what model weights come in. */
    public boolean isWeightFloat() {
        return this == F32 || this == F16 || this == BF16;
    }
}
