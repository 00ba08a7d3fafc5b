package dev.hadron.config;

import dev.hadron.error.ConfigException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The types of layers that can be quantized, under the names that configurations use. */
public enum LayerType {
    /** A matrix product with an optional bias. */
    LINEAR("Linear", true),
    /** A two-dimensional convolution. */
    CONV2D("Conv2d", true),
    /** A transposed two-dimensional convolution. */
    CONV_TRANSPOSE2D("ConvTranspose2d", true),
    /** A table of vectors. */
    EMBEDDING("Embedding", false),
    /** A table of vectors with sums over bags. */
    EMBEDDING_BAG("EmbeddingBag", false);

    private final String wireName;
    private final boolean takesGlobalConfig;

    LayerType(String wireName, boolean takesGlobalConfig) {
        this.wireName = wireName;
        this.takesGlobalConfig = takesGlobalConfig;
    }

    /** The name in configurations. */
    public String wireName() {
        return wireName;
    }

    /** Whether the configuration of the whole model reaches this type; tables must be named by pattern or type. */
    public boolean takesGlobalConfig() {
        return takesGlobalConfig;
    }

    /**
     * The type of this name.
     *
     * @throws ConfigException when there is none
     */
    public static LayerType named(String name) {
        return Arrays.stream(values())
                .filter(type -> type.wireName.equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("layer_type_quant_config names the layer type \"" + name
                        + "\"; known are "
                        + Arrays.stream(values()).map(LayerType::wireName).collect(Collectors.joining(", "))));
    }
}
