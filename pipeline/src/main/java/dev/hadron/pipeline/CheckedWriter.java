package dev.hadron.pipeline;

import dev.hadron.checkpoint.safetensors.ShardedSafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes pieces of tensors and remembers their checksums. Any thread may write. */
final class CheckedWriter {
    private final ShardedSafetensorsWriter writer;
    private final Map<String, List<WrittenModel.Piece>> pieces = new HashMap<>();

    CheckedWriter(ShardedSafetensorsWriter writer) {
        this.writer = writer;
    }

    /** As {@link ShardedSafetensorsWriter#write(String, long, MemorySegment)}. */
    void write(String name, long at, MemorySegment piece) throws IOException {
        long checksum = Digest.of(piece);
        writer.write(name, at, piece);
        synchronized (pieces) {
            pieces.computeIfAbsent(name, unused -> new ArrayList<>())
                    .add(new WrittenModel.Piece(at, piece.byteSize(), checksum));
        }
    }

    /** What was written of each tensor. */
    Map<String, List<WrittenModel.Piece>> pieces() {
        synchronized (pieces) {
            Map<String, List<WrittenModel.Piece>> copy = new HashMap<>();
            pieces.forEach((name, ofTensor) -> copy.put(name, List.copyOf(ofTensor)));
            return copy;
        }
    }
}
