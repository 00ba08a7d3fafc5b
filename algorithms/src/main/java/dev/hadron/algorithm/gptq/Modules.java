package dev.hadron.algorithm.gptq;

import dev.hadron.config.GPTQConfig;
import dev.hadron.config.Nearest;
import dev.hadron.error.ConfigException;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.model.arch.LayerStage;
import dev.hadron.model.arch.LinearGroup;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The linear layers of a decoder layer that {@code inside_layer_modules} names; all of them where it is empty. */
public final class Modules {
    private final Set<String> chosen;

    private Modules(Set<String> chosen) {
        this.chosen = chosen;
    }

    /**
     * The modules of a layer.
     *
     * @throws ConfigException when a name isn't that of a linear layer, with the nearest that is
     */
    public static Modules of(GPTQConfig config, DecoderLayer layer) {
        Set<String> linears = layer.stages().stream()
                .map(LayerStage::groups)
                .flatMap(List::stream)
                .map(LinearGroup::linears)
                .flatMap(List::stream)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (config.insideLayerModules().isEmpty()) {
            return new Modules(linears);
        }
        Set<String> chosen = new HashSet<>();
        for (String name : config.insideLayerModules()) {
            String whole = layer.name() + "." + name;
            if (!linears.contains(whole)) {
                List<String> known = linears.stream()
                        .map(linear -> linear.substring(layer.name().length() + 1))
                        .toList();
                throw new ConfigException("gptq: inside_layer_modules names \"" + name
                        + "\", which isn't a linear layer of " + layer.name() + "; the nearest is "
                        + Nearest.of(name, known));
            }
            chosen.add(whole);
        }
        return new Modules(chosen);
    }

    /** Whether a linear layer is among them. */
    public boolean isChosen(String linear) {
        return chosen.contains(linear);
    }

    Set<String> chosen(LinearGroup group) {
        return group.linears().stream().filter(this::isChosen).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
