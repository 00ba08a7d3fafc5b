package dev.hadron.algorithm.layer;

/** What an algorithm does to one decoder layer after the other. */
public interface LayerAlgorithm {
    /** The name that configurations give it. */
    String name();

    /** Whether it looks at inputs that come through the layers before as they are quantized, and not as they were. */
    boolean followsQuantized();

    /** Whether what the layer computes changes by more than the rounding of its weights. */
    boolean changesFunction();

    /** Works on a layer: looks at its inputs, changes its tensors. */
    void run(LayerWork work);
}
