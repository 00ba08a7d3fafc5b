package dev.hadron.plan;

import dev.hadron.config.Config;
import dev.hadron.config.Glob;
import dev.hadron.config.LayerResolver.Resolved;
import dev.hadron.config.LayerType;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.TensorSetting;
import dev.hadron.model.ModelLayers.ModelLayer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which part of a configuration decides a tensor. */
final class Rules {
    private static final String PATTERN = "layer_quant_config:";
    private static final String GLOBAL = "global_quant_config";

    private final Config config;
    private final Map<String, Glob> cached = new LinkedHashMap<>();

    Rules(Config config) {
        this.config = config;
        config.kvCacheQuantConfig().keySet().forEach(pattern -> cached.put(pattern, new Glob(pattern)));
    }

    /** Whether a part of the configuration other than the global one reaches a layer. */
    boolean names(ModelLayer layer, Optional<Resolved> resolved) {
        return resolved.filter(found -> !found.source().equals(GLOBAL)).isPresent()
                || cachePattern(layer.name()).isPresent();
    }

    /** For each tensor the level that spoke of it first; a pattern of the cache decides the output before all of them. */
    Map<TensorRole, String> of(ModelLayer layer, Optional<Resolved> resolved) {
        Map<String, QuantizationConfig> levels = levels(layer.type(), resolved);
        Map<TensorRole, String> rules = new EnumMap<>(TensorRole.class);
        for (TensorRole role : TensorRole.values()) {
            levels.entrySet().stream()
                    .filter(level -> setting(level.getValue(), role) != null)
                    .findFirst()
                    .ifPresent(level -> rules.put(role, level.getKey()));
        }
        cachePattern(layer.name())
                .filter(pattern -> setting(
                                Objects.requireNonNull(
                                        config.kvCacheQuantConfig().get(pattern)),
                                TensorRole.OUTPUT)
                        != null)
                .ifPresent(pattern -> rules.put(TensorRole.OUTPUT, "kv_cache_quant_config:" + pattern));
        return rules;
    }

    private Optional<String> cachePattern(String layer) {
        return cached.entrySet().stream()
                .filter(entry -> entry.getValue().matches(layer))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Map<String, QuantizationConfig> levels(LayerType type, Optional<Resolved> resolved) {
        Map<String, QuantizationConfig> levels = new LinkedHashMap<>();
        resolved.map(Resolved::source)
                .filter(source -> source.startsWith(PATTERN))
                .ifPresent(source -> levels.put(
                        source,
                        Objects.requireNonNull(config.layerQuantConfig().get(source.substring(PATTERN.length())))));
        QuantizationConfig typed = config.layerTypeQuantConfig().get(type.wireName());
        if (typed != null) {
            levels.put("layer_type_quant_config:" + type.wireName(), typed);
        }
        if (type.takesGlobalConfig()) {
            levels.put(GLOBAL, config.globalQuantConfig());
        }
        return levels;
    }

    private static @Nullable TensorSetting setting(QuantizationConfig level, TensorRole role) {
        return switch (role) {
            case WEIGHT -> level.weight();
            case INPUT -> level.inputTensors();
            case OUTPUT -> level.outputTensors();
            case BIAS -> level.bias();
        };
    }
}
