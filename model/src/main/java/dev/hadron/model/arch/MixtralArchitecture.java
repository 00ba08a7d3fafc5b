package dev.hadron.model.arch;

import dev.hadron.model.ModelConfig;
import dev.hadron.model.arch.DecoderSpec.Biases;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Mixtral: Mistral with experts in every layer, whose weights sum to 1; a missing sliding window is none. */
final class MixtralArchitecture implements Architecture {
    private static final int DEFAULT_KEY_VALUE_HEADS = 8;
    private static final int DEFAULT_EXPERTS = 8;
    private static final int DEFAULT_PER_TOKEN = 2;
    private static final double DEFAULT_EPSILON = 1e-5;
    private static final double DEFAULT_THETA = 1e6;

    @Override
    public String modelType() {
        return "mixtral";
    }

    @Override
    public DecoderSpec spec(ModelConfig config) {
        CommonKeys keys = new CommonKeys(config, DEFAULT_KEY_VALUE_HEADS, 0, DEFAULT_EPSILON, DEFAULT_THETA);
        OptionalInt window = config.count("sliding_window").map(OptionalInt::of).orElse(OptionalInt.empty());
        List<OptionalInt> windows = Collections.nCopies(keys.layers(), window);
        DecoderSpec spec = keys.spec(131_072, windows, new Biases(false, false, false), false);
        return spec.withExperts(Collections.nCopies(spec.layers(), Optional.of(experts(config, spec.intermediate()))));
    }

    private static Experts experts(ModelConfig config, int intermediate) {
        ExpertKeys keys = new ExpertKeys(config, "num_local_experts");
        int count = keys.count(DEFAULT_EXPERTS);
        return new Experts(
                "block_sparse_moe",
                new MatrixNames("w1", "w3", "w2"),
                count,
                keys.perToken(DEFAULT_PER_TOKEN, count),
                intermediate,
                true);
    }
}
