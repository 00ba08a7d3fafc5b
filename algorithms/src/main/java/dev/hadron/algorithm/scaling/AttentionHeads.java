package dev.hadron.algorithm.scaling;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.error.ConfigException;
import dev.hadron.model.arch.DecoderSpec;

/**
 * The heads of a model's attention, as a configuration or the model itself gives them.
 *
 * @param query how many query heads
 * @param keyValue how many heads of keys and values
 * @param width elements of a head
 */
public record AttentionHeads(int query, int keyValue, int width) {
    /**
     * The heads of a model.
     *
     * @param query as configured; −1 is what the model has
     * @param keyValue as configured; −1 is what the model has
     * @throws ConfigException when the configuration says otherwise than the model
     */
    public static AttentionHeads of(DecoderSpec model, int query, int keyValue, String algorithm) {
        require(query, model.heads(), "num_attention_heads", algorithm);
        require(keyValue, model.keyValueHeads(), "num_key_value_heads", algorithm);
        return new AttentionHeads(model.heads(), model.keyValueHeads(), model.headWidth());
    }

    /** Folding into a layer with such heads. */
    public ScaleFolding folding(LayerWork work) {
        return new ScaleFolding(work, query, keyValue, width);
    }

    private static void require(int configured, int actual, String key, String algorithm) {
        if (configured > 0 && configured != actual) {
            throw new ConfigException(algorithm + ": " + key + " is " + configured + ", but the model has " + actual
                    + "; leave it out (-1) to take the model's");
        }
    }
}
