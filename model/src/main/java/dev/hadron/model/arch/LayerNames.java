package dev.hadron.model.arch;

/** The names that the modules of these decoders carry in checkpoints. */
final class LayerNames {
    static final String EMBEDDING = "model.embed_tokens";
    static final String NORM = "model.norm";
    static final String HEAD = "lm_head";

    private LayerNames() {}

    static String ofLayer(int layer) {
        return "model.layers." + layer;
    }

    static String weight(String module) {
        return module + ".weight";
    }

    static String bias(String module) {
        return module + ".bias";
    }
}
