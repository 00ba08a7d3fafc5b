package dev.hadron.checkpoint.safetensors;

import dev.hadron.checkpoint.text.StrictJson;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Writes the JSON text of a header; {@link HeaderParser} is its inverse. */
final class HeaderText {
    private HeaderText() {}

    /** The text in UTF-8, with spaces behind it so that the data after it begins at a multiple of 8 bytes. */
    static byte[] of(Map<String, String> metadata, List<TensorDeclaration> tensors) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = StrictJson.generator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart(HeaderParser.METADATA);
                metadata.forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            long offset = 0;
            for (TensorDeclaration tensor : tensors) {
                long end = offset + tensor.byteSize();
                json.writeObjectPropertyStart(tensor.name());
                json.writeStringProperty("dtype", tensor.type().name());
                json.writeName("shape")
                        .writeArray(tensor.shape().toArray(), 0, tensor.shape().rank());
                json.writeName("data_offsets").writeArray(new long[] {offset, end}, 0, 2);
                json.writeEndObject();
                offset = end;
            }
            json.writeEndObject();
        }
        return padded(bytes.toByteArray());
    }

    private static byte[] padded(byte[] text) {
        int length = Math.ceilDiv(text.length, Long.BYTES) * Long.BYTES;
        if (length > SafetensorsHeader.LARGEST_HEADER) {
            throw new IllegalArgumentException("a header of " + length
                    + " bytes is longer than the format allows; write" + " fewer tensors into one file");
        }
        byte[] padded = Arrays.copyOf(text, length);
        Arrays.fill(padded, text.length, length, (byte) ' ');
        return padded;
    }
}
