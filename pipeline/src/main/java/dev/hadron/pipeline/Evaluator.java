package dev.hadron.pipeline;

import dev.hadron.calibration.FakeQuantizeHooks;
import dev.hadron.algorithm.Algorithms;
import dev.hadron.algorithm.rotation.OnlineRotation;
import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.text.Utf8Pieces;
import dev.hadron.error.InvalidInputException;
import dev.hadron.execution.Execution;
import dev.hadron.export.QuantizedCheckpoint;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.model.FloatWeights;
import dev.hadron.model.ModelConfig;
import dev.hadron.model.QuantizedWeights;
import dev.hadron.model.WeightSource;
import dev.hadron.model.arch.Architectures;
import dev.hadron.model.arch.Decoder;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.arch.LinearHooks;
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
        ModelConfig config = new ModelConfig(checkpoint.config());
        DecoderSpec spec = Architectures.of(config).spec(config);
        if (checkpoint.quantMethod().isEmpty()) {
            return run(spec, new FloatWeights(checkpoint), LinearHooks.NONE, windows, stage);
        }
        QuantizedCheckpoint quantized = QuantizedCheckpoint.of(checkpoint);
        FakeQuantizeHooks hooks = new FakeQuantizeHooks(runtime);
        for (LayerFormat layer : quantized.layers().values()) {
            hooks.add(layer, quantized.activations(layer));
        }
        OnlineRotation online = Algorithms.onlineRotation(quantized.config(), spec, runtime);
        return run(spec, new QuantizedWeights(checkpoint, quantized), online.around(hooks), windows, stage);
    }

    private Perplexity run(
            DecoderSpec spec, WeightSource weights, LinearHooks hooks, List<long[]> windows, String stage) {
        double[] losses = new double[windows.size()];
        new Decoder(spec, weights, runtime, hooks).run(windows, stage, execution, (window, logits) -> {
            double sum = runtime.negativeLogLikelihood(logits, windows.get(window));
            if (!Double.isFinite(sum)) {
                throw new InvalidInputException(stage + ": the model's outputs for window " + window
                        + " of the text are NaN or infinite; the model or its weights are broken");
            }
            losses[window] = sum;
        });
        long predicted =
                windows.stream().mapToLong(window -> window.length - 1L).sum();
        return new Perplexity(Arrays.stream(losses).sum() / predicted, windows.size(), predicted);
    }
}
