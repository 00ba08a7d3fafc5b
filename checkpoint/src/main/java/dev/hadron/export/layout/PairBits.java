package dev.hadron.export.layout;

import dev.hadron.dtype.StorageType;
import dev.hadron.numerics.PairScale;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Steps of pairs as the steps of their blocks and a bit each that halves it, the first in the lowest bit. A row begins with a byte of its own.
 *
 * @param weight {@code [out, in]}
 * @param block elements of a block, an even number
 */
record PairBits(Shape weight, long block) {
    /** The shape of the bits. */
    Shape shape() {
        return Shape.of(weight.extent(0), Math.ceilDiv(pairs(), Byte.SIZE));
    }

    /** The largest step of each block, which no pair but one with smaller numbers has half of. */
    Tensor blockSteps(Tensor steps) {
        long rows = weight.extent(0);
        float[] largest = new float[Math.toIntExact(rows * blocks())];
        for (long row = 0; row < rows; row++) {
            for (long pair = 0; pair < pairs(); pair++) {
                int at = (int) (row * blocks() + pair / pairsInBlock());
                largest[at] = Math.max(largest[at], steps.floatAt(row * pairs() + pair));
            }
        }
        return Tensor.ofFloats(largest, rows, blocks());
    }

    Tensor pack(Tensor steps, Tensor blockSteps) {
        MemorySegment bits = MemorySegment.ofArray(new byte[Math.toIntExact(shape().elements())]);
        for (long row = 0; row < weight.extent(0); row++) {
            for (long pair = 0; pair < pairs(); pair++) {
                float whole = blockSteps.floatAt(row * blocks() + pair / pairsInBlock());
                if (steps.floatAt(row * pairs() + pair) < whole) {
                    long at = row * shape().extent(1) + pair / Byte.SIZE;
                    int set = bits.get(ValueLayout.JAVA_BYTE, at) | 1 << (pair % Byte.SIZE);
                    bits.set(ValueLayout.JAVA_BYTE, at, (byte) set);
                }
            }
        }
        return new Tensor(StorageType.U8, shape(), bits);
    }

    /** The steps of the pairs, {@code [out, pairs]}. */
    Tensor unpack(Tensor bits, Tensor blockSteps) {
        float[] steps = new float[Math.toIntExact(weight.extent(0) * pairs())];
        for (int i = 0; i < steps.length; i++) {
            long row = i / pairs();
            long pair = i % pairs();
            int octet = bits.data().get(ValueLayout.JAVA_BYTE, row * shape().extent(1) + pair / Byte.SIZE);
            float whole = blockSteps.floatAt(row * blocks() + pair / pairsInBlock());
            steps[i] = (octet >> (pair % Byte.SIZE) & 1) == 0 ? whole : whole / 2f;
        }
        return Tensor.ofFloats(steps, weight.extent(0), pairs());
    }

    private long pairs() {
        return Math.ceilDiv(weight.extent(1), PairScale.PAIR);
    }

    private long blocks() {
        return Math.ceilDiv(weight.extent(1), block);
    }

    private long pairsInBlock() {
        return block / PairScale.PAIR;
    }
}
