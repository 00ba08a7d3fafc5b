package dev.hadron.quantizer;

import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.Planes;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A piece of a row beside its integers of 4 or 8 bits, elements with even numbers apart from those with odd ones: in loops over one
 * 32-bit type each, which the compiler makes vector instructions of soon after a process has started.
 */
final class ErrorPlanes {
    /** Pairs of elements in a piece, whose arrays fit the first-level cache. */
    static final int PAIRS = 1024;

    /** Rounding errs by half a step, and a scale's reciprocal a little more. */
    private static final float HALF_STEP = 0.5f + 0x1p-10f;

    private final Tensor source;
    private final MemorySegment codes;
    private final IntFormat format;
    private final int sign;
    private final int[] words = new int[PAIRS];
    private final int[] wordsOfZeros = new int[PAIRS];
    private final CodePlanes codePlanes;
    private final Planes planes;
    private final float[][] numbers = new float[2][PAIRS];
    private final float[][] levels = new float[2][PAIRS];
    private final float[] zeroLevels = new float[PAIRS];
    private final float[] scales = new float[PAIRS];
    private final int[] limits = new int[PAIRS];
    private final double[] signal = new double[PAIRS];
    private final double[] noise = new double[PAIRS];
    private final float[] largest = new float[PAIRS];
    private final MemorySegment wordMemory = MemorySegment.ofArray(words);
    private final MemorySegment[] bitMemory;
    private final MemorySegment[] numberMemory = {MemorySegment.ofArray(numbers[0]), MemorySegment.ofArray(numbers[1])};
    private final MemorySegment[] errorMemory = {MemorySegment.ofArray(levels[0]), MemorySegment.ofArray(levels[1])};
    private long zeros;
    private long clipped;

    ErrorPlanes(Tensor source, QuantizedTensor quantized) {
        this.source = source;
        planes = new Planes(source.type(), PAIRS);
        bitMemory = new MemorySegment[] {MemorySegment.ofArray(planes.even), MemorySegment.ofArray(planes.odd)};
        this.codes = quantized.codes();
        this.format = (IntFormat) quantized.format();
        sign = format.signed() ? 1 << (format.bits() - 1) : 0;
        codePlanes = CodePlanes.of(format.bits(), PAIRS);
    }

    /** Whether codes and runs of a weight fill whole words. */
    static boolean areFor(Tensor source, QuantizedTensor quantized, long runLength) {
        boolean wholeZeroPoints = quantized
                .zeroPoint()
                .filter(zeros -> zeros.type() == StorageType.I32)
                .isPresent();
        return quantized.format() instanceof IntFormat format
                && (format.bits() == 4 || format.bits() == Byte.SIZE)
                && wholeZeroPoints
                && Planes.areFor(source.type())
                && source.shape().extent(1) % 8 == 0
                && runLength % 8 == 0;
    }

    double signal() {
        return sum(signal);
    }

    double noise() {
        return sum(noise);
    }

    float largestError() {
        float most = 0;
        for (float error : largest) {
            most = Math.max(most, error);
        }
        return most;
    }

    long clipped() {
        return clipped;
    }

    /** How many elements have become zero in all pieces so far. */
    long zeros() {
        return zeros;
    }

    /** Brings elements into the planes, and their codes. */
    void load(long from, int count) {
        int pairs = count / 2;
        planes.load(source.data(), from, pairs);
        long bytes = (long) pairs * Integer.BYTES;
        MemorySegment.copy(bitMemory[0], 0, numberMemory[0], 0, bytes);
        MemorySegment.copy(bitMemory[1], 0, numberMemory[1], 0, bytes);
        long codeBytes = (long) count * format.bits() / Byte.SIZE;
        long codesFrom = from * format.bits() / Byte.SIZE;
        MemorySegment.copy(codes, codesFrom, wordMemory, 0, codeBytes);
        codePlanes.load(wordMemory, codeBytes, sign, levels[0], levels[1]);
    }

