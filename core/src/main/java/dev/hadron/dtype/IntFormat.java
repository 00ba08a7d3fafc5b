package dev.hadron.dtype;

/** Integers over the full two's-complement or unsigned range: int8 is −128..127, uint4 is 0..15. */
public record IntFormat(int bits, boolean signed) implements NumberFormat {
    /** Checks that a code fits one byte. */
    public IntFormat {
        if (bits < 2 || bits > 8) {
            throw new IllegalArgumentException("an integer format has 2 to 8 bits, not " + bits);
        }
    }

    /** The smallest value. */
    public int lowest() {
        return signed ? -(1 << (bits - 1)) : 0;
    }

    /** The largest value. */
    public int highest() {
        return signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
    }

    /** The bits of a byte that a code takes. */
    public int mask() {
        return (1 << bits) - 1;
    }

    /** The number that a code in the low bits of a byte stands for. */
    public int value(byte code) {
        int unused = Integer.SIZE - bits;
        return signed ? code << unused >> unused : code << unused >>> unused;
    }
}
