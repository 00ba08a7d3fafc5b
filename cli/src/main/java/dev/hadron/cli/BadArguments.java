package dev.hadron.cli;

import dev.hadron.config.Nearest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with arguments, in our words. */
final class BadArguments {
    private static final String PREFIX = "Error: ";

    private BadArguments() {}

    static String sentence(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unknown(unmatched.getUnmatched().getFirst(), exception.getCommandLine());
        }
        String message = String.valueOf(exception.getMessage());
        String own = message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message;
        return own.substring(0, 1).toLowerCase(Locale.ROOT) + own.substring(1);
    }

    /** A path, which {@code picocli} would also make of nothing. */
    static Path path(String text) {
        if (text.isEmpty()) {
            throw new TypeConversionException("it is empty; name a file or folder");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' can't be a path here: " + e.getReason());
        }
    }

    private static String unknown(String argument, CommandLine command) {
        if (argument.startsWith("-")) {
            String name = argument.replaceFirst("=.*", "");
            List<String> options = command.getCommandSpec().options().stream()
                    .map(option -> option.longestName())
                    .toList();
            return "there is no option " + name + nearest(name, options);
        }
        if (!command.getSubcommands().isEmpty()) {
            return "there is no command \"" + argument + "\""
                    + nearest(argument, command.getSubcommands().keySet());
        }
        return "the argument \"" + argument + "\" is one too many";
    }

    /** Named only where at most half of the characters differ. */
    private static String nearest(String name, Collection<String> known) {
        String nearest = Nearest.of(name, known);
        return Nearest.distance(name, nearest) <= name.length() / 2 ? "; the nearest is " + nearest : "";
    }
}
