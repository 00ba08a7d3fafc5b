package dev.hadron.model.arch;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.model.ModelConfig;
import dev.hadron.model.arch.DecoderSpec.Biases;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Qwen3-MoE: Qwen3 with experts in every {@code decoder_sparse_step}-th layer but those of {@code mlp_only_layers}. */
final class Qwen3MoeArchitecture implements Architecture {
    private static final int DEFAULT_KEY_VALUE_HEADS = 4;
    private static final int DEFAULT_EXPERTS = 128;
    private static final int DEFAULT_PER_TOKEN = 8;
    private static final int DEFAULT_INTERMEDIATE = 768;
    private static final int DEFAULT_WINDOW = 4096;
    private static final String DENSE_LAYERS = "mlp_only_layers";

    @Override
    public String modelType() {
        return "qwen3_moe";
    }

    @Override
    public DecoderSpec spec(ModelConfig config) {
        CommonKeys keys = new CommonKeys(config, DEFAULT_KEY_VALUE_HEADS, 0);
        boolean attention = config.flag("attention_bias", false);
        DecoderSpec spec = keys.spec(
                32_768,
                Collections.nCopies(keys.layers(), window(config)),
                new Biases(attention, attention, false),
                true);
        Experts experts = experts(config);
        Set<Integer> dense = denseLayers(config);
        int step = config.count("decoder_sparse_step").orElse(1);
        return spec.withExperts(IntStream.range(0, spec.layers())
                .mapToObj(layer -> !dense.contains(layer) && (layer + 1) % step == 0
                        ? Optional.of(experts)
                        : Optional.<Experts>empty())
                .toList());
    }

    private static Experts experts(ModelConfig config) {
        ExpertKeys keys = new ExpertKeys(config, "num_experts");
        int count = keys.count(DEFAULT_EXPERTS);
        return new Experts(
                "mlp",
                MatrixNames.USUAL,
                count,
                keys.perToken(DEFAULT_PER_TOKEN, count),
                config.count("moe_intermediate_size").orElse(DEFAULT_INTERMEDIATE),
                config.flag("norm_topk_prob", false));
    }

    /** Unlike in the dense family, one for all layers. */
    private static OptionalInt window(ModelConfig config) {
        if (!config.flag("use_sliding_window", false)) {
            return OptionalInt.empty();
        }
        return config.node().has("sliding_window")
                ? config.count("sliding_window").map(OptionalInt::of).orElse(OptionalInt.empty())
                : OptionalInt.of(DEFAULT_WINDOW);
    }

    private static Set<Integer> denseLayers(ModelConfig config) {
        JsonNode said = config.node().path(DENSE_LAYERS);
        Set<Integer> layers = new HashSet<>();
        if (said.isMissingNode() || said.isNull()) {
            return layers;
        }
        if (!said.isArray()) {
            throw config.wrong(DENSE_LAYERS, "a list of layers");
        }
        for (JsonNode layer : said) {
            if (!layer.isInt()) {
                throw new CheckpointFormatException(
                        "config.json: " + DENSE_LAYERS + " holds " + layer + "; it must hold numbers of layers");
            }
            layers.add(layer.intValue());
        }
        return layers;
    }
}
