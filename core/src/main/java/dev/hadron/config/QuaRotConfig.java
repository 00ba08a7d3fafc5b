package dev.hadron.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rotates the residual stream (R1), the values (R2) and, while the model runs, keys and queries (R3) and the input of the last projection (R4):
 * Ashkboos et al., "QuaRot", NeurIPS 2024 (arXiv:2404.00456).
 *
 * @param random whether the signs of R1 are random; false by default
 * @param scalingLayers which layers share a scale with which earlier operation; empty, the default, leaves it to the architecture
 * @param random2 whether the signs of R2 are random; false by default
 * @param onlineHad whether R3 and R4 are done while the model runs; true by default
 * @param optimizedRotationPath a file with R1 and the R2 of each decoder layer; unset by default, which means Hadamard matrices
 * @param kvCacheQuant whether the cache is quantized, without which R3 is left out; true by default
 * @param actQuant whether activations are quantized, without which R3 is left out; true by default
 * @param backbone the module of the model without its head; {@code model} by default
 * @param modelDecoderLayers the module that holds the decoder layers; {@code model.layers} by default
 * @param vProj the value projection in a decoder layer; {@code self_attn.v_proj} by default
 * @param oProj the output projection in a decoder layer; {@code self_attn.o_proj} by default
 * @param selfAttn the attention in a decoder layer; {@code self_attn} by default
 * @param mlp the feed-forward part of a decoder layer; {@code mlp} by default
 */
public record QuaRotConfig(
        boolean random,
        List<ScalingLayer> scalingLayers,
        boolean random2,
        boolean onlineHad,
        @Nullable String optimizedRotationPath,
        boolean kvCacheQuant,
        boolean actQuant,
        String backbone,
        String modelDecoderLayers,
        String vProj,
        String oProj,
        String selfAttn,
        String mlp)
        implements PreQuantOptConfig {
    /** The name in configurations. */
    public static final String NAME = "quarot";

    /** Copies the lists. */
    public QuaRotConfig {
        scalingLayers = List.copyOf(scalingLayers);
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
        private boolean random;
        private List<ScalingLayer> scalingLayers = List.of();
        private boolean random2;
        private boolean onlineHad = true;
        private @Nullable String optimizedRotationPath;
        private boolean kvCacheQuant = true;
        private boolean actQuant = true;
        private String backbone = "model";
        private String modelDecoderLayers = "model.layers";
        private String vProj = "self_attn.v_proj";
        private String oProj = "self_attn.o_proj";
        private String selfAttn = "self_attn";
        private String mlp = "mlp";

        private Builder() {}

        /** Whether the signs of R1 are random. */
        public Builder random(boolean value) {
            random = value;
            return this;
        }

        /** Which layers share a scale with which earlier operation. */
        public Builder scalingLayers(List<ScalingLayer> value) {
            scalingLayers = value;
            return this;
        }

        /** Whether the signs of R2 are random. */
        public Builder random2(boolean value) {
            random2 = value;
            return this;
        }

        /** Whether R3 and R4 are done while the model runs. */
        public Builder onlineHad(boolean value) {
            onlineHad = value;
            return this;
        }

        /** A file with R1 and the R2 of each decoder layer. */
        public Builder optimizedRotationPath(@Nullable String value) {
            optimizedRotationPath = value;
            return this;
        }

        /** Whether the cache is quantized, without which R3 is left out. */
        public Builder kvCacheQuant(boolean value) {
            kvCacheQuant = value;
            return this;
        }

        /** Whether activations are quantized, without which R3 is left out. */
        public Builder actQuant(boolean value) {
            actQuant = value;
            return this;
        }

        /** The module of the model without its head. */
        public Builder backbone(String value) {
            backbone = value;
            return this;
        }

        /** The module that holds the decoder layers. */
        public Builder modelDecoderLayers(String value) {
            modelDecoderLayers = value;
            return this;
        }

        /** The value projection in a decoder layer. */
        public Builder vProj(String value) {
            vProj = value;
            return this;
        }

        /** The output projection in a decoder layer. */
        public Builder oProj(String value) {
            oProj = value;
            return this;
        }

        /** The attention in a decoder layer. */
        public Builder selfAttn(String value) {
            selfAttn = value;
            return this;
        }

        /** The feed-forward part of a decoder layer. */
        public Builder mlp(String value) {
            mlp = value;
            return this;
        }

        /** The configuration. */
        public QuaRotConfig build() {
            return new QuaRotConfig(
                    random,
                    scalingLayers,
                    random2,
                    onlineHad,
                    optimizedRotationPath,
                    kvCacheQuant,
                    actQuant,
                    backbone,
                    modelDecoderLayers,
                    vProj,
                    oProj,
                    selfAttn,
                    mlp);
        }
    }
}
