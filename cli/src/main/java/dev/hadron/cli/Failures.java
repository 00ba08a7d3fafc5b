package dev.hadron.cli;

import dev.hadron.error.HadronException;
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

/** Turns exceptions into one sentence and an exit code. {@code HADRON_DEBUG=1} adds the stack trace. */
final class Failures {
    static final int FAILURE = 1;
    static final int MISTAKE = 2;
    static final int STOPPED = 130;

    private Failures() {}

    static int badArguments(ParameterException exception, String[] unusedArguments) {
        CommandLine command = exception.getCommandLine();
        print(
                command,
                exception.getMessage() + " (see " + command.getCommandSpec().qualifiedName() + " --help)");
        return MISTAKE;
    }

    static int failed(Exception exception, CommandLine command, ParseResult unusedResult) {
        if ("1".equals(System.getenv("HADRON_DEBUG"))) {
            exception.printStackTrace(command.getErr());
        }
        return switch (exception) {
            case HadronException mistake -> {
                print(command, String.valueOf(mistake.getMessage()));
                yield MISTAKE;
            }
            case CancellationException unused -> stopped(command);
            case ClosedByInterruptException unused -> stopped(command);
            case UncheckedIOException wrapped ->
                failed(Objects.requireNonNull(wrapped.getCause()), command, unusedResult);
            case IOException failure -> {
                print(command, sentence(failure));
                yield FAILURE;
            }
            default -> {
                print(
                        command,
                        "something went wrong that shouldn't have: " + exception
                                + "; HADRON_DEBUG=1 shows where, which helps whoever reads your report");
                yield FAILURE;
            }
        };
    }

    private static int stopped(CommandLine command) {
        print(command, "stopped; nothing was left behind");
        return STOPPED;
    }

    private static String sentence(IOException failure) {
        return switch (failure) {
            case NoSuchFileException missing -> "there is no file or folder " + missing.getFile();
            case FileNotFoundException missing -> String.valueOf(missing.getMessage());
            case AccessDeniedException denied -> "no permission to use " + denied.getFile();
            case FileSystemException other ->
                other.getFile() + ": " + (other.getReason() == null ? other.toString() : other.getReason());
            default -> failure.getMessage() == null ? failure.toString() : failure.getMessage();
        };
    }

    private static void print(CommandLine command, String sentence) {
        command.getErr().println("hadron: " + sentence);
        command.getErr().flush();
    }
}
