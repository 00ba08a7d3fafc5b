package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class FailuresTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new NoSuchFileException("a/b"), 1, "there is no file or folder a/b"),
                Arguments.of(new AccessDeniedException("a/b"), 1, "no permission to use a/b"),
                Arguments.of(new UncheckedIOException(new IOException("a/b: broken")), 1, "a/b: broken"),
                Arguments.of(new FileSystemException("a", "b", "is odd"), 1, "a to b: is odd"),
                Arguments.of(
                        new FileSystemException("a", "b", "No space left on device"),
                        1,
                        "a to b: No space left on device; make room or name another folder"),
                Arguments.of(new CancellationException("cancelled"), 130, "stopped; nothing was left behind"),
                Arguments.of(new ClosedByInterruptException(), 130, "stopped; nothing was left behind"),
                Arguments.of(
                        new IllegalStateException("odd\n  at native frame 1\n"),
                        1,
                        "something went wrong that shouldn't have: java.lang.IllegalStateException: odd;"
                                + " HADRON_DEBUG=1 shows where, which helps whoever reads your report"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureIsOneSentenceAndAnExitCode(Exception failure, int code, String sentence) {
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine().setErr(new PrintWriter(err, true));

        int found = Failures.failed(failure, command, command.parseArgs());

        assertThat(found).isEqualTo(code);
        assertThat(err.toString()).isEqualTo("hadron: " + sentence + System.lineSeparator());
    }
}
