package dev.hadron.model.arch;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.model.ModelConfig;
import dev.hadron.model.runtime.Activation;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The keys that all families share, with the defaults in which they differ. */
final class CommonKeys {
    /** No real model comes near; it bounds the memory that a wrong number can take. */
    private static final int MOST_LAYERS = 10_000;

    private final ModelConfig config;
    private final int heads;
    private final int keyValueHeads;
    private final int headWidth;
    private final double defaultEpsilon;
    private final double defaultTheta;

    /**
     * The keys of a model.
     *
     * @param defaultKeyValueHeads what a missing {@code num_key_value_heads} means; 0 is as many as query heads
     * @param defaultHeadWidth what a missing {@code head_dim} means; 0 is the hidden size over the heads
     */
    CommonKeys(ModelConfig config, int defaultKeyValueHeads, int defaultHeadWidth) {
        this(config, defaultKeyValueHeads, defaultHeadWidth, 1e-6, 10_000);
    }

    /** The keys of a model whose norms and angles have defaults of their own. */
    CommonKeys(
            ModelConfig config,
            int defaultKeyValueHeads,
            int defaultHeadWidth,
            double defaultEpsilon,
            double defaultTheta) {
        this.config = config;
        this.defaultEpsilon = defaultEpsilon;
        this.defaultTheta = defaultTheta;
        this.heads = config.requiredCount("num_attention_heads");
        boolean keyIsThere = config.node().has("num_key_value_heads");
        this.keyValueHeads = config.count("num_key_value_heads")
                .orElse(keyIsThere || defaultKeyValueHeads == 0 ? heads : defaultKeyValueHeads);
        this.headWidth = config.count("head_dim")
                .orElse(defaultHeadWidth == 0 ? config.requiredCount("hidden_size") / heads : defaultHeadWidth);
        if (heads % keyValueHeads != 0) {
            throw new CheckpointFormatException("config.json: num_key_value_heads is " + keyValueHeads
                    + ", which doesn't divide the " + heads + " num_attention_heads");
        }
    }

    int layers() {
        int layers = config.requiredCount("num_hidden_layers");
        if (layers > MOST_LAYERS) {
            throw config.wrong("num_hidden_layers", "at most " + MOST_LAYERS);
        }
        return layers;
    }

    /** Every layer sees everything before it. */
    List<OptionalInt> fullAttention() {
        return IntStream.range(0, layers())
                .mapToObj(layer -> OptionalInt.empty())
                .toList();
    }

    DecoderSpec spec(
            int defaultPositions, List<OptionalInt> slidingWindows, DecoderSpec.Biases biases, boolean headNorms) {
        int positions = config.count("max_position_embeddings").orElse(defaultPositions);
        return new DecoderSpec(
                config.requiredCount("vocab_size"),
                config.requiredCount("hidden_size"),
                config.requiredCount("intermediate_size"),
                heads,
                keyValueHeads,
                headWidth,
                config.number("rms_norm_eps").orElse(defaultEpsilon).floatValue(),
                Activation.named(config.text("hidden_act").orElse("silu")),
                RopeReader.read(config, headWidth, positions, defaultTheta),
                slidingWindows,
                Collections.nCopies(slidingWindows.size(), Optional.empty()),
                biases,
                headNorms,
                config.flag("tie_word_embeddings", false));
    }
}
