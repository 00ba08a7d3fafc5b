package dev.hadron.checkpoint.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files put together by hand, so that they can be wrong in any way. */
public final class SafetensorsBytes {
    private SafetensorsBytes() {}

    /** A file of a header, whose length is right, and {@code dataSize} zeros. */
    public static byte[] of(String json, int dataSize) {
        byte[] header = json.getBytes(StandardCharsets.UTF_8);
        return ofLength(header.length, header, dataSize);
    }

    /** A file that states a header of {@code length} bytes, whatever follows. */
    public static byte[] ofLength(long length, byte[] header, int dataSize) {
        return ByteBuffer.allocate(Long.BYTES + header.length + dataSize)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(header)
                .array();
    }

    /** The entry of a tensor, as it stands in a header. */
    public static String entry(String name, String dtype, String shape, long begin, long end) {
        return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[" + begin + ","
                + end + "]}";
    }

    /** Writes a file with the float32 vectors of these names, each of two elements. */
    public static Path write(Path file, String... names) throws IOException {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < names.length; i++) {
            json.append(i == 0 ? "" : ",").append(entry(names[i], "F32", "[2]", 8L * i, 8L * (i + 1)));
        }
        return Files.write(file, of(json.append("}").toString(), 8 * names.length));
    }
}
