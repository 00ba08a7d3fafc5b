package dev.hadron.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BiFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A safetensors file taken apart, so that it can be put together wrongly. */
final class SafetensorsFile {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path file;
    private final ObjectNode header;
    private final byte[] data;

    private SafetensorsFile(Path file, ObjectNode header, byte[] data) {
        this.file = file;
        this.header = header;
        this.data = data;
    }

    static SafetensorsFile read(Path model) throws IOException {
        Path file = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        int length = Math.toIntExact(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        String json = new String(bytes, Long.BYTES, length, StandardCharsets.UTF_8);
        return new SafetensorsFile(
                file, (ObjectNode) MAPPER.readTree(json), Arrays.copyOfRange(bytes, Long.BYTES + length, bytes.length));
    }

    /** The header's entry of a tensor, to be changed. */
    ObjectNode entry(String tensor) {
        return (ObjectNode) header.get(tensor);
    }

    /** The bytes of all tensors, to be changed. */
    byte[] data() {
        return data;
    }

    int begin(String tensor) {
        return entry(tensor).get("data_offsets").get(0).intValue();
    }

    void write() throws IOException {
        write((json, elements) -> assemble(json.length, json, elements));
    }

    /** Writes the file as something else than header and data say. */
    void write(BiFunction<byte[], byte[], byte[]> assembly) throws IOException {
        byte[] json = MAPPER.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        Files.write(file, assembly.apply(json, data));
    }

    static byte[] assemble(long statedLength, byte[] json, byte[] data) {
        return ByteBuffer.allocate(Long.BYTES + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(statedLength)
                .put(json)
                .put(data)
                .array();
    }
}
