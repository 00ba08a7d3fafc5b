package dev.hadron.numerics.internal;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The widest vectors of this machine.
 *
 * <p>Two rules hold for all loops over them. They go by whole vectors, so they read and write up to {@link #PADDING} elements
 * beyond the last one, which arrays and {@link TileMemory} have room for; where something follows there, the loops run in order, and what follows is
 * written later. And a loop calls nothing but the Vector API, which the compiler inlines however large the method becomes, and
 * short methods before it has become large. Later calls of those are left in place, and a vector that goes through a call is allocated.
 */
final class Lanes {
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    /** As many 16-bit elements as fit: twice {@link #COUNT}. */
    static final VectorSpecies<Short> UNITS = ShortVector.SPECIES_PREFERRED;

    /** As many 16-bit elements as {@link #COUNT}. */
    static final VectorSpecies<Short> SHORTS = narrower(short.class, 2);

    /** As many 16-bit elements as a vector has 64-bit ones, or more, of which the others aren't used. */
    static final VectorSpecies<Short> QUARTERS = narrower(short.class, 4);

    /** As many bytes as {@link #UNITS}. */
    static final VectorSpecies<Byte> HALF_BYTES = narrower(byte.class, 2);

    /** Every other lane from the first on, for {@link jdk.incubator.vector.VectorMask#fromLong}. */
    static final long EVEN = 0x5555_5555_5555_5555L;

    /** As many bytes as {@link #COUNT}, or more, of which the others aren't used. */
    static final VectorSpecies<Byte> BYTES = narrower(byte.class, 4);

    /** As many bytes as a vector has 64-bit lanes, or more, of which the others aren't used. */
    static final VectorSpecies<Byte> EIGHTH_BYTES = narrower(byte.class, 8);

    /** As many 32-bit integers as a vector has 64-bit ones. */
    static final VectorSpecies<Integer> HALF_INTS = narrower(int.class, 2);

    /** As wide as {@link #FLOATS}. */
    static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    /** As many floats as a vector has doubles. */
    static final VectorSpecies<Float> HALF_FLOATS = narrower(float.class, 2);

    /** How many numbers a vector holds. */
    static final int COUNT = FLOATS.length();

    /** How many elements beyond its last one an array must have room for. */
    static final int PADDING = FLOATS.vectorByteSize();

    /** Whether {@link #BYTES} are no more than {@link #COUNT}. */
    static final boolean EXACT_BYTES = BYTES.length() == COUNT;

    /** Whether {@link #EIGHTH_BYTES} are no more than half of that. */
    static final boolean EXACT_EIGHTHS = 2 * EIGHTH_BYTES.length() == COUNT;

    private Lanes() {}

    /**
     * Whether loops may pass over elements where they lie, reading and writing nothing beyond them: outside the heap, in whole vectors, as all
     * elements and a pass over a part of them are.
     */
    static boolean areInPlace(MemorySegment x, int elements, int pass) {
        return x.isNative() && elements % UNITS.length() == 0 && pass % UNITS.length() == 0;
    }

    /** A bit for each lane of a vector that is one of so many elements: what lies beyond them doesn't count. */
    static long upTo(int elements) {
        return elements >= COUNT ? (1L << COUNT) - 1 : (1L << elements) - 1;
    }

    /** The array, or a longer one for that many elements and padding. */
    static float[] grown(float[] array, int count) {
        return array.length < count + PADDING ? new float[count + PADDING] : array;
    }

    /** No vector is narrower than 64 bits. */
    private static <E> VectorSpecies<E> narrower(Class<E> element, int times) {
        int bits = Math.max(FLOATS.vectorBitSize() / times, VectorShape.S_64_BIT.vectorBitSize());
        return VectorSpecies.of(element, VectorShape.forBitSize(bits));
    }
}
