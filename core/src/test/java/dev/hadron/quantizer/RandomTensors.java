package dev.hadron.quantizer;

import dev.hadron.dtype.Bfloat16;
import dev.hadron.dtype.StorageType;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Tensors of normally distributed numbers, every row of another magnitude. */
final class RandomTensors {
    private final RandomGenerator random;

    RandomTensors(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    Tensor next(StorageType type, long... extents) {
        Shape shape = Shape.of(extents);
        float[] values = new float[Math.toIntExact(shape.elements())];
        int row = shape.rank() == 0 ? 1 : Math.toIntExact(extents[extents.length - 1]);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian(0.1, 1 + i / Math.max(row, 1) % 5);
        }
        return of(type, values, extents);
    }

    /** A tensor of these numbers, rounded to its type. */
    static Tensor of(StorageType type, float[] values, long... extents) {
        if (type == StorageType.F32) {
            return Tensor.ofFloats(values, extents);
        }
        MemorySegment data = MemorySegment.ofArray(new byte[values.length * Short.BYTES]);
        for (int i = 0; i < values.length; i++) {
            short bits = type == StorageType.BF16 ? Bfloat16.ofFloat(values[i]) : Float.floatToFloat16(values[i]);
            data.set(Tensor.SHORT, (long) i * Short.BYTES, bits);
        }
        return new Tensor(type, Shape.of(extents), data);
    }

    /** An element as float32. */
    static float at(Tensor x, long index) {
        return switch (x.type()) {
            case BF16 -> Bfloat16.toFloat(x.data().get(Tensor.SHORT, index * Short.BYTES));
            case F16 -> Float.float16ToFloat(x.data().get(Tensor.SHORT, index * Short.BYTES));
            default -> x.floatAt(index);
        };
    }
}
