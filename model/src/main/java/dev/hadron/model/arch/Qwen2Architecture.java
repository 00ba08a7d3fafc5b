package dev.hadron.model.arch;

import dev.hadron.model.ModelConfig;
import dev.hadron.model.arch.DecoderSpec.Biases;

/** Qwen2 and 2.5: Llama with biases on queries, keys and values. */
final class Qwen2Architecture implements Architecture {
    private static final int DEFAULT_KEY_VALUE_HEADS = 32;

    @Override
    public String modelType() {
        return "qwen2";
    }

    @Override
    public DecoderSpec spec(ModelConfig config) {
        CommonKeys keys = new CommonKeys(config, DEFAULT_KEY_VALUE_HEADS, 0);
        return keys.spec(32_768, QwenWindows.of(config, keys.layers()), new Biases(true, false, false), false);
    }
}
