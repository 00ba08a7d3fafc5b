package dev.hadron.model.arch;

import dev.hadron.model.ModelConfig;
import dev.hadron.model.arch.DecoderSpec.Biases;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Mistral: Llama without biases, with one sliding window for all layers; a missing key means 4096, {@code null} none. */
final class MistralArchitecture implements Architecture {
    private static final int DEFAULT_WINDOW = 4096;
    private static final int DEFAULT_KEY_VALUE_HEADS = 8;

    @Override
    public String modelType() {
        return "mistral";
    }

    @Override
    public DecoderSpec spec(ModelConfig config) {
        CommonKeys keys = new CommonKeys(config, DEFAULT_KEY_VALUE_HEADS, 0);
        OptionalInt window = config.node().has("sliding_window")
                ? config.count("sliding_window").map(OptionalInt::of).orElse(OptionalInt.empty())
                : OptionalInt.of(DEFAULT_WINDOW);
        List<OptionalInt> windows = Collections.nCopies(keys.layers(), window);
        return keys.spec(131_072, windows, new Biases(false, false, false), false);
    }
}
