package dev.hadron.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SmoothQuant whose strength is searched for each group of layers by the error of their output.
 *
 * @param scalingLayers which layers share a scale with which earlier operation; unset, the default, leaves it to the architecture
 * @param computeScaleLoss how the error is measured; {@link ScaleLoss#MSE} by default
 * @param modelDecoderLayers the module that holds the decoder layers; unset, the default, leaves it to the architecture
 * @param numAttentionHeads how many query heads there are; −1, the default, leaves it to the model
 * @param numKeyValueHeads how many key and value heads there are; −1, the default, leaves it to the model
 */
public record AutoSmoothQuantConfig(
        @Nullable List<ScalingLayer> scalingLayers,
        ScaleLoss computeScaleLoss,
        @Nullable String modelDecoderLayers,
        int numAttentionHeads,
        int numKeyValueHeads)
        implements AlgoConfig {
    /** The name in configurations. */
    public static final String NAME = "autosmoothquant";

    /** Copies the lists. */
    public AutoSmoothQuantConfig {
        scalingLayers = scalingLayers == null ? null : List.copyOf(scalingLayers);
    }

    @Override
    public String name() {
        return NAME;
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings. */
    public static final class Builder {
        private @Nullable List<ScalingLayer> scalingLayers;
        private ScaleLoss computeScaleLoss = ScaleLoss.MSE;
        private @Nullable String modelDecoderLayers;
        private int numAttentionHeads = -1;
        private int numKeyValueHeads = -1;

        private Builder() {}

        /** Which layers share a scale with which earlier operation. */
        public Builder scalingLayers(@Nullable List<ScalingLayer> value) {
            scalingLayers = value;
            return this;
        }

        /** How the error is measured. */
        public Builder computeScaleLoss(ScaleLoss value) {
            computeScaleLoss = value;
            return this;
        }

        /** The module that holds the decoder layers. */
        public Builder modelDecoderLayers(@Nullable String value) {
            modelDecoderLayers = value;
            return this;
        }

        /** How many query heads there are. */
        public Builder numAttentionHeads(int value) {
            numAttentionHeads = value;
            return this;
        }

        /** How many key and value heads there are. */
        public Builder numKeyValueHeads(int value) {
            numKeyValueHeads = value;
            return this;
        }

        /** The configuration. */
        public AutoSmoothQuantConfig build() {
            return new AutoSmoothQuantConfig(
                    scalingLayers, computeScaleLoss, modelDecoderLayers, numAttentionHeads, numKeyValueHeads);
        }
    }
}
