package dev.hadron.pipeline;

import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** Checksums that tell whether what was read back is what was written. */
final class Digest {
    private static final long PIECE = 1 << 26;

    private final CRC32C sum = new CRC32C();

    /** The checksum of a tensor's bytes. */
    static long of(Tensor tensor) {
        Digest digest = new Digest();
        digest.add(tensor.data());
        return digest.sum.getValue();
    }

    /** The checksum of a quantized tensor's codes, scales and zero points. */
    static long of(QuantizedTensor tensor) {
        Digest digest = new Digest();
        digest.add(tensor.codes());
        digest.add(tensor.scale().data());
        tensor.zeroPoint().ifPresent(zeros -> digest.add(zeros.data()));
        tensor.tensorScale().ifPresent(scale -> digest.add(scale.data()));
        return digest.sum.getValue();
    }

    private void add(MemorySegment data) {
        for (long at = 0; at < data.byteSize(); at += PIECE) {
            sum.update(data.asSlice(at, Math.min(PIECE, data.byteSize() - at)).asByteBuffer());
        }
    }
}
