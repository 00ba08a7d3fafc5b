package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Algorithms from the command line: on a decoder and on a mixture of experts, killed and continued, and asked for what can't be. */
class AlgorithmsTest {
    private static final Object[] DATA = {"--calibration", Workspace.text("calibration"), "--samples", 6, "--length", 64
    };

    @TempDir
    private Path folder;

    private Path model;
    private Path output;

    @BeforeEach
    void makeModel() throws IOException {
        model = folder.resolve("model");
        TinyModel.write(model);
        output = folder.resolve("out");
    }

    static Stream<Arguments> algorithms() {
        return Stream.of(
                Arguments.of("uint4-g32", List.of("--algorithm", "gptq")),
                Arguments.of("uint4-g32", List.of("--algorithm", "awq")),
                Arguments.of("w8a8", List.of("--algorithm", "autosmoothquant")),
                Arguments.of("w8a8", List.of("--pre-optimization", "smoothquant")),
                Arguments.of("uint4-g32", List.of("--pre-optimization", "rotation", "--algorithm", "gptq")),
                Arguments.of("w8a8", List.of("--pre-optimization", "smoothquant", "--algorithm", "gptq")),
                Arguments.of("uint4-g32", List.of("--pre-optimization", "quarot", "--layout", "hadron")));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void aDecoderIsQuantizedAndMeasured(String scheme, List<String> options) throws IOException {
        JsonNode report = report(scheme, options);

        assertThat(report.path("layers").intValue()).isEqualTo(7 * TinyModel.LAYERS);
        assertThat(report.at("/after/perplexity").doubleValue())
                .isCloseTo(report.at("/before/perplexity").doubleValue(), within(200.0));
        assertThat(folder.resolve("out.work")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void aMixtureOfExpertsIsQuantizedAndMeasured(String scheme, List<String> options) throws IOException {
        model = folder.resolve("mixture");
        TinyMixture.MIXTRAL.write(model);

        JsonNode report = report(scheme, options);

        double before = report.at("/before/perplexity").doubleValue();
        assertThat(report.at("/after/perplexity").doubleValue()).isCloseTo(before, within(0.2 * before));
    }

    @Test
    void aRunThatIsKilledAtAnyMomentIsContinuedToTheSameBytes() throws Exception {
        List<Object> command = new ArrayList<>(List.of(
                "quantize",
                model,
                "-s",
                "w8a8",
                "--pre-optimization",
                "smoothquant",
                "--algorithm",
                "gptq",
                "--threads",
                2));
        command.addAll(List.of(DATA));
        List<Object> undisturbed = new ArrayList<>(command);
        undisturbed.addAll(List.of("-o", folder.resolve("undisturbed")));
        Run.succeeded(undisturbed.toArray());
        command.addAll(List.of("-o", output, "--resume"));
        Random random = new Random(3);
        int killed = 0;
        for (int attempt = 0; attempt < 6 && !Files.exists(output); attempt++) {
            try (ChildProcess process = ChildProcess.start(folder, List.of(), command.toArray())) {
                process.await(
                        "the state", () -> Files.exists(folder.resolve("out.work/state.json")) || Files.exists(output));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(600));
                killed++;
                // Closing kills the process.
            }
        }
        if (!Files.exists(output)) {
            Run.succeeded(command.toArray());
        }

        assertThat(killed).isPositive();
        for (String file : List.of("model.safetensors", "config.json", "hadron.json")) {
            assertThat(Files.mismatch(
                            output.resolve(file), folder.resolve("undisturbed").resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        assertThat(folder.resolve("out.work")).doesNotExist();
    }

    @Test
    void aStateIsNotOverwrittenAndNotContinuedByAnotherRun() throws IOException {
        Path work = Files.createDirectory(folder.resolve("state"));
        Files.writeString(work.resolve("state.json"), "{\"format\": 1, \"run\": {\"seed\": 5}, \"done\": 1}");

        assertThat(refused("--algorithm", "gptq", "--work-dir", work))
                .contains("holds the state of a run that was stopped", "--resume");
        assertThat(refused("--algorithm", "gptq", "--work-dir", work, "--resume"))
                .contains("can't be continued: its version differs");
        assertThat(refused("--algorithm", "gptq", "--work-dir", model))
                .contains("which isn't part of a run's state; name an empty folder");
        assertThat(output).doesNotExist();
    }

    @Test
    void whatAnAlgorithmCantDoIsRefusedBeforeTheRun() throws IOException {
        assertThat(Run.of("quantize", model, "-s", "uint4-g32", "-o", output, "--algorithm", "gptq")
                        .refusal())
                .contains("asks for an algorithm", "--calibration");
        assertThat(refused("--algorithm", "gtpq"))
                .contains("must be one of autosmoothquant, awq, gptq", "nearest is gptq");
        assertThat(refused("--pre-optimization", "quarot")).contains("online_had", "choose the layout hadron");
        assertThat(refused("--pre-optimization", "rotation", "--pre-optimization", "quarot"))
                .contains("rotate the same channels");
        assertThat(refused("--pre-optimization", "smoothquant", "--pre-optimization", "rotation"))
                .contains("name the rotation first");
        assertThat(configured("{\"name\": \"gptq\", \"inside_layer_modules\": [\"self_attn.o_porj\"]}"))
                .contains("names \"self_attn.o_porj\"", "the nearest is self_attn.o_proj");
        assertThat(configured("{\"name\": \"gptq\", \"static_groups\": false}"))
                .contains("desc_act with static_groups false");
        assertThat(configured("{\"name\": \"awq\", \"scaling_layers\": [{\"prev_op\": \"input_layernorms\", \"layers\":"
                        + " [\"self_attn.q_proj\"]}]}"))
                .contains("scaling_layers[0].prev_op names \"input_layernorms\"", "the nearest is input_layernorm");
        assertThat(configured("{\"name\": \"awq\", \"scaling_layers\": [{\"prev_op\": \"input_layernorm\", \"layers\":"
                        + " [\"self_attn.q_proj\"], \"module2inspect\": \"self_attn\"}]}"))
                .contains("all of them must be named");
        assertThat(configured("{\"name\": \"awq\", \"num_attention_heads\": 7}"))
                .contains("num_attention_heads is 7, but the model has 4");
        assertThat(output).doesNotExist();
    }

    @Test
    void thePlanRefusesTheSame() throws IOException {
        assertThat(Run.of("plan", model, "-s", "uint4-g32", "--pre-optimization", "quarot")
                        .refusal())
                .contains("online_had");
        assertThat(Run.succeeded("plan", model, "-s", "uint4-g32", "--algorithm", "gptq")
                        .out())
                .contains("gptq");
    }

    private JsonNode report(String scheme, List<String> options) {
        List<Object> command = new ArrayList<>(List.of("quantize", model, "-s", scheme, "-o", output, "--json"));
        command.addAll(options);
        command.addAll(List.of(DATA));
        command.addAll(List.of("--evaluation", Workspace.text("evaluation"), "--tokens", 512));
        return Run.succeeded(command.toArray()).json();
    }

    private String refused(Object... options) {
        List<Object> command = new ArrayList<>(List.of("quantize", model, "-s", "uint4-g32", "-o", output));
        command.addAll(List.of(DATA));
        command.addAll(List.of(options));
        return Run.of(command.toArray()).refusal();
    }

    private String configured(String algorithm) throws IOException {
        ObjectNode config = (ObjectNode) Run.succeeded("schemes", "uint4-g32").json();
        config.set("algo_config", new JsonMapper().readTree(algorithm));
        Path file = Files.writeString(folder.resolve("my.json"), config.toString());
        List<Object> command = new ArrayList<>(List.of("quantize", model, "--config", file, "-o", output));
        command.addAll(List.of(DATA));
        return Run.of(command.toArray()).refusal();
    }
}
