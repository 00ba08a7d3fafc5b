package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What commands print, and what quantize writes. */
class ResultsTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String CALIBRATION = Workspace.text("calibration").toString();
    private static final String EVALUATION = Workspace.text("evaluation").toString();

    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeModel() throws IOException {
        workspace = Workspace.in(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uint4-g32", "fp8-kv8", "w8a8-dynamic"})
    void theConfigurationThatSchemesPrintsGivesWhatTheSchemeGives(String scheme) throws IOException {
        Path config =
                workspace.file("printed.json", Run.succeeded("schemes", scheme).out());
        Object[] calibration = {"--calibration", CALIBRATION, "--samples", 2};

        Path named = workspace.quantized("named", with(calibration, "--scheme", scheme));
        Path read = workspace.quantized("read", with(calibration, "--config", config));

        assertThat(Folders.contents(read)).isEqualTo(Folders.contents(named));
    }

    @Test
    void theSelfTestPasses() {
        String lines = Run.succeeded("self-test").out();

        assertThat(lines.lines()).hasSize(6).allMatch(line -> line.endsWith("read back as written"));
    }

    @Test
    void everyWeightIsExplained() {
        Path output = workspace.output();

        String table = Run.succeeded("quantize", workspace.model(), "-s", "uint4-g32", "-o", output)
                .out();
        JsonNode json = Run.succeeded(
                        "quantize", workspace.model(), "-s", "uint4-g32", "-o", output, "--overwrite", "--json")
                .json();

        assertThat(table.lines()
                        .dropWhile(line -> !line.startsWith("worst layers"))
                        .skip(1))
                .hasSize(10)
                .allMatch(line -> line.contains("uint4") && line.contains(" dB"));
        assertThat(json.path("weights")).hasSize(7 * TinyModel.LAYERS).allSatisfy(layer -> {
            assertThat(layer.path("snr_db").doubleValue()).isBetween(15.0, 30.0);
            assertThat(layer.path("largest_error").doubleValue()).isPositive();
            assertThat(layer.path("zero_share").doubleValue()).isBetween(0.02, 0.5);
        });
        assertThat(json.path("worst_weights")).hasSize(10);
    }

    @Test
    void filesAreAsLargeAsAskedFor() throws IOException {
        Path output = workspace.quantized("sharded", "-s", "uint4-g32", "--max-shard-size", "200kB");

        try (var files = Files.list(output)) {
            assertThat(files.filter(file -> String.valueOf(file.getFileName()).endsWith(".safetensors")))
                    .hasSizeGreaterThan(1)
                    .allMatch(file -> file.toFile().length() < 300_000);
        }
        assertThat(output.resolve("model.safetensors.index.json")).exists();
        assertThat(Run.succeeded("inspect", output).out()).contains("uint4");
    }

    @Test
    void equalRunsWriteEqualFoldersWhateverElseIsAsked() {
        Object[] options = {"-s", "fp8-kv8", "--calibration", CALIBRATION, "--samples", 4, "--threads", 2};

        Path first = workspace.quantized("first", options);
        Path second = workspace.quantized("second", options);
        Path evaluated = workspace.quantized("third", with(options, "--evaluation", EVALUATION, "--tokens", 512));

        Map<String, String> contents = Folders.contents(first);
        assertThat(contents).containsKeys("config.json", "hadron.json", "model.safetensors", "tokenizer.json");
        assertThat(Folders.contents(second)).isEqualTo(contents);
        assertThat(Folders.contents(evaluated)).isEqualTo(contents);
    }

    @Test
    void aWeightOnlyResultDoesntDependOnAnEvaluation() {
        Path plain = workspace.quantized("plain", "-s", "uint4-g32");
        Path evaluated =
                workspace.quantized("evaluated", "-s", "uint4-g32", "--evaluation", EVALUATION, "--tokens", 512);

        assertThat(Folders.contents(evaluated)).isEqualTo(Folders.contents(plain));
    }

    @Test
    void shuffledWindowsDependOnTheSeedAndOnNothingElse() throws IOException {
        Object[] options = {"-s", "w8a8", "--calibration", CALIBRATION, "--samples", 1, "--length", 64};

        Path inOrder = workspace.quantized("order", options);
        Path seven = workspace.quantized("seven", with(options, "--shuffle", "--seed", 7));
        Path again = workspace.quantized("again", with(options, "--shuffle", "--seed", 7));
        Path eight = workspace.quantized("eight", with(options, "--shuffle", "--seed", 8));

        assertThat(Folders.contents(again)).isEqualTo(Folders.contents(seven));
        assertThat(Folders.contents(eight).get("model.safetensors"))
                .isNotEqualTo(Folders.contents(seven).get("model.safetensors"))
                .isNotEqualTo(Folders.contents(inOrder).get("model.safetensors"));
        assertThat(json(seven, "hadron.json").at("/seed").intValue()).isEqualTo(7);
        assertThat(json(seven, "hadron.json").at("/calibration/shuffled").booleanValue())
                .isTrue();
    }

    @Test
    void excludedLayersStayAsTheyAre() throws IOException {
        Path target = workspace.quantized("out", "-s", "int8", "--exclude", "*.down_proj", "--exclude", "*.layers.1.*");

        JsonNode excluded = json(target, "config.json").at("/quantization_config/exclude");
        assertThat(strings(excluded))
                .contains("lm_head", "model.layers.0.mlp.down_proj", "model.layers.1.self_attn.q_proj")
                .doesNotContain("model.layers.0.mlp.up_proj");
        JsonNode tensors = Run.succeeded("inspect", target, "--json").json().get("tensors");
        assertThat(type(tensors, "model.layers.0.mlp.down_proj.weight")).isEqualTo("BF16");
        assertThat(type(tensors, "model.layers.1.mlp.up_proj.weight")).isEqualTo("BF16");
        assertThat(type(tensors, "model.layers.0.mlp.up_proj.weight")).isEqualTo("I8");
    }

    @Test
    void evaluateTellsHowWellATextIsPredicted() {
        Object[] command = {"evaluate", workspace.model(), "--text", EVALUATION, "--window", 128, "--tokens", 1000};

        JsonNode result = Run.succeeded(with(command, "--json")).json();
        String table = Run.succeeded(command).out();

        assertThat(result.propertyNames()).containsExactly("perplexity", "nll", "windows", "predicted_tokens");
        assertThat(result.get("windows").intValue()).isEqualTo(7);
        assertThat(result.get("predicted_tokens").intValue()).isEqualTo(7 * 127);
        assertThat(result.get("perplexity").doubleValue())
                .isEqualTo(Math.exp(result.get("nll").doubleValue()))
                .isBetween(100.0, 1e6);
        assertThat(table).contains("perplexity", "predicted tokens  889");
    }

    @Test
    void quantizeReportsWhatItCost() {
        Run run = Run.succeeded(
                "quantize",
                workspace.model(),
                "-s",
                "fp8",
                "-o",
                workspace.output(),
                "--calibration",
                CALIBRATION,
                "--samples",
                2,
                "--evaluation",
                EVALUATION,
                "--tokens",
                512,
                "--json");

        JsonNode report = run.json();

        assertThat(report.propertyNames())
                .containsExactly(
                        "output",
                        "layers",
                        "layers_kept",
                        "bytes_before",
                        "bytes_after",
                        "bits_per_weight",
                        "before",
                        "after",
                        "seconds",
                        "peak_memory_bytes",
                        "weights",
                        "worst_weights",
                        "notes");
        assertThat(report.get("layers").intValue()).isEqualTo(14);
        assertThat(report.get("output").stringValue())
                .isEqualTo(workspace.output().toString());
        assertThat(report.at("/after/perplexity").doubleValue()).isPositive();
        assertThat(run.err().lines()).allMatch(line -> line.matches("[a-z ]+: done in \\d+\\.\\d s"));
    }

    @Test
    void inspectShowsFloatAndQuantized() {
        Path quantized = workspace.quantized("out", "-s", "uint4-g32");

        JsonNode before = Run.succeeded("inspect", workspace.model(), "--json").json();
        JsonNode after = Run.succeeded("inspect", quantized, "--json").json();

        assertThat(before.get("model_type").stringValue()).isEqualTo("llama");
        assertThat(before.get("quant_method").isNull()).isTrue();
        assertThat(before.get("layers_by_scheme").isEmpty()).isTrue();
        assertThat(after.get("quant_method").stringValue()).isEqualTo("quark");
        assertThat(after.at("/layers_by_scheme/weight uint4 in groups of 32").intValue())
                .isEqualTo(14);
        assertThat(after.get("parameters").longValue())
                .isEqualTo(before.get("parameters").longValue());
        assertThat(after.get("bytes").longValue())
                .isLessThan(before.get("bytes").longValue());
        assertThat(Run.succeeded("inspect", quantized).out()).contains("14 layers", "weight uint4 in groups of 32");
    }

    @Test
    void schemesListsWhatQuantizeKnows() {
        JsonNode schemes = Run.succeeded("schemes", "--json").json().get("schemes");
        String table = Run.succeeded("schemes").out();

        assertThat(schemes).hasSizeGreaterThan(5).allSatisfy(scheme -> {
            assertThat(scheme.propertyNames())
                    .containsExactly("name", "summary", "needs_calibration", "layouts", "config");
            assertThat(table).contains(scheme.get("name").stringValue());
        });
    }

    private static Object[] with(Object[] options, Object... more) {
        Object[] all = new Object[options.length + more.length];
        System.arraycopy(options, 0, all, 0, options.length);
        System.arraycopy(more, 0, all, options.length, more.length);
        return all;
    }

    private static JsonNode json(Path target, String file) throws IOException {
        return MAPPER.readTree(Files.readString(target.resolve(file)));
    }

    private static Iterable<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::stringValue)
                .toList();
    }

    private static String type(JsonNode tensors, String name) {
        return StreamSupport.stream(tensors.spliterator(), false)
                .filter(tensor -> tensor.get("name").stringValue().equals(name))
                .map(tensor -> tensor.get("dtype").stringValue())
                .findFirst()
                .orElse("missing");
    }
}
