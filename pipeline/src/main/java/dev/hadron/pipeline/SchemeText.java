package dev.hadron.pipeline;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.export.layout.LayerFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** How a layer is quantized, in a few words. */
final class SchemeText {
    private SchemeText() {}

    static String of(LayerFormat layer) {
        List<String> parts = new ArrayList<>();
        add(parts, "weight", layer.weight());
        add(parts, "input", layer.input());
        add(parts, "output", layer.output());
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, String side, Optional<QuantizationSpec> spec) {
        spec.ifPresent(s -> parts.add(side + " " + s.dtype().wireName() + " " + granularity(s)
                + (Boolean.TRUE.equals(s.isDynamic()) ? " dynamic" : "")));
    }

    private static String granularity(QuantizationSpec spec) {
        QSchemeType scheme = Objects.requireNonNull(spec.qscheme());
        return switch (scheme) {
            case PER_TENSOR -> "per tensor";
            case PER_CHANNEL -> "per channel";
            case PER_GROUP -> "in groups of " + spec.groupSize();
        };
    }
}