    /** Says what a run of the elements loaded was quantized with; returns whether all of it has become zero, though it wasn't. */
    boolean describeRun(int from, int count, float scale, int zeroPoint) {
        int first = from / 2;
        int end = first + count / 2;
        Arrays.fill(scales, first, end, scale);
        Arrays.fill(zeroLevels, first, end, sign + zeroPoint);
        Arrays.fill(limits, first, end, Float.floatToRawIntBits(scale * HALF_STEP));
        int zeroWord = (zeroPoint & format.mask()) * (format.bits() == 4 ? 0x11111111 : 0x01010101);
        int firstWord = word(from);
        int endWord = word(from + count);
        Arrays.fill(wordsOfZeros, firstWord, endWord, zeroWord);
        return Arrays.equals(words, firstWord, endWord, wordsOfZeros, firstWord, endWord)
                && !(isZero(numbers[0], first, end) && isZero(numbers[1], first, end));
    }

    /** Adds up the elements loaded, once all their runs are described. */
    void sum(int count) {
        int pairs = count / 2;
        toErrors(numbers[0], levels[0], zeroLevels, scales, pairs);
        toErrors(numbers[1], levels[1], zeroLevels, scales, pairs);
        addSquares(numbers[0], numbers[1], signal, pairs);
        addSquares(levels[0], levels[1], noise, pairs);
        raise(levels[0], levels[1], largest, pairs);
        long bytes = (long) pairs * Float.BYTES;
        MemorySegment.copy(errorMemory[0], 0, bitMemory[0], 0, bytes);
        MemorySegment.copy(errorMemory[1], 0, bitMemory[1], 0, bytes);
        clipped += countAbove(planes.even, planes.odd, limits, pairs);
        zeros += count - countOthers(words, wordsOfZeros, format.bits(), word(count));
    }

    /** How many words the codes of so many elements fill. */
    private int word(int elements) {
        return elements * format.bits() / Integer.SIZE;
    }

    /** Whether the elements loaded are all zero. */
    boolean isZero(int count) {
        return isZero(numbers[0], 0, count / 2) && isZero(numbers[1], 0, count / 2);
    }

    /** Numbers beside their levels become the magnitudes of the errors. In two's complement, a sign bit that is flipped is an offset. */
    private static void toErrors(float[] numbers, float[] levels, float[] zeroLevels, float[] scales, int count) {
        for (int i = 0; i < count; i++) {
            levels[i] = Math.abs(numbers[i] - (levels[i] - zeroLevels[i]) * scales[i]);
        }
    }

    private static void raise(float[] one, float[] other, float[] largest, int count) {
        for (int i = 0; i < count; i++) {
            largest[i] = Math.max(largest[i], Math.max(one[i], other[i]));
        }
    }

    /** Bits of magnitudes are ordered like them. */
    private static int countAbove(int[] one, int[] other, int[] limits, int count) {
        int above = 0;
        for (int i = 0; i < count; i++) {
            above += ((limits[i] - one[i]) >>> (Integer.SIZE - 1)) + ((limits[i] - other[i]) >>> (Integer.SIZE - 1));
        }
        return above;
    }

    /** How many codes differ: the lowest bit of each field of 4 or 8 bits becomes whether any bit of it does. */
    private static int countOthers(int[] words, int[] others, int bits, int count) {
        int half = bits / 2 & 4;
        int lowest = bits == 4 ? 0x11111111 : 0x01010101;
        int different = 0;
        for (int i = 0; i < count; i++) {
            int difference = words[i] ^ others[i];
            difference |= difference >>> half;
            difference |= difference >>> 2;
            difference |= difference >>> 1;
            different += Integer.bitCount(difference & lowest);
        }
        return different;
    }

    private static void addSquares(float[] one, float[] other, double[] sums, int count) {
        for (int i = 0; i < count; i++) {
            sums[i] += one[i] * one[i] + other[i] * other[i];
        }
    }

    /** Whether some of these numbers are all zero. */
    static boolean isZero(float[] numbers, int from, int to) {
        int at = from;
        while (at < to && numbers[at] == 0) {
            at++;
        }
        return at == to;
    }

    private static double sum(double[] lanes) {
        double sum = 0;
        for (double lane : lanes) {
            sum += lane;
        }
        return sum;
    }
}
