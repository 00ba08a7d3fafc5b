package dev.hadron.bench;

import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** What is quantized. */
final class Inputs {
    private Inputs() {}

    /** Normally distributed float32, as weights nearly are. */
    static MemorySegment weights(Arena arena, long elements, Parallel parallel) {
        MemorySegment x = arena.allocate(elements * Float.BYTES, 64);
        parallel.forRanges(elements, 1 << 16, (from, to) -> {
            SplittableRandom random = new SplittableRandom(from);
            for (long i = from; i < to; i++) {
                x.setAtIndex(Tensor.FLOAT, i, (float) random.nextGaussian(0, 0.02));
            }
        });
        return x;
    }
}
