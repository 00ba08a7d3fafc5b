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
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and SIGTERM: the program ends at once, says what is left, and that is so. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "skipped: Windows has no signals")
class StopTest {
    /** A loaded machine takes longer than the fraction of a second that it usually is. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private static final List<String> WITH_BAR = List.of("-Dhadron.terminal=true");

    @TempDir
    private Path folder;

    private Path outputs;
    private Path output;

    @BeforeEach
    void makeFolder() throws IOException {
        outputs = Files.createDirectory(folder.resolve("outputs"));
        output = outputs.resolve("out");
    }

    @Test
    void calibrationStops() throws Exception {
        Object[] command = {
            "quantize",
            Workspace.quill(),
            "-s",
            "fp8",
            "-o",
            output,
            "--calibration",
            Workspace.text("calibration"),
            "--samples",
            800
        };
        try (ChildProcess process = ChildProcess.start(folder, WITH_BAR, command)) {
            process.await("calibration", () -> isUnderWay(process, "calibrate"));

            Duration taken = process.stop("INT");

            check("calibrate, SIGINT", taken);
            assertStopped(process, 130);
        }
    }

    @Test
    void quantizationStops() throws Exception {
        Path model = zeros(folder.resolve("zeros"), 64);
        try (ChildProcess process =
                ChildProcess.start(folder, WITH_BAR, "quantize", model, "-s", "int8", "-o", output)) {
            process.await("weights", () -> bytesBelow(outputs) > 20_000_000);

            Duration taken = process.stop("INT");

            check("quantize, SIGINT", taken);
            assertStopped(process, 130);
        }
    }

    @Test
    void whatIsOverwrittenSurvivesAStop() throws Exception {
        TinyModel.write(folder.resolve("tiny"));
        Run.succeeded("quantize", folder.resolve("tiny"), "-s", "int8", "-o", output);
        Map<String, String> before = Folders.contents(outputs);
        Path model = zeros(folder.resolve("zeros"), 64);
        try (ChildProcess process =
                ChildProcess.start(folder, WITH_BAR, "quantize", model, "-s", "int8", "-o", output, "--overwrite")) {
            process.await("weights", () -> bytesBelow(outputs) > 20_000_000);

            process.stop("TERM");

            assertThat(process.awaitEnd()).isEqualTo(143);
            assertThat(Folders.contents(outputs)).isEqualTo(before);
        }
    }

    @Test
    void evaluationStops() throws Exception {
        Object[] command = {"evaluate", Workspace.quill(), "--text", Workspace.text("evaluation")};
        try (ChildProcess process = ChildProcess.start(folder, WITH_BAR, command)) {
            process.await("evaluation", () -> isUnderWay(process, "evaluate"));

            Duration taken = process.stop("TERM");

            check("evaluate, SIGTERM", taken);
            assertStopped(process, 143);
        }
    }

    @Test
    void comparisonStops() throws Exception {
        Object[] command = {"compare", Workspace.quill(), Workspace.quill(), "--text", Workspace.text("evaluation")};
        try (ChildProcess process = ChildProcess.start(folder, WITH_BAR, command)) {
            process.await("comparison", () -> isUnderWay(process, "compare"));

            Duration taken = process.stop("INT");

            check("compare, SIGINT", taken);
            assertStopped(process, 130);
        }
    }

    @Test
    void aStopAfterThePublicationSaysThatTheResultIsThere() throws Exception {
        Object[] command = {
            "quantize",
            Workspace.quill(),
            "-s",
            "w8a8-dynamic",
            "-o",
            output,
            "--evaluation",
            Workspace.text("evaluation"),
            "--tokens",
            8192
        };
        try (ChildProcess process = ChildProcess.start(folder, WITH_BAR, command)) {
            process.await("the second evaluation", () -> process.err().contains("] evaluate after"));

            process.stop("INT");

            assertThat(process.awaitEnd()).isEqualTo(130);
            assertThat(process.out()).isEmpty();
            assertThat(lastLine(process))
                    .isEqualTo("hadron: stopped; " + output + " is complete, but wasn't evaluated to the end");
            assertThat(Run.succeeded("inspect", output).out()).contains("28 layers");
            try (Stream<Path> neighbours = Files.list(outputs)) {
                assertThat(neighbours).containsExactly(output);
            }
        }
    }

    /** Whatever it is doing: starting, reading, loading libraries. */
    @ParameterizedTest
    @CsvSource({"200", "500", "800", "1100", "1400"})
    void aStopAtAnyMomentLeavesNothing(long millis) throws Exception {
        Object[] command = {
            "quantize",
            Workspace.quill(),
            "-s",
            "fp8",
            "-o",
            output,
            "--calibration",
            Workspace.text("calibration"),
            "--samples",
            250
        };
        try (ChildProcess process = ChildProcess.start(folder, List.of(), command)) {
            long end = System.nanoTime() + millis * 1_000_000;
            process.await("the moment", () -> System.nanoTime() > end);

            Duration taken = process.stop("INT");

            check("after " + millis + " ms, SIGINT", taken);
            assertThat(process.awaitEnd()).isEqualTo(130);
            assertThat(process.out()).isEmpty();
            assertThat(process.err()).isIn("", "hadron: stopped; nothing was left behind\n");
            assertThat(outputs).isEmptyDirectory();
        }
    }

    private void assertStopped(ChildProcess process, int code) throws Exception {
        assertThat(process.awaitEnd()).isEqualTo(code);
        assertThat(process.out()).isEmpty();
        assertThat(lastLine(process)).isEqualTo("hadron: stopped; nothing was left behind");
        assertThat(outputs).isEmptyDirectory();
    }

    private static boolean isUnderWay(ChildProcess process, String stage) {
        return Pattern.compile("] " + stage + " +[1-9]\\d* %")
                .matcher(process.err())
                .find();
    }

    /** What a terminal would show there: the bar before it is cleared. */
    private static String lastLine(ChildProcess process) {
        String last = process.err().strip().lines().toList().getLast();
        return last.substring(last.lastIndexOf("\033[K") + 1).replaceFirst("^\\[K", "");
    }

    private static void check(String what, Duration taken) {
        System.out.println("stopped after " + taken.toMillis() + " ms (" + what + ")");
        assertThat(taken).isLessThan(LONGEST);
    }

    private static long bytesBelow(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            // A file went away meanwhile.
            return 0;
        }
    }

    /** A model of linear layers of 4096 x 4096 zeros, in a file that takes no room. */
    private static Path zeros(Path model, int layers) throws IOException {
        long bytes = 4096L * 4096 * 2;
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < layers; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("\"layers.%d.weight\":{\"dtype\":\"BF16\",\"shape\":[4096,4096],\"data_offsets\":[%d,%d]}"
                            .formatted(i, i * bytes, (i + 1) * bytes));
        }
        byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
        Files.createDirectory(model);
        Files.writeString(model.resolve("config.json"), "{}");
        try (RandomAccessFile file =
                new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            file.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            file.write(json);
            file.setLength(Long.BYTES + json.length + layers * bytes);
        }
        return model;
    }
}
