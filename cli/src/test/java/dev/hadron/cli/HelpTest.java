package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code --help} says can be typed as it stands. */
class HelpTest {
    private static final int COLUMNS = 80;

    static Stream<String> commands() {
        return Stream.concat(Stream.of(""), Main.commandLine().getSubcommands().keySet().stream());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasExamplesThatItUnderstands(String command) {
        String help = Run.succeeded(arguments(command, "--help")).out();

        List<String> examples = examples(help);

        assertThat(help).contains("Examples:");
        assertThat(help.lines()).allMatch(line -> line.length() < COLUMNS);
        assertThat(examples).isNotEmpty();
        for (String example : examples) {
            String[] words = example.replace("'", "").split(" +", -1);
            assertThat(words[0]).isEqualTo("hadron");
            CommandLine.ParseResult parsed = Main.commandLine().parseArgs(Arrays.copyOfRange(words, 1, words.length));
            assertThat(parsed.hasSubcommand()).isTrue();
        }
    }

    @Test
    void theProgramNamesItsExitCodes() {
        assertThat(Run.succeeded("--help").out()).contains("0  ", "1  ", "2  ", "130  ", "143  ");
    }

    @Test
    void theVersionIsOneLine() {
        assertThat(Run.succeeded("--version").out().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("hadron ");
    }

    /** The lines after "Examples:", joined where one ends with a backslash; redirections are left out. */
    private static List<String> examples(String help) {
        List<String> examples = new ArrayList<>();
        StringBuilder joined = new StringBuilder();
        help.lines()
                .dropWhile(line -> !line.equals("Examples:"))
                .skip(1)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    if (line.endsWith("\\")) {
                        joined.append(line, 0, line.length() - 1);
                    } else {
                        examples.add(joined.append(line).toString().replaceFirst(" > .*", ""));
                        joined.setLength(0);
                    }
                });
        return examples;
    }

    private static Object[] arguments(String... words) {
        return Arrays.stream(words).filter(word -> !word.isEmpty()).toArray();
    }
}
