package dev.hadron.golden;

import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tensors of a safetensors file: eight bytes of header length, a JSON header, data. */
final class GoldenTensors {
    private final Map<String, Tensor> tensors = new HashMap<>();

    GoldenTensors(Path file) {
        MemorySegment all;
        try {
            all = MemorySegment.ofArray(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        long length = all.get(Tensor.LONG, 0);
        byte[] header = all.asSlice(Long.BYTES, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        MemorySegment data = all.asSlice(Long.BYTES + length);
        JsonNode root = new JsonMapper().readTree(header);
        root.forEachEntry((name, entry) -> {
            if (!name.equals("__metadata__")) {
                long from = entry.get("data_offsets").get(0).longValue();
                long to = entry.get("data_offsets").get(1).longValue();
                long[] shape = entry.get("shape")
                        .valueStream()
                        .mapToLong(JsonNode::longValue)
                        .toArray();
                tensors.put(
                        name,
                        new Tensor(
                                StorageType.valueOf(entry.get("dtype").stringValue()),
                                Shape.of(shape),
                                data.asSlice(from, to - from)));
            }
        });
    }

    Tensor get(String name) {
        return Objects.requireNonNull(tensors.get(name), name);
    }

    /** The elements of a floating-point tensor. */
    static float[] floats(Tensor tensor) {
        WorkingType type = WorkingType.of(tensor.type());
        float[] values = new float[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case FLOAT32 -> tensor.floatAt(i);
                case BFLOAT16 -> Float.intBitsToFloat(shortAt(tensor, i) << Short.SIZE);
                case FLOAT16 -> Float.float16ToFloat(shortAt(tensor, i));
            };
        }
        return values;
    }

    /** The elements of a tensor of integers or bit patterns; the latter unsigned. */
    static int[] integers(Tensor tensor) {
        int[] values = new int[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (tensor.type()) {
                case I16 -> shortAt(tensor, i);
                case I32 -> tensor.intAt(i);
                case I64 -> Math.toIntExact(tensor.data().get(Tensor.LONG, (long) i * Long.BYTES));
                case U8 -> Byte.toUnsignedInt(tensor.data().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i));
                default -> throw new IllegalArgumentException(tensor.type().name());
            };
        }
        return values;
    }

    private static short shortAt(Tensor tensor, int index) {
        return tensor.data().get(Tensor.SHORT, (long) index * Short.BYTES);
    }
}
