package dev.hadron.calibration;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.error.InvalidInputException;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.plan.FoldedName;
import dev.hadron.plan.LayerPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Scales for layers that no token of the calibration text reached. An expert's matrix takes the widest range that the same matrix of the
 * layer's other experts saw: they read tokens of the same stream, and a range too wide costs little where one too narrow clips.
 */
final class IdleExperts {
    private static final String MORE_TEXT = "a longer or more varied text (--calibration, --samples) reaches more";

    private final List<LayerPlan> layers;
    private final Map<String, LayerPlan> byName = new HashMap<>();
    private final Map<String, LayerParameters> seen;
    private final Map<String, List<String>> alternatives = new HashMap<>();

    IdleExperts(List<LayerPlan> layers, Map<String, LayerParameters> seen, List<List<String>> alternatives) {
        this.layers = layers;
        layers.forEach(layer -> byName.put(layer.layer(), layer));
        this.seen = seen;
        alternatives.forEach(group -> group.forEach(name -> this.alternatives.put(name, group)));
    }

    /**
     * The parameters of all layers.
     *
     * @throws InvalidInputException naming the layers that no others stand in for, and what to do
     */
    CalibrationResult filled() {
        Map<String, LayerParameters> all = new HashMap<>(seen);
        List<String> helped = new ArrayList<>();
        List<String> helpless = new ArrayList<>();
        for (LayerPlan layer : layers) {
            if (seen.containsKey(layer.layer())) {
                continue;
            }
            Optional<LayerParameters> found = widest(layer);
            found.ifPresent(parameters -> all.put(layer.layer(), parameters));
            (found.isPresent() ? helped : helpless).add(layer.layer());
        }
        if (!helpless.isEmpty()) {
            throw new InvalidInputException("calibration: no token reached " + names(helpless)
                    + ", so there is no scale for what it reads, and no other expert of its layer has one; " + MORE_TEXT
                    + "; or exclude the layer, or make its input_tensors dynamic");
        }
        return new CalibrationResult(
                all,
                helped.isEmpty()
                        ? List.of()
                        : List.of("calibration: no token reached " + names(helped)
                                + "; each takes the largest scale that the same matrix of its layer's other experts got; "
                                + MORE_TEXT));
    }

    private Optional<LayerParameters> widest(LayerPlan layer) {
        Optional<QuantizationParameters> input = widest(layer, LayerPlan::input, LayerParameters::input);
        Optional<QuantizationParameters> output = widest(layer, LayerPlan::output, LayerParameters::output);
        boolean missing = isMissing(layer.input(), input) || isMissing(layer.output(), output);
        return missing ? Optional.empty() : Optional.of(new LayerParameters(input, output));
    }

    /** Of the others that are quantized alike. */
    private Optional<QuantizationParameters> widest(
            LayerPlan layer,
            Function<LayerPlan, Optional<QuantizationSpec>> spec,
            Function<LayerParameters, Optional<QuantizationParameters>> parameters) {
        return alternatives.getOrDefault(layer.layer(), List.of()).stream()
                .filter(seen::containsKey)
                .filter(other ->
                        spec.apply(Objects.requireNonNull(byName.get(other))).equals(spec.apply(layer)))
                .flatMap(other -> parameters.apply(Objects.requireNonNull(seen.get(other))).stream())
                .max(Comparator.comparingDouble(IdleExperts::largestScale));
    }

    private static boolean isMissing(Optional<QuantizationSpec> spec, Optional<QuantizationParameters> found) {
        return spec.filter(LayerFormat::isStatic).isPresent() && found.isEmpty();
    }

    private static float largestScale(QuantizationParameters parameters) {
        float largest = 0;
        for (float scale : parameters.scale()) {
            largest = Math.max(largest, scale);
        }
        return largest;
    }

    /** The matrices of an expert are idle together, so its own name says it. */
    private String names(List<String> layers) {
        List<String> modules = layers.stream()
                .map(layer -> alternatives.containsKey(layer) ? layer.substring(0, layer.lastIndexOf('.')) : layer)
                .distinct()
                .toList();
        return FoldedName.of(modules).stream().map(FoldedName::pattern).collect(Collectors.joining(", "));
    }
}
