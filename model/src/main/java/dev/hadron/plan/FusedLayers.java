package dev.hadron.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Servers join some layers into one matrix, which then needs one scheme: those that got several are warned of. */
final class FusedLayers {
    private static final List<List<String>> JOINED =
            List.of(List.of("q_proj", "k_proj", "v_proj"), List.of("gate_proj", "up_proj"), List.of("w1", "w3"));

    private FusedLayers() {}

    static List<String> warnings(List<LayerPlan> layers, Map<String, String> kept) {
        Map<String, Object> schemes = new HashMap<>();
        layers.forEach(layer -> schemes.put(layer.layer(), List.of(layer.weight(), layer.input())));
        kept.forEach((layer, reason) -> schemes.put(layer, "not quantized"));
        Set<String> seen = new LinkedHashSet<>();
        Map<List<String>, List<String>> split = new LinkedHashMap<>();
        for (String layer : schemes.keySet().stream().sorted().toList()) {
            for (List<String> joined : JOINED) {
                String last = layer.substring(layer.lastIndexOf('.') + 1);
                String parent = layer.substring(0, layer.length() - last.length());
                if (!joined.contains(last) || !seen.add(parent + joined)) {
                    continue;
                }
                Set<Object> found = new LinkedHashSet<>();
                joined.stream()
                        .map(part -> schemes.get(parent + part))
                        .filter(Objects::nonNull)
                        .forEach(found::add);
                if (found.size() > 1) {
                    split.computeIfAbsent(joined, unused -> new ArrayList<>()).add(parent.replaceAll("\\.$", ""));
                }
            }
        }
        List<String> warnings = new ArrayList<>();
        split.forEach((joined, parents) -> FoldedName.of(parents)
                .forEach(parent -> warnings.add("the layers " + String.join(", ", joined) + " of " + parent.pattern()
                        + " get different schemes; servers that join them into one matrix (vLLM) can't load that")));
        return warnings;
    }
}
