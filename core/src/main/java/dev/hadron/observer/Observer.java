package dev.hadron.observer;

import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.tensor.Tensor;

/** Collects what is needed of a tensor's values, batch by batch. Not safe for use by several threads. */
public interface Observer {
    /**
     * Announces a batch. When the parts of a tensor are announced, each, before they are observed, the result is that of observing
     * the whole at once.
     *
     * @param batch float32
     */
    default void foresee(Tensor batch) {}

    /**
     * Looks at a batch.
     *
     * @param batch float32; every batch has the same number of runs
     * @throws dev.hadron.error.InvalidInputException when the batch holds NaN or infinity
     */
    void observe(Tensor batch);

    /**
     * The scales and zero points for what was seen, in the order of the runs.
     *
     * @throws IllegalStateException when nothing was seen
     */
    QuantizationParameters parameters();
}
