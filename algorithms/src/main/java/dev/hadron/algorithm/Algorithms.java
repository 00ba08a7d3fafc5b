package dev.hadron.algorithm;

import dev.hadron.algorithm.autosmoothquant.AutoSmoothQuant;
import dev.hadron.algorithm.awq.Awq;
import dev.hadron.algorithm.gptq.Gptq;
import dev.hadron.algorithm.layer.LayerAlgorithm;
import dev.hadron.algorithm.rotation.ModelRotations;
import dev.hadron.algorithm.rotation.OnlineRotation;
import dev.hadron.algorithm.scaling.AttentionHeads;
import dev.hadron.algorithm.smoothquant.SmoothQuant;
import dev.hadron.config.AWQConfig;
import dev.hadron.config.AlgoConfig;
import dev.hadron.config.AutoSmoothQuantConfig;
import dev.hadron.config.Config;
import dev.hadron.config.GPTQConfig;
import dev.hadron.config.PreQuantOptConfig;
import dev.hadron.config.QuaRotConfig;
import dev.hadron.config.RotationConfig;
import dev.hadron.config.SmoothQuantConfig;
import dev.hadron.model.arch.DecoderSpec;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.numerics.Parallel;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a configuration asks to be done to each decoder layer before its weights are rounded. */
public final class Algorithms {
    private Algorithms() {}

    /** Whether a configuration asks for anything. */
    public static boolean areAskedFor(Config config) {
        return config.algoConfig() != null || !config.preQuantOptConfig().isEmpty();
    }

    /** Whether a configuration asks for the residual stream to be rotated, which changes the values of all tensors. */
    public static boolean rotate(Config config) {
        return config.preQuantOptConfig().stream().anyMatch(optimization -> switch (optimization) {
            case SmoothQuantConfig unused -> false;
            case RotationConfig unused -> true;
            case QuaRotConfig unused -> true;
        });
    }

    /** The names of all that a configuration asks for, in the order in which it is done. */
    public static List<String> names(Config config) {
        List<String> names = new ArrayList<>();
        config.preQuantOptConfig().forEach(optimization -> names.add(optimization.name()));
        AlgoConfig algorithm = config.algoConfig();
        if (algorithm != null) {
            names.add(algorithm.name());
        }
        return List.copyOf(names);
    }

    /**
     * The rotations that a configuration asks for.
     *
     * @param seed of random signs
     * @throws IOException when a file of optimized rotations can't be read
     */
    public static Optional<ModelRotations> rotations(Config config, DecoderSpec model, long seed, Parallel parallel)
            throws IOException {
        for (PreQuantOptConfig optimization : config.preQuantOptConfig()) {
            switch (optimization) {
                case SmoothQuantConfig unused -> {}
                case RotationConfig rotation -> {
                    return Optional.of(ModelRotations.of(rotation, model, seed));
                }
                case QuaRotConfig rotation -> {
                    return Optional.of(ModelRotations.of(rotation, model, seed, parallel));
                }
            }
        }
        return Optional.empty();
    }

    /** What rotations that a configuration asks for do while the model runs. */
    public static OnlineRotation onlineRotation(Config config, DecoderSpec model, TensorRuntime runtime) {
        for (PreQuantOptConfig optimization : config.preQuantOptConfig()) {
            switch (optimization) {
                case SmoothQuantConfig unused -> {}
                case RotationConfig unused -> {}
                case QuaRotConfig rotation -> {
                    return new OnlineRotation(
                            runtime,
                            model,
                            ModelRotations.rotatesQueriesAndKeys(rotation),
                            ModelRotations.rotatesIntermediate(rotation));
                }
            }
        }
        return new OnlineRotation(runtime, model, false, false);
    }

    /** Whether what a configuration asks for looks at what passes the model. */
    public static boolean needData(Config config, DecoderSpec model) {
        return !of(config, model).isEmpty();
    }

    /**
     * Checks that everything that is asked for can be done.
     *
     * @throws dev.hadron.error.ConfigException when a setting is wrong or doesn't fit the model
     * @throws dev.hadron.error.UnsupportedQuantizationException when an algorithm can't work on what is planned
     */
    public static void check(QuantizationPlan plan, DecoderSpec model) {
        new AlgorithmCheck(plan, model).run();
    }

    /** The algorithms that work on layers, pre-optimizations first, in the order in which they work. Rotations aren't among them. */
    public static List<LayerAlgorithm> of(Config config, DecoderSpec model) {
        List<LayerAlgorithm> algorithms = new ArrayList<>();
        for (PreQuantOptConfig optimization : config.preQuantOptConfig()) {
            switch (optimization) {
                case SmoothQuantConfig smooth ->
                    algorithms.add(new SmoothQuant(
                            smooth,
                            AttentionHeads.of(
                                    model, smooth.numAttentionHeads(), smooth.numKeyValueHeads(), smooth.name())));
                case RotationConfig unused -> {}
                case QuaRotConfig unused -> {}
            }
        }
        AlgoConfig algorithm = config.algoConfig();
        if (algorithm != null) {
            algorithms.add(
                    switch (algorithm) {
                        case AWQConfig awq ->
                            new Awq(
                                    awq,
                                    AttentionHeads.of(
                                            model, awq.numAttentionHeads(), awq.numKeyValueHeads(), awq.name()));
                        case GPTQConfig gptq -> new Gptq(gptq);
                        case AutoSmoothQuantConfig smooth ->
                            new AutoSmoothQuant(
                                    smooth,
                                    AttentionHeads.of(
                                            model,
                                            smooth.numAttentionHeads(),
                                            smooth.numKeyValueHeads(),
                                            smooth.name()));
                    });
        }
        return List.copyOf(algorithms);
    }
}
