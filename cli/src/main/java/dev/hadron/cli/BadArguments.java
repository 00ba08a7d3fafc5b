package dev.hadron.cli;

import dev.hadron.config.Nearest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.MutuallyExclusiveArgsException;
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
        if (exception instanceof MutuallyExclusiveArgsException) {
            return "of " + choice(exception.getCommandLine(), " and ") + " only one can be given";
        }
        String message = String.valueOf(exception.getMessage());
        if (message.contains("specify one of these")) {
            return "give " + choice(exception.getCommandLine(), " or ");
        }
        String own = message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message;
        return own.substring(0, 1).toLowerCase(Locale.ROOT) + own.substring(1);
    }

    /** The options of which one is needed. */
    private static String choice(CommandLine command, String joint) {
        return command.getCommandSpec().argGroups().stream()
                .flatMap(group -> group.allOptionsNested().stream())
                .map(OptionSpec::longestName)
                .collect(Collectors.joining(joint));
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
                    .map(OptionSpec::longestName)
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
