package dev.hadron.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hadron.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {
    @TempDir
    private Path folder;

    private Path target;

    @BeforeEach
    void nameTarget() {
        target = folder.resolve("out");
    }

    @Test
    void theTargetAppearsWhenItIsPublished() throws IOException {
        try (Publication publication = Publication.begin(target, false)) {
            assertThat(publication.folder()).isEmptyDirectory().hasParentRaw(folder.toRealPath());
            assertThat(publication.folder().getFileName().toString()).startsWith(".out.hadron-");
            Files.createDirectory(publication.folder().resolve("sub"));
            Files.writeString(publication.folder().resolve("sub/file"), "new");
            assertThat(target).doesNotExist();
            publication.publish();
            assertThat(target.resolve("sub/file")).hasContent("new");
        }

        assertThat(names()).containsExactly("out");
    }

    @Test
    void withoutPublishNothingIsLeft() throws IOException {
        Publication publication = Publication.begin(folder.resolve("a/b/out"), false);
        Files.writeString(publication.folder().resolve("file"), "new");
        publication.close();
        publication.close();

        assertThat(names()).isEmpty();
        assertThatThrownBy(publication::publish).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void missingParentsAreCreatedAndStayWithWhatIsInThem() throws IOException {
        try (Publication publication = Publication.begin(folder.resolve("a/b/out"), false)) {
            Files.writeString(folder.resolve("a/mine"), "");
            assertThat(publication.folder()).exists();
        }
        assertThat(folder.resolve("a/b")).doesNotExist();
        assertThat(folder.resolve("a/mine")).exists();
        try (Publication publication = Publication.begin(folder.resolve("a/b/out"), false)) {
            publication.publish();
        }
        assertThat(folder.resolve("a/b/out")).isEmptyDirectory();
    }

    @Test
    void anEmptyFolderIsReplaced() throws IOException {
        Files.createDirectory(target);

        publish("new", false);

        assertThat(target.resolve("file")).hasContent("new");
        assertThat(names()).containsExactly("out");
    }

    @Test
    void aFullFolderIsReplacedOnlyWhenToldTo() throws IOException {
        publish("old", false);
        Files.writeString(target.resolve("other"), "old");

        assertThatThrownBy(() -> Publication.begin(target, false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("isn't empty; name another folder, or ask for it to be overwritten");
        publish("new", true);

        assertThat(target.resolve("file")).hasContent("new");
        assertThat(target.resolve("other")).doesNotExist();
        assertThat(names()).containsExactly("out");
    }

    @Test
    void theOldFolderIsPutBackWhenTheNewOneCannotTakeItsPlace() throws IOException {
        publish("old", false);
        try (Publication publication = Publication.begin(target, true, (from, to) -> {
            if (Files.exists(from.resolve("fails"))) {
                throw new IOException("refused");
            }
            move(from, to);
        })) {
            Files.writeString(publication.folder().resolve("fails"), "");

            assertThatThrownBy(publication::publish)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("refused");
            assertThat(target.resolve("file")).hasContent("old");
        }

        assertThat(names()).containsExactly("out");
    }

    @Test
    void anOldFolderThatCannotBePutBackIsNamedAndPutBackByTheNextRun() throws IOException {
        publish("old", false);
        Publication publication = Publication.begin(target, true, (from, to) -> {
            if (from.toString().contains(".hadron-")) {
                throw new IOException("refused");
            }
            move(from, to);
        });

        assertThatThrownBy(publication::publish)
                .isExactlyInstanceOf(IOException.class)
                .hasMessageContaining("nothing is published, and the folder that was at")
                .hasMessageContaining(".out.hadron-old-");
        publication.close();
        assertThat(target).doesNotExist();
        assertThatThrownBy(() -> Publication.begin(target, false)).hasMessageContaining("isn't empty");
        assertThat(target.resolve("file")).hasContent("old");
        assertThat(names()).containsExactly("out");
    }

    @Test
    void whatTakesThePlaceMeanwhileIsNotReplaced() throws IOException {
        try (Publication publication = Publication.begin(target, false)) {
            Files.createDirectory(target);
            Files.writeString(target.resolve("theirs"), "");

            assertThatThrownBy(publication::publish).isInstanceOf(InvalidInputException.class);
        }

        assertThat(target.resolve("theirs")).exists();
        assertThat(names()).containsExactly("out");
    }

    @Test
    void filesAndLinksInTheWayAreRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));

        refused(file, "is a file, where the output folder should go");
        refused(link, "is a link");
        refused(file.resolve("out"), file.toRealPath() + " isn't a folder, so the output can't go into it");
        assertThat(names()).containsExactly("file", "link");
    }

    @Test
    void foldersThatSomebodyLivesInAreNeverReplaced() throws IOException {
        refused(Path.of(""), "is or holds the working directory");
        refused(Path.of("").toAbsolutePath().getRoot(), "can't be the output folder");
        Path home = Path.of(System.getProperty("user.home"));
        assumeThat(home).as("the home directory").isDirectory();
        refused(home, "name a folder inside it");
    }

    @Test
    void aParentThatCannotBeWrittenIsRefused() throws IOException {
        Path parent = Files.createDirectory(folder.resolve("parent"));
        assumeThat(Files.getFileStore(parent).supportsFileAttributeView("posix"))
                .as("a file system with permissions")
                .isTrue();
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeThat(Files.isWritable(parent)).as("a user other than root").isFalse();

        refused(parent.resolve("out"), "nothing can be written into " + parent.toRealPath());
    }

    @Test
    void linksOnTheWayAreFollowed() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        try (Publication publication = Publication.begin(link.resolve("out"), false)) {
            assertThat(publication.folder()).hasParentRaw(real.toRealPath());
            publication.publish();
        }

        assertThat(real.resolve("out")).isDirectory();
    }

    @Test
    void twoWritersOfTheSameTargetAreRefused() throws IOException {
        try (Publication first = Publication.begin(target, false)) {
            assertThatThrownBy(() -> Publication.begin(target, false))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("is being written by process "
                            + ProcessHandle.current().pid());
            // Another name beside it is another matter, even one that begins alike.
            Publication.begin(folder.resolve("out.2"), false).close();
            first.publish();
        }
        Publication.begin(target, true).close();

        assertThat(names()).containsExactly("out");
    }

    @Test
    void aProcessToldToEndCleansUp() throws Exception {
        Process process = start(target);
        String staging = firstLine(process);
        assertThat(Path.of(staging)).isDirectory();
        assertThatThrownBy(() -> Publication.begin(target, false))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is being written by process " + process.pid());

        process.destroy();
        process.waitFor();

        assertThat(names()).isEmpty();
    }

    @Test
    void whatAKilledProcessLeftIsRemovedByTheNext() throws Exception {
        Process process = start(target);
        String staging = firstLine(process);
        process.destroyForcibly().waitFor();
        assertThat(Path.of(staging)).isDirectory();
        Path others = Files.createDirectory(folder.resolve(".other.hadron-0123456789ab"));

        publish("new", false);

        assertThat(target.resolve("file")).hasContent("new");
        assertThat(names()).containsExactly(others.getFileName().toString(), "out");
    }

    @Test
    void aProcessThatDiesBetweenTheRenamesLosesNothing() throws Exception {
        publish("old", false);
        Process process = start(target, "publish");
        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(target).doesNotExist();

        Publication.begin(target, true).close();

        assertThat(target.resolve("file")).hasContent("old");
        assertThat(names()).containsExactly("out");
    }

    @Test
    void anInterruptAtTheBeginningLeavesNothing() throws IOException {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Publication.begin(target, false)).isInstanceOf(IOException.class);
        } finally {
            Thread.interrupted();
        }

        assertThat(names()).isEmpty();
    }

    @Test
    void modelAndOutputMustLieApart() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), model);

        Publication.refuseInside(model, folder.resolve("model-int4"));
        Publication.refuseInside(model, folder.resolve("model/../other"));
        assertThatThrownBy(() -> Publication.refuseInside(model, link))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is the model's own");
        assertThatThrownBy(() -> Publication.refuseInside(link, model.resolve("a/b")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is inside the model's folder");
        assertThatThrownBy(() -> Publication.refuseInside(model, folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("holds the model's folder");
    }

    private void publish(String content, boolean overwrite) throws IOException {
        try (Publication publication = Publication.begin(target, overwrite)) {
            Files.writeString(publication.folder().resolve("file"), content);
            publication.publish();
        }
    }

    private static void refused(Path path, String message) {
        assertThatThrownBy(() -> Publication.begin(path, true))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Process start(Path target, String... more) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        java, "-cp", classPath, PublicationProcess.class.getName(), target.toString()),
                                Stream.of(more))
                        .toList())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        return process.inputReader().readLine();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
