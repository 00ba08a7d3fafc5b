package dev.hadron.model.arch;

import dev.hadron.dtype.StorageType;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.OptionalInt;

/**
 * What a layer needs to know of positions, for windows of one length.
 *
 * @param cos cosines of the rotary angles, {@code [n, width]}
 * @param sin sines of them
 * @param mask {@code [n, n]}: 0 where a query sees a key, −infinity elsewhere
 */
public record Positions(DeviceTensor cos, DeviceTensor sin, DeviceTensor mask) {
    static Positions of(TensorRuntime runtime, Rope rope, int length, OptionalInt slidingWindow) {
        float[] frequencies = rope.frequencies(length);
        float factor = (float) rope.attentionFactor();
        int half = frequencies.length;
        try (Arena arena = Arena.ofConfined()) {
            Tensor cos = Tensor.allocate(arena, StorageType.F32, Shape.of(length, 2L * half));
            Tensor sin = Tensor.allocate(arena, StorageType.F32, Shape.of(length, 2L * half));
            for (int position = 0; position < length; position++) {
                for (int k = 0; k < half; k++) {
                    float angle = position * frequencies[k];
                    long at = (long) position * 2 * half + k;
                    put(cos, at, half, (float) Math.cos(angle) * factor);
                    put(sin, at, half, (float) Math.sin(angle) * factor);
                }
            }
            return new Positions(
                    runtime.upload(cos), runtime.upload(sin), runtime.upload(mask(arena, length, slidingWindow)));
        }
    }

    /** Those of a shorter window, where angles don't depend on the length. */
    Positions upTo(TensorRuntime runtime, long length) {
        return length == mask.shape()[0]
                ? this
                : new Positions(
                        runtime.block(cos, 0, length, 0, cos.shape()[1]),
                        runtime.block(sin, 0, length, 0, sin.shape()[1]),
                        runtime.block(mask, 0, length, 0, length));
    }

    /** Both halves of a head turn by the same angles. */
    private static void put(Tensor table, long at, int half, float value) {
        table.data().set(Tensor.FLOAT, at * Float.BYTES, value);
        table.data().set(Tensor.FLOAT, (at + half) * Float.BYTES, value);
    }

    private static Tensor mask(Arena arena, int length, OptionalInt slidingWindow) {
        Tensor mask = Tensor.allocate(arena, StorageType.F32, Shape.of(length, length));
        int window = slidingWindow.orElse(length);
        for (int query = 0; query < length; query++) {
            for (int key = 0; key < length; key++) {
                boolean seen = key <= query && key > query - window;
                mask.data()
                        .set(
                                Tensor.FLOAT,
                                ((long) query * length + key) * Float.BYTES,
                                seen ? 0f : Float.NEGATIVE_INFINITY);
            }
        }
        return mask;
    }
}
