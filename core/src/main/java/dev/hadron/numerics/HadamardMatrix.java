package dev.hadron.numerics;

import dev.hadron.error.UnsupportedQuantizationException;

/**
 * A Hadamard matrix of size n: entries of 1 and −1, and {@code H·Hᵀ = n·I}. It is {@code kron(H_K, H_m)} with {@code n = K·m} and
 * {@code m} a power of two.
 *
 * <p>{@code H_m} is Sylvester's ("Thoughts on inverse orthogonal matrices", 1867): the entry of row i and column j is −1 where i and j
 * have an odd number of bits in common. {@code H_K} is 1 for powers of two, else of Sloane's library of Hadamard matrices, in the choice
 * of QuaRot (Ashkboos et al. 2024, arXiv:2404.00456). So rotated weights, and consumers that transform activations while they run, agree
 * with those of other tools.
 */
public final class HadamardMatrix {
    private final int size;
    private final int factor;
    private final byte[] factorSigns;

    private HadamardMatrix(int size, int factor, byte[] factorSigns) {
        this.size = size;
        this.factor = factor;
        this.factorSigns = factorSigns;
    }

    /**
     * The matrix of that size.
     *
     * @param size a power of two, or 12, 20, 28, 36, 40, 52, 60, 108, 140, 156 or 172 times one
     * @throws UnsupportedQuantizationException when it is neither
     */
    public static HadamardMatrix of(int size) {
        int factor = factor(size);
        return new HadamardMatrix(size, factor, factor == 1 ? new byte[] {1} : HadamardTable.signs(factor));
    }

    /** How many rows and columns. */
    public int size() {
        return size;
    }

    /** The size K of the matrix that isn't Sylvester's; 1 for powers of two. */
    public int factor() {
        return factor;
    }

    /** The entry: 1 or −1. */
    public int entry(int row, int column) {
        int power = size / factor;
        int sylvester = 1 - 2 * (Integer.bitCount(row % power & column % power) & 1);
        return factorSigns[row / power * factor + column / power] * sylvester;
    }

    /** Rows for columns: the matrix itself for powers of two. */
    public HadamardMatrix transposed() {
        byte[] transposed = new byte[factorSigns.length];
        for (int i = 0; i < transposed.length; i++) {
            transposed[i] = factorSigns[i % factor * factor + i / factor];
        }
        return new HadamardMatrix(size, factor, transposed);
    }

    /** The entries of {@code H_K}, column by column. */
    double[] factorColumns() {
        byte[] columns = transposed().factorSigns;
        double[] entries = new double[columns.length];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = columns[i];
        }
        return entries;
    }

    /** 80 is twice 40 and four times 20: the largest is the one that the field takes. */
    private static int factor(int size) {
        if (size > 0 && isPowerOfTwo(size)) {
            return 1;
        }
        return HadamardTable.sizes().stream()
                .filter(k -> size > 0 && size % k == 0 && isPowerOfTwo(size / k))
                .reduce(Math::max)
                .orElseThrow(() -> new UnsupportedQuantizationException(refusal(size)));
    }

    private static String refusal(int size) {
        int power = size > 0 ? Integer.lowestOneBit(size) : 0;
        return "no Hadamard matrix of size " + size
                + (power > 0 ? " (" + power + " times " + size / power + ")" : "")
                + " can be built, only of a power of two or of "
                + HadamardTable.sizes().stream()
                        .map(String::valueOf)
                        .reduce((a, b) -> a + ", " + b)
                        .orElseThrow()
                + " times one; leave out this rotation";
    }

    private static boolean isPowerOfTwo(int size) {
        return Integer.bitCount(size) == 1;
    }
}
