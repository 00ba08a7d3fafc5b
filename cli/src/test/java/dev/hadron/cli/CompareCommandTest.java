package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CompareCommandTest {
    private static final Path TEXT = Workspace.text("evaluation");

    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeModel() throws IOException {
        workspace = Workspace.in(folder);
    }

    @Test
    void programsGetAllFigures() {
        Path quantized = workspace.quantized("out", "-s", "uint4-g32");

        JsonNode json = compare(quantized, "--json").json();

        assertThat(json.propertyNames())
                .containsExactly("base", "quantized", "kl", "top1_agreement", "layers", "worst_windows");
        assertThat(json.at("/base/predicted_tokens").intValue()).isEqualTo(14 * 63);
        assertThat(json.get("kl").propertyNames()).containsExactly("mean", "median", "p99", "largest", "largest_at");
        assertThat(List.of("median", "mean", "p99", "largest"))
                .extracting(key -> json.get("kl").get(key).doubleValue())
                .isSorted()
                .allMatch(value -> value > 0);
        assertThat(json.at("/kl/largest_at").propertyNames()).containsExactly("window", "position", "text");
        assertThat(json.get("top1_agreement").doubleValue()).isBetween(0.3, 0.999);
        assertThat(json.get("layers")).hasSize(TinyModel.LAYERS).allSatisfy(layer -> {
            assertThat(layer.propertyNames())
                    .containsExactly("layer", "snr_db", "added_snr_db", "worst_token_snr_db", "worst_token_at");
            assertThat(layer.get("snr_db").doubleValue()).isBetween(5.0, 40.0);
        });
        assertThat(json.get("worst_windows")).hasSize(10).allSatisfy(window -> {
            assertThat(window.propertyNames())
                    .containsExactly(
                            "window",
                            "first_token",
                            "mean_kl",
                            "top1_agreement",
                            "perplexity_base",
                            "perplexity_quantized",
                            "text");
            assertThat(window.get("first_token").intValue())
                    .isEqualTo(64 * window.get("window").intValue());
        });
    }

    @Test
    void peopleGetATableThatFitsTheirScreen() {
        Run run = compare(workspace.quantized("out", "-s", "uint4-g32"));

        assertThat(run.out().lines()).allMatch(line -> line.length() <= 120);
        assertThat(run.out().lines().filter(line -> line.startsWith("model.layers.")))
                .hasSize(TinyModel.LAYERS)
                .allMatch(line -> line.matches("\\S+ ( +\\d+\\.\\d\\d dB){3} +\\d+  .+"));
        assertThat(run.out())
                .contains("worst windows", "perplexity ", "KL divergence ", " nats, in window ", "top-1 agreement ");
        assertThat(run.err().lines()).allMatch(line -> line.matches("compare: done in \\d+\\.\\d s"));
    }

    @Test
    void aModelIsEqualToItself() {
        JsonNode json = compare(workspace.model(), "--json").json();
        String table = compare(workspace.model()).out();

        assertThat(json.at("/kl/largest").doubleValue()).isZero();
        assertThat(json.at("/kl/largest_at").isNull()).isTrue();
        assertThat(json.get("top1_agreement").doubleValue()).isEqualTo(1);
        assertThat(json.get("layers")).hasSize(TinyModel.LAYERS).allSatisfy(layer -> {
            assertThat(layer.get("snr_db").isNull()).isTrue();
            assertThat(layer.get("worst_token_at").isNull()).isTrue();
        });
        assertThat(json.get("worst_windows")).isEmpty();
        assertThat(table).contains("equal", "100.000 %").doesNotContain("worst windows");
    }

    @Test
    void wordsOfATextCantCommandATerminal() throws IOException {
        Path text = workspace.file("text.txt", "red \033[31m and\ta tab\r\nand a line ".repeat(60));

        Run run = Run.succeeded(
                "compare", workspace.model(), workspace.quantized("out", "-s", "int8"), "--text", text, "--window", 64);

        assertThat(run.out()).contains("worst windows").doesNotContain("\033", "\t", "\r");
    }

    @ParameterizedTest
    @CsvSource({
        "--threads, 0, --threads is 0; it must be from 1 to 1024",
        "--window, 1, the window is 1; it must be at least 2 tokens",
        "--tokens, 100, 100 tokens; fewer than one window of 256",
        "--device, tpu, no tensor runtime for the device \"tpu\""
    })
    void aValueThatIsntAllowedIsRefused(String option, String value, String sentence) {
        String refusal =
                workspace.refused("compare", workspace.model(), workspace.model(), "--text", TEXT, option, value);

        assertThat(refusal.replace(',', ';')).contains(sentence);
    }

    @Test
    void whatCantBeComparedIsRefusedWithBothNames() throws IOException {
        assertThat(refused(workspace.resolve("nothing"))).contains("nothing doesn't exist");
        assertThat(refused(Workspace.quill()))
                .contains(
                        workspace.model() + " and " + Workspace.quill() + " can't be compared: num_hidden_layers is 2",
                        "and 4 in that of the other; name two forms of one model");

        Path other = workspace.quantized("other", "-s", "int8");
        Path tokenizer = other.resolve("tokenizer.json");
        Files.writeString(tokenizer, Files.readString(tokenizer).replaceFirst("\"the\":", "\"teh\":"));
        assertThat(refused(other)).contains("model/tokenizer.json and ", tokenizer + " aren't the same tokenizer");

        Files.writeString(tokenizer, "{\"version\":");
        assertThat(refused(other)).contains(tokenizer.toString());
    }

    private String refused(Path other) {
        return workspace.refused("compare", workspace.model(), other, "--text", TEXT, "--tokens", 512);
    }

    private Run compare(Path quantized, Object... more) {
        Object[] command = {"compare", workspace.model(), quantized, "--text", TEXT, "--window", 64, "--tokens", 900};
        Object[] all = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return Run.succeeded(all);
    }
}
