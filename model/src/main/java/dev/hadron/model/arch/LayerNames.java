package dev.hadron.model.arch;

/** The names that the modules of these decoders carry in checkpoints. */
final class LayerNames {
    static final String EMBEDDING = "model.embed_tokens";
    static final String NORM = "model.norm";
    static final String HEAD = "lm_head";

    private final String prefix;

    private LayerNames(String prefix) {
        this.prefix = prefix;
    }

    static LayerNames ofLayer(int layer) {
        return new LayerNames("model.layers." + layer + ".");
    }

    static String weight(String module) {
        return module + ".weight";
    }

    static String bias(String module) {
        return module + ".bias";
    }

    String attention(String part) {
        return prefix + "self_attn." + part;
    }

    String feedForward(String part) {
        return prefix + "mlp." + part;
    }

    String norm(String part) {
        return prefix + part;
    }
}
