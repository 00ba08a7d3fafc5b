package dev.hadron.config;

import dev.hadron.error.ConfigException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a whole model is quantized.
 *
 * @param globalQuantConfig for every linear layer that nothing else speaks of
 * @param layerTypeQuantConfig by layer type: {@code Linear}, {@code Embedding}, …
 * @param layerQuantConfig by layer name, as patterns; the first that matches counts
 * @param kvCacheQuantConfig by layer name, as patterns: the output tensors of the key and value projections, which are what
 *     the cache holds
 * @param exclude patterns of layers that stay as they are, whatever else is said
 * @param algoConfig the algorithm that finds the codes of weights; unset for plain rounding
 * @param preQuantOptConfig changes of weights before that, in order
 * @param quantMode how the model is taken apart
 * @param logSeverityLevel of our own log: 0 debug, 1 info, 2 warning, 3 error, 4 critical
 */
public record Config(
        QuantizationConfig globalQuantConfig,
        Map<String, QuantizationConfig> layerTypeQuantConfig,
        Map<String, QuantizationConfig> layerQuantConfig,
        Map<String, QuantizationConfig> kvCacheQuantConfig,
        List<String> exclude,
        @Nullable AlgoConfig algoConfig,
        List<PreQuantOptConfig> preQuantOptConfig,
        QuantizationMode quantMode,
        int logSeverityLevel)
        implements ConfigBase {
    /** Copies the collections, in order and each pattern once, and checks the level. */
    public Config {
        layerTypeQuantConfig = Collections.unmodifiableMap(new LinkedHashMap<>(layerTypeQuantConfig));
        layerQuantConfig = Collections.unmodifiableMap(new LinkedHashMap<>(layerQuantConfig));
        kvCacheQuantConfig = Collections.unmodifiableMap(new LinkedHashMap<>(kvCacheQuantConfig));
        exclude = exclude.stream().distinct().toList();
        preQuantOptConfig = List.copyOf(preQuantOptConfig);
        if (logSeverityLevel < 0 || logSeverityLevel > 4) {
            throw new ConfigException("log_severity_level is " + logSeverityLevel
                    + "; it is one of 0 (debug), 1 (info), 2 (warning), 3 (error), 4 (critical)");
        }
        for (String type : layerTypeQuantConfig.keySet()) {
            LayerType.named(type);
        }
    }

    /** A configuration that quantizes nothing. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        Builder builder = builder()
                .globalQuantConfig(globalQuantConfig)
                .algoConfig(algoConfig)
                .quantMode(quantMode)
                .logSeverityLevel(logSeverityLevel);
        builder.layerTypeQuantConfig.putAll(layerTypeQuantConfig);
        builder.layerQuantConfig.putAll(layerQuantConfig);
        builder.kvCacheQuantConfig.putAll(kvCacheQuantConfig);
        builder.exclude.addAll(exclude);
        builder.preQuantOptConfig.addAll(preQuantOptConfig);
        return builder;
    }

    /** The same with another algorithm, or none. */
    public Config withAlgoConfig(@Nullable AlgoConfig value) {
        return toBuilder().algoConfig(value).build();
    }

    /** Collects the settings of a model. */
    public static final class Builder {
        private QuantizationConfig globalQuantConfig = QuantizationConfig.NOTHING_SAID;
        private final Map<String, QuantizationConfig> layerTypeQuantConfig = new LinkedHashMap<>();
        private final Map<String, QuantizationConfig> layerQuantConfig = new LinkedHashMap<>();
        private final Map<String, QuantizationConfig> kvCacheQuantConfig = new LinkedHashMap<>();
        private final List<String> exclude = new ArrayList<>();
        private @Nullable AlgoConfig algoConfig;
        private final List<PreQuantOptConfig> preQuantOptConfig = new ArrayList<>();
        private QuantizationMode quantMode = QuantizationMode.EAGER_MODE;
        private int logSeverityLevel = 1;

        private Builder() {}

        /** For every linear layer that nothing else speaks of. */
        public Builder globalQuantConfig(QuantizationConfig value) {
            globalQuantConfig = value;
            return this;
        }

        /** For the layers of a type; a later call for the same type replaces an earlier one. */
        public Builder layerTypeQuantConfig(String type, QuantizationConfig value) {
            layerTypeQuantConfig.put(type, value);
            return this;
        }

        /** For the layers whose name matches a pattern. */
        public Builder layerQuantConfig(String pattern, QuantizationConfig value) {
            layerQuantConfig.put(pattern, value);
            return this;
        }

        /** For the cache of the layers whose name matches a pattern. */
        public Builder kvCacheQuantConfig(String pattern, QuantizationConfig value) {
            kvCacheQuantConfig.put(pattern, value);
            return this;
        }

        /** Layers that stay as they are; calls add up. */
        public Builder exclude(String... patterns) {
            return exclude(List.of(patterns));
        }

        /** Layers that stay as they are; calls add up. */
        public Builder exclude(List<String> patterns) {
            exclude.addAll(patterns);
            return this;
        }

        /** The algorithm that finds the codes of weights. */
        public Builder algoConfig(@Nullable AlgoConfig value) {
            algoConfig = value;
            return this;
        }

        /** A change of weights before they are quantized, after those added before. */
        public Builder addPreOptimizationConfig(PreQuantOptConfig value) {
            preQuantOptConfig.add(value);
            return this;
        }

        /** How the model is taken apart. */
        public Builder quantMode(QuantizationMode value) {
            quantMode = value;
            return this;
        }

        /** Of our own log; {@code null} is the default, 1. */
        public Builder logSeverityLevel(@Nullable Integer value) {
            logSeverityLevel = value == null ? 1 : value;
            return this;
        }

        /** The configuration. */
        public Config build() {
            return new Config(
                    globalQuantConfig,
                    layerTypeQuantConfig,
                    layerQuantConfig,
                    kvCacheQuantConfig,
                    exclude,
                    algoConfig,
                    preQuantOptConfig,
                    quantMode,
                    logSeverityLevel);
        }
    }
}
