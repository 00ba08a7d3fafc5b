package dev.hadron.quantizer;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.Parallel;
import dev.hadron.numerics.Range;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** The range of a whole tensor, found chunk by chunk. */
final class WeightRange {
    private static final long CHUNK = 1 << 16;

    private WeightRange() {}

    /** The range of F32, F16 or BF16 elements, which must be finite. */
    static Range of(Tensor x, String name, Parallel parallel) {
        Kernels kernels = Kernels.best();
        AtomicReference<Range> whole = new AtomicReference<>(Range.EMPTY);
        parallel.forRanges(x.elements(), CHUNK, (from, to) -> {
            Range range = Range.EMPTY;
            try (Arena scratch = Arena.ofConfined()) {
                boolean direct = x.type() == StorageType.F32;
                MemorySegment floats = direct ? x.data() : scratch.allocate(CHUNK * Float.BYTES, 64);
                for (long at = from; at < to; at += CHUNK) {
                    long count = Math.min(CHUNK, to - at);
                    if (!direct) {
                        kernels.widen(x.data(), x.type(), at, floats, 0, count);
                    }
                    range = range.union(kernels.range(floats, direct ? at : 0, count));
                }
            }
            whole.accumulateAndGet(range, Range::union);
        });
        Range range = Objects.requireNonNull(whole.get());
        if (!range.isFinite()) {
            throw TensorQuantizer.notFinite(name);
        }
        return range;
    }
}
