package dev.hadron.plan;

import java.util.Locale;

/** The tensors of a layer that a configuration speaks of. */
public enum TensorRole {
    /** What the layer holds. */
    WEIGHT,
    /** What comes in. */
    INPUT,
    /** What goes out; behind key and value projections that is what the cache holds. */
    OUTPUT,
    /** What is added. */
    BIAS;

    /** The name in messages and in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
