package dev.hadron.pipeline;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.error.HadronException;
import dev.hadron.error.InvalidInputException;
import dev.hadron.execution.Execution;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.Lockstep;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.model.tokenizer.Tokenizer;
import dev.hadron.report.ComparisonReport;
import dev.hadron.report.Divergence;
import dev.hadron.report.LayerDifference;
import dev.hadron.report.TokenPlace;
import dev.hadron.report.WindowDifference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Measures what quantization did to a model's outputs: both models run in {@link Lockstep} over the same windows of a text, a
 * quantized one as it will be served. Either may be floating point or quantized.
 *
 * <p>Memory holds a layer of each in float32 and both residual streams; then both output matrices and, for each thread, one window's logits of each.
 */
public final class Comparison {
    private static final int WORST = 10;

    /** Tokens that are enough for a line of words. */
    private static final int BEGINNING = 32;

    private static final int LAST_WORDS = 8;

    private final List<long[]> windows;
    private final Tokenizer tokenizer;

    private Comparison(List<long[]> windows, Tokenizer tokenizer) {
        this.windows = windows;
        this.tokenizer = tokenizer;
    }

    /**
     * Compares two checkpoints. The result doesn't depend on the number of threads.
     *
     * @param base what the other is held against, usually the model before it was quantized
     * @param quantized a checkpoint of the same architecture, sizes and tokenizer
     * @param text what both read
     * @param device where they are run: {@code cpu}
     * @throws HadronException when the two can't be compared, the text can't be used, or a model's outputs are NaN or infinite
     * @throws CancellationException when it was cancelled
     */
    public static ComparisonReport of(
            Path base, Path quantized, EvaluationText text, String device, Execution execution) throws IOException {
        try (Checkpoint first = Checkpoint.open(base);
                Checkpoint second = Checkpoint.open(quantized)) {
            DecoderSpec spec = specOf(first);
            requireAlike(base, spec, quantized, specOf(second));
            Tokenizer.requireSame(base, quantized);
            try (Tokenizer tokenizer = Tokenizer.open(base)) {
                List<long[]> windows = Evaluator.windows(text.text(), tokenizer, text.window(), text.tokens());
                execution.cancellation().check();
                try (TensorRuntime runtime = TensorRuntime.load(device)) {
                    LayerErrors errors = new LayerErrors(runtime, spec.layers(), windows.size());
                    Predictions predictions =
                            new Predictions(runtime, List.of(base.toString(), quantized.toString()), windows);
                    new Lockstep(List.of(ServedDecoder.of(first, runtime), ServedDecoder.of(second, runtime)))
                            .run(windows, "compare", execution, errors, predictions);
                    return new Comparison(windows, tokenizer).report(spec, errors, predictions);
                }
            }
        }
    }

    private ComparisonReport report(DecoderSpec spec, LayerErrors errors, Predictions predictions) {
        return new ComparisonReport(
                predictions.perplexity(0),
                predictions.perplexity(1),
                divergence(predictions),
                predictions.agreement(),
                IntStream.range(0, spec.layers())
                        .mapToObj(layer -> layer(spec.layer(layer), errors.of(layer)))
                        .toList(),
                worstWindows(predictions));
    }

    private Divergence divergence(Predictions predictions) {
        Optional<TokenPlace> at = Optional.empty();
        double largest = 0;
        for (int window = 0; window < windows.size(); window++) {
            double[] values = predictions.divergences(window);
            for (int position = 0; position < values.length; position++) {
                if (values[position] > largest) {
                    largest = values[position];
                    at = Optional.of(place(window, position));
                }
            }
        }
        return Divergence.of(predictions.divergences(), at);
    }

    private LayerDifference layer(DecoderLayer layer, LayerErrors.Total total) {
        Optional<TokenPlace> worstAt = total.position().isPresent()
                ? Optional.of(place(total.window(), total.position().getAsInt()))
                : Optional.empty();
        return new LayerDifference(layer.name(), total.stream(), total.added(), total.worst(), worstAt);
    }

    private List<WindowDifference> worstWindows(Predictions predictions) {
        return IntStream.range(0, windows.size())
                .boxed()
                .filter(window -> mean(predictions, window) > 0)
                .sorted(Comparator.comparingDouble((Integer window) -> -mean(predictions, window)))
                .limit(WORST)
                .map(window -> new WindowDifference(
                        window,
                        windows.stream()
                                .limit(window)
                                .mapToLong(tokens -> tokens.length)
                                .sum(),
                        mean(predictions, window),
                        predictions.agreement(window),
                        predictions.perplexity(0, window),
                        predictions.perplexity(1, window),
                        text(window, 0, BEGINNING)))
                .toList();
    }

    private static double mean(Predictions predictions, int window) {
        double[] values = predictions.divergences(window);
        return Arrays.stream(values).sum() / values.length;
    }

    private TokenPlace place(int window, int position) {
        return new TokenPlace(window, position, text(window, Math.max(0, position + 1 - LAST_WORDS), position + 1));
    }

    private String text(int window, int from, int to) {
        long[] tokens = windows.get(window);
        return tokenizer.decode(Arrays.copyOfRange(tokens, from, Math.min(to, tokens.length)));
    }

    private static DecoderSpec specOf(Checkpoint checkpoint) {
        try {
            return ServedDecoder.specOf(checkpoint);
        } catch (HadronException e) {
            // Of two models, which one's config.json?
            throw new InvalidInputException(checkpoint.folder() + ": " + e.getMessage(), e);
        }
    }

    private static void requireAlike(Path base, DecoderSpec one, Path quantized, DecoderSpec other) {
        requireEqual("vocab_size", base, one.vocabulary(), quantized, other.vocabulary());
        requireEqual("num_hidden_layers", base, one.layers(), quantized, other.layers());
        requireEqual("hidden_size", base, one.hidden(), quantized, other.hidden());
    }

    private static void requireEqual(String key, Path base, int one, Path quantized, int other) {
        if (one != other) {
            throw new InvalidInputException(base + " and " + quantized + " can't be compared: " + key + " is " + one
                    + " in the config.json of the one and " + other
                    + " in that of the other; name two forms of one model");
        }
    }
}
