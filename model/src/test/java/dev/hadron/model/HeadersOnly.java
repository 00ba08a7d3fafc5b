package dev.hadron.model;

import dev.hadron.checkpoint.Checkpoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A checkpoint of BF16 tensors whose elements take no room on the disk: the file behind the header is one hole. */
final class HeadersOnly {
    private final List<String> entries = new ArrayList<>();
    private long end;

    HeadersOnly tensor(String name, long... shape) {
        long bytes = 2;
        StringBuilder extents = new StringBuilder();
        for (long extent : shape) {
            bytes *= extent;
            extents.append(extents.isEmpty() ? "" : ",").append(extent);
        }
        entries.add("\"%s\":{\"dtype\":\"BF16\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                .formatted(name, extents, end, end + bytes));
        end += bytes;
        return this;
    }

    Checkpoint open(Path folder, String config) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("config.json"), config);
        byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            file.write(header);
            file.setLength(Long.BYTES + header.length + end);
        }
        return Checkpoint.open(folder);
    }
}
