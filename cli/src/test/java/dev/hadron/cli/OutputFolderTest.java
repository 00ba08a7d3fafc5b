package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a result may go, and what may be lost there. */
class OutputFolderTest {
    @TempDir
    private Path folder;

    private Workspace workspace;

    @BeforeEach
    void makeModel() throws IOException {
        workspace = Workspace.in(folder);
    }

    @Test
    void aFolderThatIsntEmptyIsReplacedOnlyWhenAskedFor() throws IOException {
        Files.createDirectory(workspace.output());
        Files.writeString(workspace.output().resolve("mine"), "kept");

        assertThat(workspace.quantizeRefused("-s", "int8")).contains("out isn't empty", "--overwrite");
        workspace.quantized("out", "-s", "int8", "--overwrite");

        assertThat(Folders.contents(workspace.outputs()))
                .containsKey("out/model.safetensors")
                .doesNotContainKey("out/mine")
                .allSatisfy((name, hash) -> assertThat(name).doesNotContain(".hadron-"));
    }

    @Test
    void withOverwriteAMistakeLeavesTheOldFolder() {
        workspace.quantized("out", "-s", "int8");

        assertThat(workspace.quantizeRefused("-s", "uint4-g128", "--overwrite")).contains("group_size 128");
        assertThat(workspace.quantizeRefused(
                        "-s", "int8", "--overwrite", "--evaluation", Workspace.text("evaluation"), "--window", 1 << 30))
                .contains("fewer than one window");
    }

    @Test
    void aFileOrALinkIsntReplaced() throws IOException {
        Path file = Files.writeString(workspace.outputs().resolve("file"), "kept");
        Path link = Files.createSymbolicLink(workspace.outputs().resolve("link"), file);

        assertThat(refusedOutput(file, "--overwrite")).contains("file is a file", "name another folder");
        assertThat(refusedOutput(file.resolve("out"))).contains("file isn't a folder");
        assertThat(refusedOutput(link, "--overwrite")).contains("link is a link");
    }

    @Test
    void theModelIsNeverInDanger() {
        Map<String, String> before = Folders.contents(workspace.model());

        assertThat(refusedOutput(workspace.model(), "--overwrite")).contains("is the model's own");
        assertThat(refusedOutput(workspace.model().resolve("out"), "--overwrite"))
                .contains("is inside the model's folder");
        assertThat(refusedOutput(folder, "--overwrite")).contains("holds the model's folder");
        assertThat(refusedOutput(workspace.model().resolve("../model/./"), "--overwrite"))
                .contains("is the model's own");
        assertThat(Folders.contents(workspace.model())).isEqualTo(before);
    }

    @Test
    void parentsAreMadeAndTakenAwayAgain() throws IOException {
        Path deep = workspace.outputs().resolve("a/b/out");

        assertThat(refusedOutput(deep, "--evaluation", folder.resolve("no.txt")))
                .contains("doesn't exist");
        Files.write(workspace.model().resolve("tokenizer.json"), new byte[0]);
        Run.succeeded("quantize", workspace.model(), "-s", "int8", "-o", deep);

        assertThat(deep.resolve("model.safetensors")).isRegularFile();
    }

    private String refusedOutput(Path output, Object... more) {
        Object[] arguments = new Object[6 + more.length];
        System.arraycopy(new Object[] {"quantize", workspace.model(), "-s", "int8", "-o", output}, 0, arguments, 0, 6);
        System.arraycopy(more, 0, arguments, 6, more.length);
        return workspace.refused(arguments);
    }
}
