package dev.hadron.config;

import org.jspecify.annotations.Nullable;

/**
 * QuaRot (Ashkboos et al. 2024): rotations of the residual stream (R1) and of the heads' values (R2), which are folded into weights, and of queries
 * and keys (R3) and the inputs of {@code down_proj} (R4), which are computed online.
 *
 * @param random whether R1 has random signs; false by default
 * @param scalingLayers where R1 enters and leaves; from the model's architecture by default
 * @param random2 whether R2 has random signs; false by default
 * @param onlineHad whether R3 and R4 are computed; true by default. The Python page calls it {@code had}
 * @param optimizedRotationPath a file that holds R1 and, for each decoder layer, R2; unset by default, which is Hadamard matrices
 * @param kvCacheQuant whether the KV cache is quantized, without which R3 is left out; true by default
 * @param actQuant whether activations are quantized, without which R4 is left out; true by default
 * @param backbone the path to the model without its head; {@code model} by default
 * @param modelDecoderLayers the path to the list of decoder layers; {@code model.layers} by default
 * @param vProj the value projection in a decoder layer; {@code self_attn.v_proj} by default
 * @param oProj the output projection in a decoder layer; {@code self_attn.o_proj} by default
 * @param selfAttn the attention in a decoder layer; {@code self_attn} by default
 * @param mlp the feed-forward network in a decoder layer; {@code mlp} by default
 */
public record QuaRotConfig(
        boolean random,
        RotationScaling scalingLayers,
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
    @Override
    public String name() {
        return "quarot";
    }

    /** All settings at their defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings; see the record's components. */
    public static final class Builder {
        private boolean random = false;
        private RotationScaling scalingLayers = RotationScaling.FROM_ARCHITECTURE;
        private boolean random2 = false;
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

        /** Whether R1 has random signs. */
        public Builder random(boolean value) {
            random = value;
            return this;
        }

        /** Where R1 enters and leaves. */
        public Builder scalingLayers(RotationScaling value) {
            scalingLayers = value;
            return this;
        }

        /** Whether R2 has random signs. */
        public Builder random2(boolean value) {
            random2 = value;
            return this;
        }

        /** Whether R3 and R4 are computed. */
        public Builder onlineHad(boolean value) {
            onlineHad = value;
            return this;
        }

        /** A file that holds R1 and, for each decoder layer, R2. */
        public Builder optimizedRotationPath(@Nullable String value) {
            optimizedRotationPath = value;
            return this;
        }

        /** Whether the KV cache is quantized, without which R3 is left out. */
        public Builder kvCacheQuant(boolean value) {
            kvCacheQuant = value;
            return this;
        }

        /** Whether activations are quantized, without which R4 is left out. */
        public Builder actQuant(boolean value) {
            actQuant = value;
            return this;
        }

        /** The path to the model without its head. */
        public Builder backbone(String value) {
            backbone = value;
            return this;
        }

        /** The path to the list of decoder layers. */
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

        /** The feed-forward network in a decoder layer. */
        public Builder mlp(String value) {
            mlp = value;
            return this;
        }

        /** The settings. */
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
