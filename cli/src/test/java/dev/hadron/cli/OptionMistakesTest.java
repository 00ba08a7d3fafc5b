package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands and options that don't exist or can't have the value they got. */
class OptionMistakesTest {
    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeModel() throws IOException {
        workspace = Workspace.in(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "--threads, 0, --threads is 0; it must be from 1 to 1024",
        "--threads, 100000, --threads is 100000; it must be from 1 to 1024",
        "--samples, 0, samples is 0; it must be positive",
        "--samples, -3, samples is -3; it must be positive",
        "--length, 0, length is 0; it must be positive",
        "--window, 1, the window is 1; it must be at least 2 tokens",
        "--tokens, -1, 'tokens is -1; it must be positive, or 0 for the whole text'",
        "--threads, two, --threads",
        "--tokens, 99999999999, --tokens",
        "--seed, 1.5, --seed",
        "--max-shard-size, 0, must be at least one byte",
        "--max-shard-size, 5 cows, 'write it like 5GB, 500MB or 2GiB'",
        "--device, tpu, no tensor runtime for the device \"tpu\""
    })
    void aValueThatIsntAllowedIsRefusedWhetherOrNotItIsNeeded(String option, String value, String sentence) {
        assertThat(workspace.quantizeRefused("--scheme", "int8", option, value)).contains(sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "--threads, 0, --threads is 0; it must be from 1 to 1024",
        "--window, 1, the window is 1; it must be at least 2 tokens",
        "--tokens, -1, 'tokens is -1; it must be positive, or 0 for the whole text'",
        "--window, x, 'invalid value for option ''--window'': ''x'' is not an int'",
        "--device, tpu, no tensor runtime for the device \"tpu\""
    })
    void evaluateRefusesThemToo(String option, String value, String sentence) {
        assertThat(workspace.evaluateRefused("--text", Workspace.text("evaluation"), option, value))
                .contains(sentence);
    }

    @Test
    void aGpuThatIsntThereIsRefusedBeforeAnythingIsWritten() {
        assumeThat(Files.exists(Path.of("/proc/driver/nvidia")))
                .as("skipped: this machine has a GPU")
                .isFalse();
        Path text = Workspace.text("evaluation");

        assertThat(workspace.evaluateRefused("--text", text, "--tokens", 512, "--device", "cuda"))
                .contains("the device cuda needs", "use --device cpu");
        assertThat(workspace.quantizeRefused("-s", "int8", "--evaluation", text, "--device", "cuda:0"))
                .contains("the device cuda:0 needs");
    }

    @Test
    void schemeAndConfigAreOneChoice() {
        assertThat(workspace.quantizeRefused()).contains("give --scheme or --config", "quantize --help");
        assertThat(workspace.quantizeRefused("--scheme", "int8", "--config", "my.json"))
                .contains("of --scheme and --config only one can be given");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(workspace.refused("quantize", workspace.model(), "-s", "int8"))
                .contains("--output=DIR");
        assertThat(workspace.refused("quantize", "-s", "int8", "-o", workspace.output()))
                .contains("MODEL");
        assertThat(workspace.refused("evaluate", workspace.model())).contains("--text=FILE");
        assertThat(workspace.refused("inspect")).contains("MODEL");
    }

    @Test
    void anUnknownOptionIsRefusedWithTheNearest() {
        assertThat(workspace.quantizeRefused("-s", "int8", "--smples", 3))
                .contains("there is no option --smples; the nearest is --samples", "hadron quantize --help");
        assertThat(workspace.quantizeRefused("-s", "int8", "--window-size=3")).contains("no option --window-size");
        assertThat(workspace.refused("--versoin")).contains("--version");
    }

    @Test
    void anUnknownCommandIsRefusedWithTheNearest() {
        assertThat(workspace.refused("quantise", workspace.model()))
                .contains("there is no command \"quantise\"; the nearest is quantize");
        assertThat(workspace.refused("xyz"))
                .contains("there is no command \"xyz\"")
                .doesNotContain("nearest");
        assertThat(workspace.refused()).contains("name a command: plan, quantize, evaluate, compare, inspect, schemes");
        assertThat(workspace.refused("schemes", "fp8", "int8")).contains("the argument \"int8\" is one too many");
    }

    @Test
    void anEmptyPathIsRefused() {
        assertThat(workspace.refused("quantize", "", "-s", "int8", "-o", workspace.output()))
                .contains("MODEL", "it is empty; name a file or folder");
        assertThat(workspace.refused("quantize", workspace.model(), "-s", "int8", "-o", ""))
                .contains("--output", "it is empty");
        assertThat(workspace.evaluateRefused("--text", "")).contains("--text", "it is empty");
        assertThat(workspace.refused("inspect", "a\0b")).contains("MODEL", "can't be a path here");
    }

    @Test
    void whatATerminalObeysIsntPrinted() {
        String refusal = workspace.refused("inspect", folder.resolve("\033[2Jred\nline"));

        assertThat(refusal).contains("\\u001b[2Jred line doesn't exist");
        assertThat(refusal.chars()).noneMatch(Character::isISOControl);
    }
}
