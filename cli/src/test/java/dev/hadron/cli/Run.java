package dev.hadron.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command line came to, run in this process.
 *
 * @param code the exit code
 * @param out what is on standard output
 * @param err what is on standard error
 */
record Run(int code, String out, String err) {
    private static final JsonMapper MAPPER = new JsonMapper();

    static Run of(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] words = Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new);
        int code = Main.commandLine(words)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
        return new Run(code, out.toString(), err.toString());
    }

    static Run succeeded(Object... arguments) {
        Run run = of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    /** The one sentence in which a mistake is refused, without the program's name. */
    String refusal() {
        assertThat(code).as(err).isEqualTo(Failures.MISTAKE);
        return sentence();
    }

    /** The one sentence on standard error, where there is nothing else. */
    String sentence() {
        assertThat(out).isEmpty();
        assertThat(err).startsWith("hadron: ").endsWith(System.lineSeparator());
        assertThat(err.lines()).as(err).hasSize(1);
        String sentence = err.strip().substring("hadron: ".length());
        assertThat(sentence)
                .doesNotContain("Exception", "null", "shouldn't have")
                .doesNotEndWith(".")
                .doesNotEndWith(" ");
        return sentence;
    }

    JsonNode json() {
        return MAPPER.readTree(out);
    }
}
