package dev.hadron.cli;

import dev.hadron.pipeline.EvaluationText;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of every command that runs a model. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunOptions {
    /** Every runtime has it, and looking for those that there are takes a while. */
    static final String USUAL_DEVICE = "cpu";

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "256",
            description = "How many tokens an evaluation window has (default: ${DEFAULT-VALUE}).")
    private int window;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many tokens of the evaluation text to use; 0 for all (default).")
    private int tokens;

    @Option(names = "--threads", paramLabel = "N", description = "How many threads to use (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = USUAL_DEVICE,
            description = "Where the model is run (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    EvaluationText evaluation(Path text) {
        return new EvaluationText(text, window, tokens);
    }

    int threads() {
        return threads;
    }

    String device() {
        return device;
    }

    boolean json() {
        return json;
    }
}
