package dev.hadron.model.arch;

import dev.hadron.error.CheckpointFormatException;
import dev.hadron.model.ModelConfig;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * The sliding windows of the Qwen families: off unless {@code use_sliding_window}; then from layer {@code max_window_layers} on,
 * or in the layers that {@code layer_types} names.
 */
final class QwenWindows {
    private static final int DEFAULT_WINDOW = 4096;
    private static final int DEFAULT_FIRST_LAYER = 28;
    private static final String SLIDING = "sliding_attention";
    private static final String FULL = "full_attention";

    private QwenWindows() {}

    static List<OptionalInt> of(ModelConfig config, int layers) {
        OptionalInt window = window(config);
        JsonNode types = config.node().path("layer_types");
        if (types.isArray()) {
            return fromTypes(types, layers, window);
        }
        int first = config.node().path("max_window_layers").asInt(DEFAULT_FIRST_LAYER);
        return IntStream.range(0, layers)
                .mapToObj(layer -> layer >= first ? window : OptionalInt.empty())
                .toList();
    }

    private static OptionalInt window(ModelConfig config) {
        if (!config.flag("use_sliding_window", false)) {
            return OptionalInt.empty();
        }
        if (!config.node().has("sliding_window")) {
            return OptionalInt.of(DEFAULT_WINDOW);
        }
        return config.count("sliding_window").map(OptionalInt::of).orElse(OptionalInt.empty());
    }

    private static List<OptionalInt> fromTypes(JsonNode types, int layers, OptionalInt window) {
        if (types.size() != layers) {
            throw new CheckpointFormatException("config.json: layer_types has " + types.size()
                    + " entries; it must have one for each of the " + layers + " layers");
        }
        return IntStream.range(0, layers)
                .mapToObj(layer -> switch (types.get(layer).asString("")) {
                    case FULL -> OptionalInt.empty();
                    case SLIDING -> {
                        if (window.isEmpty()) {
                            throw new CheckpointFormatException(
                                    "config.json: layer_types says " + SLIDING + " for layer " + layer
                                            + ", but use_sliding_window and sliding_window give no window");
                        }
                        yield window;
                    }
                    default ->
                        throw new CheckpointFormatException("config.json: layer_types has " + types.get(layer)
                                + " for layer " + layer + "; it must be " + FULL + " or " + SLIDING);
                })
                .toList();
    }
}
