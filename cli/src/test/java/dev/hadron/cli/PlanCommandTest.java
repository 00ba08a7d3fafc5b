package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code hadron plan}, and that every quantization begins with it. */
class PlanCommandTest {
    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeModel() throws IOException {
        workspace = Workspace.in(folder);
    }

    @Test
    void layersThatGetTheSameAreOneRow() {
        String plan = planned("--scheme", "uint4-g32");

        assertThat(plan)
                .contains("model.layers.{0,1}.mlp.down_proj  2 x BF16 [64, 128]  32.77 kB -> ")
                .contains("weight uint4 in groups of 32, by global_quant_config, 4.625 bits per weight")
                .contains("lm_head.weight  BF16 [2048, 64]  262.14 kB: excluded by lm_head")
                .contains("model.norm.weight  BF16 [64]  128 B: a vector, not a matrix")
                .contains("layers           14 quantized, 2 kept")
                .contains("peak memory", "(an estimate)")
                .doesNotContain("warnings");
    }

    @Test
    void eachLayerCanBeShownByItself() {
        assertThat(planned("--scheme", "int8", "--all"))
                .contains("model.layers.0.mlp.up_proj  BF16", "model.layers.1.mlp.up_proj  BF16")
                .doesNotContain("{");
    }

    @Test
    void theCacheIsNamed() {
        assertThat(planned("--scheme", "fp8-kv8"))
                .contains("output (KV cache) fp8_e4m3 per tensor, by kv_cache_quant_config:*k_proj")
                .contains("calibration      needed");
    }

    @Test
    void jsonHasEachLayerWithItsRules() {
        JsonNode plan = Run.succeeded("plan", workspace.model(), "--scheme", "w8a8-dynamic", "--json")
                .json();

        assertThat(plan.get("format").intValue()).isEqualTo(1);
        assertThat(plan.get("layers").size()).isEqualTo(14);
        JsonNode layer = plan.get("layers").get(0);
        assertThat(layer.get("weight").get("rule").stringValue()).isEqualTo("global_quant_config");
        assertThat(layer.get("weight").get("spec").get("dtype").stringValue()).isEqualTo("int8");
        assertThat(layer.get("bias").isNull()).isTrue();
        long written = 0;
        for (JsonNode tensor : layer.get("written")) {
            written += tensor.get("bytes").longValue();
        }
        assertThat(layer.get("bytes_after").longValue()).isEqualTo(written).isPositive();
        assertThat(plan.get("kept").get("lm_head").stringValue()).isEqualTo("excluded by lm_head");
        assertThat(plan.get("estimate").get("peak_memory_bytes").longValue()).isPositive();
    }

    @Test
    void patternsThatMatchNothingAreWarnedOfWithTheNearestName() {
        assertThat(planned("--scheme", "int8", "--exclude", "model.layers.0.mlp.upproj"))
                .contains("warnings", "the nearest name is model.layers.0.mlp.up_proj");
    }

    @Test
    void whatQuantizeRefusesPlanRefusesInTheSameWords() {
        for (List<Object> wrong : List.<List<Object>>of(
                List.of("--scheme", "uint4-g128"),
                List.of("--scheme", "int8", "--exclude", "*"),
                List.of("--scheme", "int8", "--linear", "model.layers.0.mlp.upproj"),
                List.of("--scheme", "int8", "--linear", "model.norm"),
                List.of("--scheme", "mx9", "--layout", "quark"))) {
            String refusal = workspace.quantizeRefused(wrong.toArray());

            List<Object> plan = new ArrayList<>(List.of("plan", workspace.model()));
            plan.addAll(wrong);
            assertThat(workspace.refused(plan.toArray())).isEqualTo(refusal);
        }
    }

    @Test
    void aRefusalCountsTheLayersAndNamesTheLayoutThatCan() {
        assertThat(workspace.quantizeRefused("--scheme", "uint4-g128")).contains("(and 11 more layers like it)");
        assertThat(workspace.quantizeRefused("--scheme", "mx9", "--layout", "quark"))
                .contains("the layout quark can't hold", "or take the layout hadron, which can");
    }

    @Test
    void whatTheUserCallsLinearIsQuantized() throws IOException {
        Path output = workspace.quantized("tables", "--scheme", "int8", "--linear", "model.embed_tokens");

        assertThat(Run.succeeded("inspect", output).out()).contains("15 layers");
        assertThat(Files.readString(output.resolve("hadron.json"))).contains("\"linear\"", "model.embed_tokens");
    }

    @Test
    void aThousandTensorsArePlannedFromTheirHeaders() throws IOException {
        Path model = folder.resolve("large");
        sparse(model, 1200);
        long start = System.nanoTime();

        String plan = Run.succeeded("plan", model, "--scheme", "uint4-g128").out();

        assertThat(plan).contains("model.layers.{0..1199}.mlp.up_proj  1200 x BF16 [8192, 8192]  161.06 GB -> ");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    private String planned(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("plan", workspace.model()));
        arguments.addAll(List.of(more));
        Map<String, String> before = Folders.contents(workspace.outputs());
        Run run = Run.succeeded(arguments.toArray());
        assertThat(run.err()).isEmpty();
        assertThat(Folders.contents(workspace.outputs())).isEqualTo(before);
        return run.out();
    }

    /** Matrices of 134 MB whose file is a hole behind its header. */
    private static void sparse(Path model, int layers) throws IOException {
        long bytes = 8192L * 8192 * 2;
        List<String> entries = new ArrayList<>();
        for (long layer = 0; layer < layers; layer++) {
            entries.add(
                    "\"model.layers.%d.mlp.up_proj.weight\":{\"dtype\":\"BF16\",\"shape\":[8192,8192],\"data_offsets\":[%d,%d]}"
                            .formatted(layer, layer * bytes, (layer + 1) * bytes));
        }
        byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
        Files.createDirectory(model);
        Files.writeString(model.resolve("config.json"), "{\"model_type\": \"new\"}");
        try (RandomAccessFile file =
                new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(header.length)
                    .array());
            file.write(header);
            file.setLength(Long.BYTES + header.length + layers * bytes);
        }
    }
}
