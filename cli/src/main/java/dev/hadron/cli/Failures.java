package dev.hadron.cli;

import dev.hadron.error.HadronException;
import dev.hadron.pipeline.CancelledAfterPublicationException;
import dev.hadron.pipeline.StoppedWithStateException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what went wrong into one sentence and an exit code. {@code HADRON_DEBUG=1} adds the stack trace. */
final class Failures {
    static final int FAILURE = 1;
    static final int MISTAKE = 2;
    static final int STOPPED = 130;

    private static final String NO_SPACE = "No space left on device";

    private Failures() {}

    static int badArguments(ParameterException exception, String[] unusedArguments) {
        CommandLine command = exception.getCommandLine();
        print(
                command,
                BadArguments.sentence(exception) + " (see "
                        + command.getCommandSpec().qualifiedName() + " --help)");
        return MISTAKE;
    }

    static int failed(Exception exception, CommandLine command, ParseResult unusedResult) {
        trace(exception, command);
        return switch (exception) {
            case HadronException mistake -> {
                print(command, String.valueOf(mistake.getMessage()));
                yield MISTAKE;
            }
            case CancelledAfterPublicationException late -> stopped(command, String.valueOf(late.getMessage()));
            case StoppedWithStateException kept -> stopped(command, String.valueOf(kept.getMessage()));
            case CancellationException unused -> stopped(command, "nothing was left behind");
            case ClosedByInterruptException unused -> stopped(command, "nothing was left behind");
            case UncheckedIOException wrapped -> failure(command, sentence(Objects.requireNonNull(wrapped.getCause())));
            case IOException failure -> failure(command, sentence(failure));
            default ->
                failure(
                        command,
                        "something went wrong that shouldn't have: "
                                + exception.toString().lines().findFirst().orElse("")
                                + "; HADRON_DEBUG=1 shows where, which helps whoever reads your report");
        };
    }

    /** The heap, or memory for threads or native tensors, is used up. */
    static int outOfMemory(OutOfMemoryError error, CommandLine command) {
        trace(error, command);
        return failure(
                command,
                "there isn't enough memory (" + error.getMessage()
                        + "); HADRON_JAVA_OPTS=-Xmx16g, say, gives Java more, and fewer or shorter windows of text need less");
    }

    /** A class or a native library isn't there or doesn't fit this machine. */
    static int notInstalled(LinkageError error, CommandLine command) {
        trace(error, command);
        return failure(
                command,
                "a part of this installation can't be loaded (" + error.getMessage()
                        + "); install it again, and see that the folder of native libraries (HADRON_CACHE) has room and isn't mounted noexec");
    }

    /** What was printed didn't arrive: a full disk, or a reader that went away. */
    static int notPrinted(CommandLine command) {
        return failure(command, "the output couldn't be written to its end");
    }

    private static int failure(CommandLine command, String sentence) {
        print(command, sentence);
        return FAILURE;
    }

    private static int stopped(CommandLine command, String left) {
        print(command, "stopped; " + left);
        return STOPPED;
    }

    private static String sentence(IOException failure) {
        String sentence = plain(failure);
        return sentence.endsWith(NO_SPACE) ? sentence + "; make room or name another folder" : sentence;
    }

    private static String plain(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no file or folder " + missing.getFile();
            case FileNotFoundException missing -> String.valueOf(missing.getMessage());
            case AccessDeniedException denied -> "no permission to use " + denied.getFile();
            case FileSystemException other ->
                other.getFile()
                        + (other.getOtherFile() == null ? "" : " to " + other.getOtherFile())
                        + ": "
                        + (other.getReason() == null ? other.toString() : other.getReason());
            default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
        };
    }

    private static void trace(Throwable thrown, CommandLine command) {
        if ("1".equals(System.getenv("HADRON_DEBUG"))) {
            thrown.printStackTrace(command.getErr());
        }
    }

    private static void print(CommandLine command, String sentence) {
        command.getErr().println("hadron: " + Format.onOneLine(sentence));
        command.getErr().flush();
    }
}
