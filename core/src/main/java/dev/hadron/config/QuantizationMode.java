package dev.hadron.config;

/** How a model is taken apart. */
public enum QuantizationMode {
    /** Layer by layer, as its modules stand. */
    EAGER_MODE,
    /** By its graph of operations; accepted and kept, but nothing runs it yet. */
    FX_GRAPH_MODE
}
