package dev.hadron.config;

import java.util.List;

/**
 * SmoothQuant with scales that a search finds for each place.
 *
 * @param scalingLayers where scales move; empty by default: from the model's architecture
 * @param computeScaleLoss what the search minimizes; {@link ScaleLoss#MSE} by default
 * @param modelDecoderLayers the path to the list of decoder layers, such as {@code model.layers}; empty by default: from the model's architecture
 * @param numAttentionHeads how many query heads a layer has; −1 by default: from the model's config.json
 * @param numKeyValueHeads how many key-value heads a layer has; −1 by default: from the model's config.json
 */
public record AutoSmoothQuantConfig(
        List<ScalingLayer> scalingLayers,
        ScaleLoss computeScaleLoss,
        String modelDecoderLayers,
        int numAttentionHeads,
        int numKeyValueHeads)
        implements AlgoConfig {
    /** Copies lists. */
    public AutoSmoothQuantConfig {
        scalingLayers = List.copyOf(scalingLayers);
    }

    @Override
    public String name() {
        return "autosmoothquant";
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings; see the record's components. */
    public static final class Builder {
        private List<ScalingLayer> scalingLayers = List.of();
        private ScaleLoss computeScaleLoss = ScaleLoss.MSE;
        private String modelDecoderLayers = "";
        private int numAttentionHeads = -1;
        private int numKeyValueHeads = -1;

        private Builder() {}

        /** Where scales move. */
        public Builder scalingLayers(List<ScalingLayer> value) {
            scalingLayers = value;
            return this;
        }

        /** What the search minimizes. */
        public Builder computeScaleLoss(ScaleLoss value) {
            computeScaleLoss = value;
            return this;
        }

        /** The path to the list of decoder layers, such as {@code model.layers}. */
        public Builder modelDecoderLayers(String value) {
            modelDecoderLayers = value;
            return this;
        }

        /** How many query heads a layer has. */
        public Builder numAttentionHeads(int value) {
            numAttentionHeads = value;
            return this;
        }

        /** How many key-value heads a layer has. */
        public Builder numKeyValueHeads(int value) {
            numKeyValueHeads = value;
            return this;
        }

        /** The settings. */
        public AutoSmoothQuantConfig build() {
            return new AutoSmoothQuantConfig(
                    scalingLayers, computeScaleLoss, modelDecoderLayers, numAttentionHeads, numKeyValueHeads);
        }
    }
}
