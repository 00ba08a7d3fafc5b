package dev.hadron.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which configuration a layer gets: none if a pattern of {@code exclude} matches its name; else the first matching pattern of
 * {@code layer_quant_config}, completed, tensor by tensor, by its type's configuration and then by that of the whole model.
 */
public final class LayerResolver {
    private final Config config;
    private final List<Map.Entry<Glob, String>> excluded = new ArrayList<>();
    private final List<Map.Entry<Glob, String>> named = new ArrayList<>();
    private final List<Map.Entry<Glob, String>> cached = new ArrayList<>();

    /** Resolution by this configuration. */
    public LayerResolver(Config config) {
        this.config = config;
        config.exclude().forEach(p -> excluded.add(Map.entry(new Glob(p), p)));
        config.layerQuantConfig().keySet().forEach(p -> named.add(Map.entry(new Glob(p), p)));
        config.kvCacheQuantConfig().keySet().forEach(p -> cached.add(Map.entry(new Glob(p), p)));
    }

    /**
     * What a layer gets.
     *
     * @param source who decided first: {@code layer_quant_config:*.down_proj}, {@code layer_type_quant_config:Linear} or
     *     {@code global_quant_config}
     * @param config complete but for what no level says
     */
    public record Resolved(String source, QuantizationConfig config) {}

    /** The configuration of a layer; empty when it stays as it is. */
    public Optional<Resolved> resolve(String layer, LayerType type) {
        if (firstMatch(excluded, layer).isPresent()) {
            return Optional.empty();
        }
        List<String> sources = new ArrayList<>();
        QuantizationConfig resolved = QuantizationConfig.NOTHING_SAID;
        Optional<String> pattern = firstMatch(named, layer);
        if (pattern.isPresent()) {
            sources.add("layer_quant_config:" + pattern.get());
            resolved = resolved.orElse(
                    Objects.requireNonNull(config.layerQuantConfig().get(pattern.get())));
        }
        QuantizationConfig byType = config.layerTypeQuantConfig().get(type.wireName());
        if (byType != null) {
            sources.add("layer_type_quant_config:" + type.wireName());
            resolved = resolved.orElse(byType);
        }
        if (type.takesGlobalConfig()) {
            sources.add("global_quant_config");
            resolved = resolved.orElse(config.globalQuantConfig());
        }
        return sources.isEmpty() ? Optional.empty() : Optional.of(new Resolved(sources.getFirst(), resolved));
    }

    /** The configuration whose output tensors give the cache's type behind a layer. */
    public Optional<QuantizationConfig> resolveCache(String layer) {
        return firstMatch(cached, layer).map(config.kvCacheQuantConfig()::get);
    }

    /** The pattern of {@code exclude} that removes a layer. */
    public Optional<String> excludedBy(String layer) {
        return firstMatch(excluded, layer);
    }

    private static Optional<String> firstMatch(List<Map.Entry<Glob, String>> patterns, String layer) {
        return patterns.stream()
                .filter(entry -> entry.getKey().matches(layer))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
