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
        float[] ofPairs = steps.toFloats();
        float[] largest = new float[rows() * blocks()];
        for (int row = 0, pair = 0; row < rows(); row++) {
            for (int block = row * blocks(); block < (row + 1) * blocks(); block++) {
                int end = endOfBlock(row, block);
                for (; pair < end; pair++) {
                    largest[block] = Math.max(largest[block], ofPairs[pair]);
                }
            }
        }
        return Tensor.ofFloats(largest, rows(), blocks());
    }

    Tensor pack(Tensor steps, Tensor blockSteps) {
        float[] ofPairs = steps.toFloats();
        float[] whole = blockSteps.toFloats();
        byte[] bits = new byte[Math.toIntExact(shape().elements())];
        for (int row = 0, pair = 0; row < rows(); row++) {
            int firstBit = row * octets() * Byte.SIZE - pair;
            for (int block = row * blocks(); block < (row + 1) * blocks(); block++) {
                int end = endOfBlock(row, block);
                for (; pair < end; pair++) {
                    int bit = firstBit + pair;
                    bits[bit / Byte.SIZE] |= (byte) ((ofPairs[pair] < whole[block] ? 1 : 0) << (bit % Byte.SIZE));
                }
            }
        }
        return new Tensor(StorageType.U8, shape(), MemorySegment.ofArray(bits));
    }

    /** The steps of the pairs, {@code [out, pairs]}. */
    Tensor unpack(Tensor bits, Tensor blockSteps) {
        byte[] octets = bits.data().toArray(ValueLayout.JAVA_BYTE);
        float[] whole = blockSteps.toFloats();
        float[] steps = new float[Math.multiplyExact(rows(), pairs())];
        for (int row = 0, pair = 0; row < rows(); row++) {
            int firstBit = row * octets() * Byte.SIZE - pair;
            for (int block = row * blocks(); block < (row + 1) * blocks(); block++) {
                int end = endOfBlock(row, block);
                for (; pair < end; pair++) {
                    int bit = firstBit + pair;
                    boolean halved = (octets[bit / Byte.SIZE] >> (bit % Byte.SIZE) & 1) != 0;
                    steps[pair] = halved ? whole[block] / 2f : whole[block];
                }
            }
        }
        return Tensor.ofFloats(steps, rows(), pairs());
    }

    /** The pair after the last one of a block, counted from the first of the weight. */
    private int endOfBlock(int row, int block) {
        int inRow = (block - row * blocks() + 1) * pairsInBlock();
        return row * pairs() + Math.min(pairs(), inRow);
    }

    private int rows() {
        return Math.toIntExact(weight.extent(0));
    }

    private int pairs() {
        return Math.toIntExact(Math.ceilDiv(weight.extent(1), PairScale.PAIR));
    }

    private int blocks() {
        return Math.toIntExact(Math.ceilDiv(weight.extent(1), block));
    }

    private int pairsInBlock() {
        return Math.toIntExact(block / PairScale.PAIR);
    }

    /** Bytes of a row. */
    private int octets() {
        return Math.ceilDiv(pairs(), Byte.SIZE);
    }
}
