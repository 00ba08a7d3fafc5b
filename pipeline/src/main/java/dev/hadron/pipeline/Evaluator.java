package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.text.Utf8Pieces;
import dev.hadron.error.InvalidInputException;
import dev.hadron.execution.Execution;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.model.tokenizer.TokenWindows;
import dev.hadron.model.tokenizer.Tokenizer;
import dev.hadron.report.Perplexity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Measures perplexity. A quantized checkpoint is run as it will be served: weights decoded from their packed form, activations
 * and cache through their quantized form.
 */
public final class Evaluator {
    private final TensorRuntime runtime;
    private final Execution execution;

    /** An evaluator on this runtime. */
    public Evaluator(TensorRuntime runtime, Execution execution) {
        this.runtime = runtime;
        this.execution = execution;
    }

    /**
     * The windows of a text.
     *
     * @param window tokens of a window
     * @param tokens how many tokens of the text are used; 0 for all
     * @throws InvalidInputException when the text isn't readable, is empty or shorter than a window
     */
    public static List<long[]> windows(Path text, Tokenizer tokenizer, int window, int tokens) throws IOException {
        String name = "the evaluation text " + text;
        long[] ids = tokenizer.encode(read(text, name));
        if (tokens == 0 || tokens >= ids.length) {
            return TokenWindows.consecutive(ids, window, Integer.MAX_VALUE, name);
        }
        return TokenWindows.consecutive(
                Arrays.copyOf(ids, tokens), window, Integer.MAX_VALUE, "the used part of " + name);
    }

    private static String read(Path text, String name) throws IOException {
        if (!Files.isRegularFile(text)) {
            throw new InvalidInputException(
                    name + (Files.exists(text) ? " isn't a file" : " doesn't exist") + "; name a UTF-8 text file");
        }
        try (Utf8Pieces pieces = Utf8Pieces.open(text, name)) {
            String content = pieces.next(Integer.MAX_VALUE);
            if (content.isBlank()) {
                throw new InvalidInputException(name + " is empty; give one that fills at least one window of tokens");
            }
            return content;
        }
    }

    /**
     * The perplexity of a checkpoint, floating point or quantized.
     *
     * @param stage what progress is reported as
     * @throws InvalidInputException when the model's outputs are NaN or infinite
     */
    public Perplexity evaluate(Checkpoint checkpoint, List<long[]> windows, String stage) throws IOException {
        double[] losses = new double[windows.size()];
        ServedDecoder.of(checkpoint, runtime)
                .run(
                        windows,
                        stage,
                        execution,
                        (window, logits) -> losses[window] =
                                ServedDecoder.loss(runtime, logits, windows.get(window), window, stage));
        return Perplexity.of(losses, windows);
    }
}
