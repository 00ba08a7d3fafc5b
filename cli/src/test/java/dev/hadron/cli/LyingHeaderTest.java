package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Headers of safetensors files that say what isn't so. */
class LyingHeaderTest {
    private static final String TENSOR = TinyModel.UP + ".weight";

    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeModel() throws IOException {
        workspace = Workspace.in(folder);
    }

    @Test
    void anUnknownTypeOfElements() throws IOException {
        lie(entry -> entry.put("dtype", "F6_E9"));

        refused().contains("the dtype \"F6_E9\"", "only these are read: F64, F32, F16, BF16");
    }

    @Test
    void aTypeOfAnotherSize() throws IOException {
        lie(entry -> entry.put("dtype", "F32"));

        refused().contains("has 16384 bytes of data", "F32 elements of shape [128, 64]");
    }

    @Test
    void aShapeOfMoreElements() throws IOException {
        lie(entry -> shape(entry).set(0, shape(entry).numberNode(129)));

        refused().contains("has 16384 bytes of data", "[129, 64]");
    }

    @Test
    void aNegativeExtent() throws IOException {
        lie(entry -> shape(entry).set(0, shape(entry).numberNode(-128)));

        refused().contains("-128 in its shape");
    }

    @Test
    void moreElementsThanCanBeCounted() throws IOException {
        lie(entry -> {
            shape(entry).set(0, shape(entry).numberNode(1L << 40));
            shape(entry).set(1, shape(entry).numberNode(1L << 40));
        });

        refused().contains("whose number of elements doesn't fit 64 bits");
    }

    @Test
    void anOverlap() throws IOException {
        lie(entry -> move(entry, -2));

        refused().contains("inside tensor \"model.layers.0.mlp.gate_proj.weight\"");
    }

    @Test
    void offsetsBehindTheEnd() throws IOException {
        lie(entry -> move(entry, 1L << 40));

        refused().contains("ends at byte", "is truncated");
    }

    @Test
    void anEndBeforeTheBeginning() throws IOException {
        lie(entry -> {
            ArrayNode offsets = (ArrayNode) entry.get("data_offsets");
            offsets.set(1, offsets.numberNode(0));
        });

        refused().contains("end before they begin");
    }

    @Test
    void aMissingField() throws IOException {
        lie(entry -> entry.remove("data_offsets"));

        refused().contains("has no field \"data_offsets\"");
    }

    @Test
    void aRestThatBelongsToNoTensor() throws IOException {
        SafetensorsFile.read(workspace.model())
                .write((json, data) ->
                        SafetensorsFile.assemble(json.length, json, Arrays.copyOf(data, data.length + 2)));

        assertThat(refusal()).contains("has 2 bytes after its last tensor");
    }

    @Test
    void aLengthThatTheFileDoesntHave() throws IOException {
        SafetensorsFile.read(workspace.model()).write((json, data) -> SafetensorsFile.assemble(90_000_000, json, data));

        assertThat(refusal()).contains("states a header of 90000000 bytes", "truncated");
    }

    @Test
    void aLengthThatNoHeaderHas() throws IOException {
        SafetensorsFile.read(workspace.model()).write((json, data) -> SafetensorsFile.assemble(-1, json, data));

        assertThat(refusal()).contains("18446744073709551615 bytes", "isn't a safetensors file");
    }

    @Test
    void aTextThatIsntJson() throws IOException {
        byte[] noJson = "{\"a\":".getBytes(StandardCharsets.UTF_8);
        SafetensorsFile.read(workspace.model())
                .write((json, data) -> SafetensorsFile.assemble(noJson.length, noJson, data));

        assertThat(refusal()).contains("model.safetensors has a header that isn't valid JSON");
    }

    private void lie(Consumer<ObjectNode> change) throws IOException {
        SafetensorsFile file = SafetensorsFile.read(workspace.model());
        change.accept(file.entry(TENSOR));
        file.write();
    }

    private org.assertj.core.api.AbstractStringAssert<?> refused() {
        return assertThat(refusal()).contains("model.safetensors: tensor \"" + TENSOR + "\"");
    }

    private String refusal() {
        return workspace.quantizeRefused("--scheme", "int8");
    }

    private static ArrayNode shape(ObjectNode entry) {
        return (ArrayNode) entry.get("shape");
    }

    private static void move(ObjectNode entry, long bytes) {
        ArrayNode offsets = (ArrayNode) entry.get("data_offsets");
        for (int i = 0; i < 2; i++) {
            offsets.set(i, offsets.numberNode(offsets.get(i).longValue() + bytes));
        }
    }
}
