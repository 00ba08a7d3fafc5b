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
    private final int[] words = new int[PAIRS];
    private final Planes planes;
    private final float[][] numbers = new float[2][PAIRS];
    private final int[][] steps = new int[2][PAIRS];
    private final float[][] errors = new float[2][PAIRS];
    private final int[] limits = new int[PAIRS];
    private final double[] signal = new double[PAIRS];
    private final double[] noise = new double[PAIRS];
    private final float[] largest = new float[PAIRS];
    private final MemorySegment wordMemory = MemorySegment.ofArray(words);
    private final MemorySegment[] bitMemory;
    private final MemorySegment[] numberMemory = {MemorySegment.ofArray(numbers[0]), MemorySegment.ofArray(numbers[1])};
    private final MemorySegment[] errorMemory = {MemorySegment.ofArray(errors[0]), MemorySegment.ofArray(errors[1])};
    private long zeros;
    private long clipped;

    ErrorPlanes(Tensor source, QuantizedTensor quantized) {
        this.source = source;
        planes = new Planes(source.type(), PAIRS);
        bitMemory = new MemorySegment[] {MemorySegment.ofArray(planes.even), MemorySegment.ofArray(planes.odd)};
        this.codes = quantized.codes();
        this.format = (IntFormat) quantized.format();
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
        if (format.bits() == 4) {
            MemorySegment.copy(codes, from / 2, wordMemory, 0, pairs);
            spreadNibbles(words, steps[0], steps[1], pairs / 4);
        } else {
            MemorySegment.copy(codes, from, wordMemory, 0, count);
            spreadBytes(words, steps[0], steps[1], pairs / 2);
        }
    }

    /** Compares a run of the elements loaded; returns whether all of it has become zero, though it wasn't. */
    boolean compareRun(int from, int count, float scale, int zeroPoint) {
        int first = from / 2;
        int end = first + count / 2;
        int sign = format.signed() ? 1 << (format.bits() - 1) : 0;
        Arrays.fill(limits, first, end, Float.floatToRawIntBits(scale * HALF_STEP));
        subtract(numbers[0], steps[0], sign, sign + zeroPoint, scale, errors[0], first, end);
        subtract(numbers[1], steps[1], sign, sign + zeroPoint, scale, errors[1], first, end);
        int ofRun = count - othersThan(zeroPoint & format.mask(), from, from + count);
        zeros += ofRun;
        return ofRun == count && !(isZero(numbers[0], first, end) && isZero(numbers[1], first, end));
    }

    /** Adds up the elements loaded, once all their runs are compared. */
    void sum(int count) {
        int pairs = count / 2;
        addSquares(numbers[0], numbers[1], signal, pairs);
        addSquares(errors[0], errors[1], noise, pairs);
        raise(errors[0], errors[1], largest, pairs);
        long bytes = (long) pairs * Float.BYTES;
        MemorySegment.copy(errorMemory[0], 0, bitMemory[0], 0, bytes);
        MemorySegment.copy(errorMemory[1], 0, bitMemory[1], 0, bytes);
        clipped += countAbove(planes.even, planes.odd, limits, pairs);
    }

    /** Whether the elements loaded are all zero. */
    boolean isZero(int count) {
        return isZero(numbers[0], 0, count / 2) && isZero(numbers[1], 0, count / 2);
    }

    private static void spreadNibbles(int[] words, int[] even, int[] odd, int count) {
        for (int i = 0; i < count; i++) {
            int word = words[i];
            even[4 * i] = word & 0xF;
            odd[4 * i] = (word >>> 4) & 0xF;
            even[4 * i + 1] = (word >>> 8) & 0xF;
            odd[4 * i + 1] = (word >>> 12) & 0xF;
            even[4 * i + 2] = (word >>> 16) & 0xF;
            odd[4 * i + 2] = (word >>> 20) & 0xF;
            even[4 * i + 3] = (word >>> 24) & 0xF;
            odd[4 * i + 3] = word >>> 28;
        }
    }

    private static void spreadBytes(int[] words, int[] even, int[] odd, int count) {
        for (int i = 0; i < count; i++) {
            int word = words[i];
            even[2 * i] = word & 0xFF;
            odd[2 * i] = (word >>> 8) & 0xFF;
            even[2 * i + 1] = (word >>> 16) & 0xFF;
            odd[2 * i + 1] = word >>> 24;
        }
    }

    /** In two's complement, exclusive or with the sign bit and its subtraction extend the sign. */
    private static void subtract(
            float[] numbers, int[] codes, int sign, int zero, float scale, float[] errors, int from, int to) {
        for (int i = from; i < to; i++) {
            errors[i] = Math.abs(numbers[i] - ((codes[i] ^ sign) - zero) * scale);
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

    /** How many of the codes of these elements aren't that one: counted in the words, several at a time. */
    private int othersThan(int code, int from, int to) {
        int bits = format.bits();
        int first = from * bits / Integer.SIZE;
        int end = to * bits / Integer.SIZE;
        return bits == 4
                ? countOthers(words, code * 0x11111111, 0, 0x11111111, first, end)
                : countOthers(words, code * 0x01010101, 4, 0x01010101, first, end);
    }

    /** The lowest bit of each field becomes whether any bit of it differs. */
    private static int countOthers(int[] words, int pattern, int half, int lowest, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            int difference = words[i] ^ pattern;
            difference |= difference >>> half;
            difference |= difference >>> 2;
            difference |= difference >>> 1;
            count += Integer.bitCount(difference & lowest);
        }
        return count;
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
