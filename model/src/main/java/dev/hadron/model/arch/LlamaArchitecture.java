package dev.hadron.model.arch;

import dev.hadron.model.ModelConfig;
import dev.hadron.model.arch.DecoderSpec.Biases;

/** Llama 2 and 3: grouped-query attention, optional biases, no sliding windows. */
final class LlamaArchitecture implements Architecture {
    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public DecoderSpec spec(ModelConfig config) {
        CommonKeys keys = new CommonKeys(config, 0, 0);
        boolean attention = config.flag("attention_bias", false);
        return keys.spec(
                2048, keys.fullAttention(), new Biases(attention, attention, config.flag("mlp_bias", false)), false);
    }
}
