package dev.hadron.numerics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The Hadamard matrices whose size isn't a power of two: {@code hadamard.txt}, which {@code tools/make_hadamard_table.py} writes. It has
 * comments, which begin with {@code #}, and for each size a line with K and K lines of K/4 hexadecimal digits. A line is a row; its first
 * column is the highest bit; a bit set is −1.
 */
final class HadamardTable {
    private static final String FILE = "hadamard.txt";

    private HadamardTable() {}

    /** Rising. */
    static List<Integer> sizes() {
        return List.copyOf(Loaded.SIGNS.keySet());
    }

    /** The entries of the matrix of a size of the table, row by row; not to be changed. */
    static byte[] signs(int size) {
        return Objects.requireNonNull(Loaded.SIGNS.get(size));
    }

    /** Read when the first size is asked for that isn't a power of two. */
    private static final class Loaded {
        static final Map<Integer, byte[]> SIGNS = Collections.unmodifiableMap(read());

        private static Map<Integer, byte[]> read() {
            Map<Integer, byte[]> signs = new TreeMap<>();
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                    Objects.requireNonNull(HadamardTable.class.getResourceAsStream(FILE)),
                    StandardCharsets.US_ASCII))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.startsWith("#")) {
                        int size = Integer.parseInt(line);
                        signs.put(size, matrix(size, lines));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return signs;
        }

        private static byte[] matrix(int size, BufferedReader lines) throws IOException {
            byte[] signs = new byte[size * size];
            for (int row = 0; row < size; row++) {
                BigInteger bits = new BigInteger(lines.readLine(), 16);
                for (int column = 0; column < size; column++) {
                    signs[row * size + column] = (byte) (bits.testBit(size - 1 - column) ? -1 : 1);
                }
            }
            return signs;
        }
    }
}
