package dev.hadron.model.arch;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.model.ModelConfig;
import tools.jackson.databind.JsonNode;

/**
 * Reads the rotary settings of a {@code config.json} in both spellings: {@code rope_scaling} with {@code rope_theta} beside it,
 * or {@code rope_parameters} with everything inside. Where both are given, {@code rope_scaling} counts, as in Transformers.
 */
final class RopeReader {
    private final ModelConfig config;
    private final JsonNode settings;

    private RopeReader(ModelConfig config) {
        this.config = config;
        JsonNode scaling = config.node().path("rope_scaling");
        this.settings = scaling.isObject() && !scaling.isEmpty()
                ? scaling
                : config.node().path("rope_parameters");
    }

    static Rope read(ModelConfig config, int width, int positions, double defaultTheta) {
        return new RopeReader(config).rope(width, positions, defaultTheta);
    }

    private Rope rope(int width, int positions, double defaultTheta) {
        if (ModelConfig.number(settings, "partial_rotary_factor")
                        .or(() -> config.number("partial_rotary_factor"))
                        .orElse(1.0)
                != 1.0) {
            throw new UnsupportedQuantizationException(
                    "config.json: partial_rotary_factor isn't 1; rotary embeddings of a part of a head aren't supported");
        }
        if (width % 2 != 0) {
            throw new CheckpointFormatException(
                    "config.json: a head has " + width + " elements; rotary embeddings need an even number");
        }
        double theta = ModelConfig.number(settings, "rope_theta")
                .or(() -> config.number("rope_theta"))
                .orElse(defaultTheta);
        return new Rope(theta, width, positions, scaling(positions));
    }

    private RopeScaling scaling(int positions) {
        String type = new ModelConfig(settings)
                .text("rope_type")
                .or(() -> new ModelConfig(settings).text("type"))
                .orElse("default");
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(required("factor", type));
            case "dynamic" -> new RopeScaling.Dynamic(required("factor", type));
            case "llama3" ->
                new RopeScaling.Llama3(
                        required("factor", type),
                        required("low_freq_factor", type),
                        required("high_freq_factor", type),
                        originalPositions(positions));
            case "yarn" -> yarn(positions);
            default ->
                throw new UnsupportedQuantizationException("config.json: the rope type \"" + type
                        + "\" isn't known; known are default, linear, dynamic, llama3, yarn");
        };
    }

    private RopeScaling yarn(int positions) {
        int original = originalPositions(positions);
        double factor = settings.has("factor")
                ? ModelConfig.number(settings, "factor").orElse((double) positions / original)
                : required("factor", "yarn");
        return new RopeScaling.Yarn(
                factor,
                original,
                positiveOr("beta_fast", 32),
                positiveOr("beta_slow", 1),
                ModelConfig.number(settings, "attention_factor").orElseGet(() -> attentionFactor(factor)),
                !settings.has("truncate") || settings.path("truncate").asBoolean(false));
    }

    private double attentionFactor(double factor) {
        double mscale = positiveOr("mscale", 0);
        double mscaleAllDim = positiveOr("mscale_all_dim", 0);
        return mscale != 0 && mscaleAllDim != 0
                ? temperature(factor, mscale) / temperature(factor, mscaleAllDim)
                : temperature(factor, 1);
    }

    private static double temperature(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private double positiveOr(String key, double otherwise) {
        return ModelConfig.number(settings, key).filter(value -> value != 0).orElse(otherwise);
    }

    private int originalPositions(int positions) {
        return config.count("original_max_position_embeddings")
                .or(() -> ModelConfig.count(settings, "original_max_position_embeddings"))
                .orElse(positions);
    }

    private double required(String key, String type) {
        return ModelConfig.number(settings, key)
                .orElseThrow(() -> new CheckpointFormatException(
                        "config.json: the rope type " + type + " needs a number " + key + ", which is missing"));
    }
}
