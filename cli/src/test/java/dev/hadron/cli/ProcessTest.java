package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: its exit code, its streams, its limits. */
class ProcessTest {
    @TempDir
    private Path folder;

    @Test
    void resultsAndProgressHaveAStreamEach() throws Exception {
        Workspace workspace = Workspace.in(folder);
        Object[] command = {
            "quantize",
            workspace.model(),
            "-s",
            "w8a8",
            "-o",
            workspace.output(),
            "--json",
            "--calibration",
            Workspace.text("calibration"),
            "--samples",
            2
        };
        try (ChildProcess process = ChildProcess.start(folder, List.of(), command)) {
            assertThat(process.awaitEnd()).as(process.err()).isZero();

            assertThat(process.out()).startsWith("{").endsWith("}\n");
            assertThat(process.err().lines()).hasSize(3).allMatch(line -> line.contains(": done in "));
            assertThat(process.err().replace("\n", "").chars()).noneMatch(Character::isISOControl);
        }
    }

    @Test
    void aMistakeEndsTheProcessWithTwo() throws Exception {
        try (ChildProcess process = ChildProcess.start(folder, List.of(), "inspect", folder.resolve("nowhere"))) {
            assertThat(process.awaitEnd()).isEqualTo(2);

            assertThat(new Run(2, process.out(), process.err()).refusal()).contains("nowhere doesn't exist");
        }
    }

    @Test
    void tooLittleMemoryIsSaidInOneSentence() throws Exception {
        Workspace workspace = Workspace.in(folder);
        Path text = Files.writeString(folder.resolve("long.txt"), "word ".repeat(10_000_000));
        Object[] command = {"evaluate", workspace.model(), "--text", text};
        try (ChildProcess process = ChildProcess.start(folder, List.of("-Xmx24m"), command)) {
            assertThat(process.awaitEnd()).isEqualTo(1);

            assertThat(process.out()).isEmpty();
            assertThat(process.err().lines()).as(process.err()).hasSize(1);
            assertThat(process.err()).contains("hadron: there isn't enough memory", "HADRON_JAVA_OPTS");
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "skipped: needs /dev/full")
    void outputThatCantBeWrittenIsAFailure() throws Exception {
        try (ChildProcess process =
                ChildProcess.startWriting(Path.of("/dev/full"), folder, List.of(), "schemes", "fp8")) {
            assertThat(process.awaitEnd()).isEqualTo(1);

            assertThat(process.err()).isEqualTo("hadron: the output couldn't be written to its end\n");
        }
    }
}
