package dev.hadron.bench;

import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** What is quantized. */
final class Inputs {
    private static final int CHUNK = 1 << 16;

    private Inputs() {}

    /** Normally distributed numbers of a type, as weights nearly are. */
    static MemorySegment weights(Arena arena, WorkingType type, long elements, Parallel parallel) {
        MemorySegment x = arena.allocate(elements * type.storage().bytes(), 64);
        parallel.forRanges(elements, CHUNK, (from, to) -> {
            SplittableRandom random = new SplittableRandom(from);
            float[] floats = new float[(int) (to - from)];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) random.nextGaussian(0, 0.02);
            }
            MemorySegment source = MemorySegment.ofArray(floats);
            if (type == WorkingType.FLOAT32) {
                MemorySegment.copy(floats, 0, x, Tensor.FLOAT, from * Float.BYTES, floats.length);
            } else {
                Kernels.best().narrow(source, 0, type, x, from, floats.length);
            }
        });
        return x;
    }
}
