package dev.hadron.rotation;

import dev.hadron.numerics.HadamardTransform;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Numbers in memory, from which panels are filled and to which they go back. */
sealed interface Elements {
    /** Little-endian doubles at any alignment, as files hold them. */
    ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The elements of an F32 or F64 tensor. */
    static Elements of(Tensor x) {
        return switch (x.type()) {
            case F32 -> new Floats(x.data());
            case F64 -> new Doubles(x.data());
            case F16, BF16, F8_E4M3, F8_E5M2, I64, U64, I32, U32, I16, U16, I8, U8, BOOL ->
                throw new IllegalArgumentException("a matrix that is rotated is F32 or F64, not " + x.type());
        };
    }

    /** A number, widened to float64. */
    double get(long index);

    /** Rounds to the nearest number of the type in memory. */
    void set(long index, double value);

    /** Fills the first vectors of a panel; the others keep what they hold. */
    default void load(Vectors vectors, double[] panel) {
        for (int i = 0; i < vectors.size; i++) {
            for (int v = 0; v < vectors.count; v++) {
                panel[i * HadamardTransform.WIDTH + v] = get(vectors.index(v, i));
            }
        }
    }

    /** Writes the first vectors of a panel. */
    default void store(double[] panel, Vectors vectors) {
        for (int i = 0; i < vectors.size; i++) {
            for (int v = 0; v < vectors.count; v++) {
                set(vectors.index(v, i), panel[i * HadamardTransform.WIDTH + v]);
            }
        }
    }

    /**
     * Where vectors are, in elements.
     *
     * @param from the first element of the first one
     * @param vectorStride from one vector to the next
     * @param elementStride from one element of a vector to the next
     * @param count how many vectors
     * @param size how many elements each has
     */
    record Vectors(long from, long vectorStride, long elementStride, int count, int size) {
        private long index(int vector, int element) {
            return from + vector * vectorStride + element * elementStride;
        }
    }

    /**
     * float32.
     *
     * @param data the numbers
     */
    record Floats(MemorySegment data) implements Elements {
        @Override
        public double get(long index) {
            return data.get(Tensor.FLOAT, index * Float.BYTES);
        }

        @Override
        public void set(long index, double value) {
            data.set(Tensor.FLOAT, index * Float.BYTES, (float) value);
        }
    }

    /**
     * float64.
     *
     * @param data the numbers
     */
    record Doubles(MemorySegment data) implements Elements {
        @Override
        public double get(long index) {
            return data.get(DOUBLE, index * Double.BYTES);
        }

        @Override
        public void set(long index, double value) {
            data.set(DOUBLE, index * Double.BYTES, value);
        }
    }
}
