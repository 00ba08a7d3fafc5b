package dev.hadron.packing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A matrix of 4-bit codes, {@code [rows, columns]}, between rows of two codes a byte ({@link BitRows} of 4 bits) and the
 * transposed words of {@link NibbleWords}, {@code [columns, rows/8]}.
 *
 * <p>Eight rows of words are eight by eight codes over and over: their axes are exchanged by exchanging halves of words between rows that
 * are four apart, quarters between those two apart, and codes between neighbours. That is done with a tile at a time, of which a row of
 * the result is a line of the cache.
 */
public final class NibbleMatrix {
    private static final int CODES = NibbleWords.codesPerWord();

    /** Words of a row of the result in a tile, which fits the second-level cache. Fewer, longer copies are what counts at first. */
    private static final int OCTETS = 128;

    /** Words of a row of the source in a tile. */
    private static final int WORDS = 64;

    /** Columns of a tile. */
    private static final long WIDTH = (long) WORDS * CODES;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment nibbles;
    private final MemorySegment words;
    private final long rows;
    private final long columns;
    private final int[][] planes = new int[CODES][OCTETS * WORDS];
    private final int[] line = new int[OCTETS];

    private NibbleMatrix(MemorySegment nibbles, MemorySegment words, long rows, long columns) {
        if (rows % CODES != 0) {
            throw new IllegalArgumentException(rows + " rows don't fill words of " + CODES);
        }
        this.nibbles = nibbles;
        this.words = words;
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * Packs.
     *
     * @param rows a multiple of 8
     */
    public static void toWords(MemorySegment nibbles, long rows, long columns, MemorySegment words) {
        new NibbleMatrix(nibbles, words, rows, columns).forTiles(true);
    }

    /** The inverse of {@link #toWords}. */
    public static void ofWords(MemorySegment words, long rows, long columns, MemorySegment nibbles) {
        new NibbleMatrix(nibbles, words, rows, columns).forTiles(false);
    }

    private void forTiles(boolean toWords) {
        for (long octet = 0; octet < rows / CODES; octet += OCTETS) {
            int octets = (int) Math.min(OCTETS, rows / CODES - octet);
            for (long column = 0; column < columns; column += WIDTH) {
                int count = (int) Math.min(WIDTH, columns - column);
                if (toWords) {
                    readRows(octet, octets, column, count);
                    exchange();
                    writeWords(octet, octets, column, count);
                } else {
                    readWords(octet, octets, column, count);
                    exchange();
                    writeRows(octet, octets, column, count);
                }
            }
        }
    }

    /** Plane {@code p} gets the rows whose codes stand at nibble {@code p} of a word. */
    private void readRows(long octet, int octets, long column, int count) {
        for (int plane = 0; plane < CODES; plane++) {
            MemorySegment target = MemorySegment.ofArray(planes[plane]);
            for (int o = 0; o < octets; o++) {
                MemorySegment.copy(nibbles, rowStart(octet + o, plane, column), target, o * bytes(WIDTH), bytes(count));
            }
        }
    }

    private void writeRows(long octet, int octets, long column, int count) {
        for (int plane = 0; plane < CODES; plane++) {
            MemorySegment source = MemorySegment.ofArray(planes[plane]);
            for (int o = 0; o < octets; o++) {
                MemorySegment.copy(source, o * bytes(WIDTH), nibbles, rowStart(octet + o, plane, column), bytes(count));
            }
        }
    }

    /** Plane {@code c} holds the columns that are {@code c} after a multiple of 8. */
    private void writeWords(long octet, int octets, long column, int count) {
        for (int i = 0; i < count; i++) {
            int[] plane = planes[i % CODES];
            for (int o = 0; o < octets; o++) {
                line[o] = plane[o * WORDS + i / CODES];
            }
            MemorySegment.copy(line, 0, words, INT, wordStart(octet, column + i), octets);
        }
    }

    private void readWords(long octet, int octets, long column, int count) {
        for (int i = 0; i < count; i++) {
            int[] plane = planes[i % CODES];
            MemorySegment.copy(words, INT, wordStart(octet, column + i), line, 0, octets);
            for (int o = 0; o < octets; o++) {
                plane[o * WORDS + i / CODES] = line[o];
            }
        }
        // Of the last word of a row only these codes are in the matrix; the rest of its byte is zero.
        for (int i = count; i % CODES != 0; i++) {
            for (int o = 0; o < octets; o++) {
                planes[i % CODES][o * WORDS + i / CODES] = 0;
            }
        }
    }

    private long rowStart(long octet, int plane, long column) {
        return (octet * CODES + NibbleWords.codeAt(plane)) * bytes(columns) + column / 2;
    }

    private static long bytes(long codes) {
        return Math.ceilDiv(codes, 2L);
    }

    private long wordStart(long octet, long column) {
        return (column * (rows / CODES) + octet) * Integer.BYTES;
    }

    private void exchange() {
        for (int apart = CODES / 2; apart > 0; apart /= 2) {
            int bits = apart * Integer.SIZE / CODES;
            for (int plane = 0; plane < CODES; plane++) {
                if ((plane & apart) == 0) {
                    exchange(planes[plane], planes[plane + apart], bits, mask(bits));
                }
            }
        }
    }

    /** The upper bits of each field of the one with the lower bits of the other. */
    private static void exchange(int[] one, int[] other, int bits, int mask) {
        for (int i = 0; i < one.length; i++) {
            int x = one[i];
            int y = other[i];
            int differences = ((x >>> bits) ^ y) & mask;
            one[i] = x ^ (differences << bits);
            other[i] = y ^ differences;
        }
    }

    /** Every other field of so many bits, the lowest included. */
    private static int mask(int bits) {
        return switch (bits) {
            case 16 -> 0x0000FFFF;
            case 8 -> 0x00FF00FF;
            default -> 0x0F0F0F0F;
        };
    }
}
