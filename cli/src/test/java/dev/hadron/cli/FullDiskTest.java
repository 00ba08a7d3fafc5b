package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk without room for the result. Needs the right to mount a small one. */
@Tag("mount")
class FullDiskTest {
    @TempDir
    private Path folder;

    private boolean mounted;

    /** The last of these has room for the weights, but not for the tokenizer that comes after them. */
    @ParameterizedTest
    @ValueSource(ints = {40, 1000, 3860})
    void aFullDiskFailsInOneSentenceAndLeavesNothing(int kibibytes) throws Exception {
        Path disk = mount(kibibytes);
        Path output = disk.resolve("deep/out");

        Run run = Run.of("quantize", Workspace.quill(), "-s", "uint4-g32", "-o", output);

        assertFull(run);
        assertThat(disk).isEmptyDirectory();
    }

    @Test
    void theOldFolderSurvivesAFullDisk() throws Exception {
        Path disk = mount(3000);
        Path output = disk.resolve("out");
        TinyModel.write(folder.resolve("tiny"));
        Run.succeeded("quantize", folder.resolve("tiny"), "-s", "int8", "-o", output);
        Map<String, String> before = Folders.contents(disk);

        Run run = Run.of("quantize", Workspace.quill(), "-s", "uint4-g32", "-o", output, "--overwrite");

        assertFull(run);
        assertThat(Folders.contents(disk)).isEqualTo(before);
    }

    /** The smallest of these has no room for what the windows carry, the next for the first layer's codes, the last for a later one's. */
    @ParameterizedTest
    @ValueSource(ints = {200, 700, 2100})
    void aRunWhoseStateHasNoRoomGoesOnOnceItHas(int kibibytes) throws Exception {
        Path disk = mount(kibibytes);
        Path undisturbed = folder.resolve("undisturbed");
        Path output = folder.resolve("out");
        Run.succeeded(optimize(undisturbed, folder.resolve("work")));

        Run run = Run.of(optimize(output, disk.resolve("work")));

        assertFull(run);
        assertThat(output).doesNotExist();
        assertThat(command("mount", "-o", "remount,size=64m", disk.toString())).isZero();
        Run.succeeded(Stream.concat(Stream.of(optimize(output, disk.resolve("work"))), Stream.of("--resume"))
                .toArray());
        assertThat(Folders.contents(output)).isEqualTo(Folders.contents(undisturbed));
    }

    private static Object[] optimize(Path output, Path work) {
        return new Object[] {
            "quantize",
            Workspace.quill(),
            "-s",
            "uint4-g32",
            "--algorithm",
            "gptq",
            "-o",
            output,
            "--work-dir",
            work,
            "--calibration",
            Workspace.text("calibration"),
            "--samples",
            8,
            "--length",
            64
        };
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(command("umount", folder.resolve("disk").toString())).isZero();
        }
    }

    /** Without the place the message helps nobody who has more than one disk. */
    private void assertFull(Run run) {
        assertThat(run.code()).isEqualTo(Failures.FAILURE);
        String last = run.err().strip().lines().toList().getLast();
        assertThat(new Run(run.code(), run.out(), last + System.lineSeparator()).sentence())
                .contains(folder.resolve("disk") + "/")
                .endsWith(": No space left on device; make room or name another folder");
    }

    private Path mount(int kibibytes) throws IOException, InterruptedException {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        int failed;
        try {
            failed = command("mount", "-t", "tmpfs", "-o", "size=" + kibibytes + "k", "tmpfs", disk.toString());
        } catch (IOException e) {
            failed = 1;
        }
        mounted = failed == 0;
        assumeTrue(mounted, "skipped: mounting a small disk needs Linux and root");
        return disk;
    }

    private static int command(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
