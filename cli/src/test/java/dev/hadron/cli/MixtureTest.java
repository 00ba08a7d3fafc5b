package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Mixtures of experts, from the plan to the perplexity of the result. */
class MixtureTest {
    private static final String CALIBRATION = Workspace.text("calibration").toString();
    private static final String EVALUATION = Workspace.text("evaluation").toString();

    @TempDir
    private Path folder;

    static Stream<Arguments> schemes() {
        return Stream.of(TinyMixture.values())
                .flatMap(mixture ->
                        Stream.of("uint4-g128", "int8", "w8a8").map(scheme -> Arguments.of(mixture, scheme)));
    }

    @ParameterizedTest
    @MethodSource("schemes")
    void expertsAreQuantizedAndRoutersAreNot(TinyMixture mixture, String scheme) throws IOException {
        Path output = folder.resolve("out");

        JsonNode report = quantize(
                mixture,
                output,
                "-s",
                scheme,
                "--calibration",
                CALIBRATION,
                "--samples",
                2,
                "--evaluation",
                EVALUATION,
                "--tokens",
                256);

        List<String> quantized = strings(report.path("weights"), "layer");
        assertThat(quantized).containsAll(mixture.expertLinears()).doesNotContain(mixture.router());
        JsonNode tensors = Run.succeeded("inspect", output, "--json").json().path("tensors");
        assertThat(strings(tensors, "name"))
                .contains(mixture.router() + ".weight")
                .containsAll(mixture.expertLinears().stream()
                        .map(layer -> layer + ".weight_scale")
                        .toList());
        double before = report.at("/before/perplexity").doubleValue();
        double after = report.at("/after/perplexity").doubleValue();
        assertThat(after).isCloseTo(before, within(0.1 * before)).isNotEqualTo(before);
        assertThat(Run.succeeded("evaluate", output, "--text", EVALUATION, "--tokens", 256, "--json")
                        .json()
                        .path("perplexity")
                        .doubleValue())
                .isEqualTo(after);
    }

    @ParameterizedTest
    @EnumSource(TinyMixture.class)
    void thePlanShowsExpertsInRowsAndKeepsRouters(TinyMixture mixture) throws IOException {
        mixture.write(folder.resolve("model"));

        Run plan = Run.succeeded("plan", folder.resolve("model"), "-s", "w8a8");

        assertThat(plan.out()).contains("experts.{0..15}.").contains(".gate");
        assertThat(plan.err()).doesNotContain("chooses among experts");
    }

    @ParameterizedTest
    @EnumSource(TinyMixture.class)
    void expertsThatNoTokenReachedTakeTheLargestScaleOfTheOthers(TinyMixture mixture) throws IOException {
        Path output = folder.resolve("out");

        JsonNode report =
                quantize(mixture, output, "-s", "w8a8", "--calibration", CALIBRATION, "--samples", 1, "--length", 4);

        // Four tokens reach at most eight of the sixteen experts.
        assertThat(StreamSupport.stream(report.path("notes").spliterator(), false)
                        .map(JsonNode::stringValue))
                .filteredOn(note -> note.startsWith("calibration: no token reached"))
                .singleElement()
                .asString()
                .contains("no token reached model.layers.", ".experts.{")
                .contains("largest scale");
        JsonNode tensors = Run.succeeded("inspect", output, "--json").json().path("tensors");
        assertThat(strings(tensors, "name"))
                .containsAll(mixture.expertLinears().stream()
                        .map(layer -> layer + ".input_scale")
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(TinyMixture.class)
    void anExpertThatNoTokenReachedAndThatHasNoOthersIsRefused(TinyMixture mixture) throws IOException {
        mixture.write(folder.resolve("model"));

        // One token reaches two experts, so it misses one of any three.
        List<String> refusals = IntStream.range(0, 3)
                .mapToObj(this::quantizeOnly)
                .filter(run -> run.code() != 0)
                .peek(run -> assertThat(run.code()).isEqualTo(Failures.MISTAKE))
                .map(Run::err)
                .toList();

        assertThat(refusals)
                .isNotEmpty()
                .allSatisfy(refusal -> assertThat(refusal)
                        .contains("no token reached model.layers.", ".experts.", "exclude the layer"));
    }

    /** Of the experts, one is quantized. */
    private Run quantizeOnly(int expert) {
        Stream<Object> arguments = Stream.of("quantize", folder.resolve("model"), "-o", folder.resolve("o" + expert));
        Stream<Object> calibration =
                Stream.of("-s", "w8a8", "--calibration", CALIBRATION, "--samples", 1, "--length", 1);
        Stream<Object> excluded = IntStream.range(0, TinyMixture.EXPERTS)
                .filter(other -> other != expert)
                .boxed()
                .flatMap(other -> Stream.of("--exclude", "*.experts." + other + ".*"));
        return Run.of(Stream.of(arguments, calibration, excluded)
                .flatMap(part -> part)
                .toArray());
    }

    private JsonNode quantize(TinyMixture mixture, Path output, Object... more) throws IOException {
        Path model = folder.resolve("model");
        mixture.write(model);
        return Run.succeeded(Stream.concat(Stream.of("quantize", model, "-o", output, "--json"), Arrays.stream(more))
                        .toArray())
                .json();
    }

    private static List<String> strings(JsonNode array, String key) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(node -> node.path(key).stringValue())
                .toList();
    }
}
