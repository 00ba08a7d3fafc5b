package dev.hadron.model.arch;

import dev.hadron.model.ModelConfig;
import dev.hadron.model.arch.DecoderSpec.Biases;

/** Qwen3: norms on the heads of queries and keys, and heads of a width of their own. */
final class Qwen3Architecture implements Architecture {
    private static final int DEFAULT_KEY_VALUE_HEADS = 32;
    private static final int DEFAULT_HEAD_WIDTH = 128;

    @Override
    public String modelType() {
        return "qwen3";
    }

    @Override
    public DecoderSpec spec(ModelConfig config) {
        CommonKeys keys = new CommonKeys(config, DEFAULT_KEY_VALUE_HEADS, DEFAULT_HEAD_WIDTH);
        boolean attention = config.flag("attention_bias", false);
        return keys.spec(32_768, QwenWindows.of(config, keys.layers()), new Biases(attention, attention, false), true);
    }
}
