package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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

    /** The last of these has room for the weights, but not for all that comes after them. */
    @ParameterizedTest
    @ValueSource(ints = {40, 1000, 3000, 3780})
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

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(command("umount", folder.resolve("disk").toString())).isZero();
        }
    }

    private static void assertFull(Run run) {
        assertThat(run.code()).isEqualTo(Failures.FAILURE);
        String last = run.err().strip().lines().toList().getLast();
        assertThat(new Run(run.code(), run.out(), last + System.lineSeparator()).sentence())
                .contains("No space left on device", folderName(last))
                .doesNotContain("\n");
    }

    /** A message without the place helps nobody who has more than one disk. */
    private static String folderName(String sentence) {
        return sentence.contains("/disk/") ? "/disk/" : "the place";
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
