package dev.hadron.model.arch;

/** How rotary frequencies are stretched for longer contexts than the model was first trained on. */
public sealed interface RopeScaling {
    /** As trained. */
    record None() implements RopeScaling {}

    /** All frequencies divided by {@code factor}. */
    record Linear(double factor) implements RopeScaling {}

    /** The base grows with the sequence once it is longer than the model's positions (NTK-aware). */
    record Dynamic(double factor) implements RopeScaling {}

    /** Low frequencies divided by {@code factor}, high ones kept, a ramp between (Llama 3.1). */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalPositions)
            implements RopeScaling {}

    /**
     * Interpolation by wavelength and a temperature on attention (YaRN, Peng et al. 2023).
     *
     * @param attentionFactor scales cosines and sines
     * @param truncate whether the bounds of the ramp are rounded to whole dimensions
     */
    record Yarn(
            double factor,
            int originalPositions,
            double betaFast,
            double betaSlow,
            double attentionFactor,
            boolean truncate)
            implements RopeScaling {}
}
