package dev.hadron.pipeline;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.export.layout.LayerFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a layer is quantized, in a few words. */
public final class SchemeText {
    private SchemeText() {}

    static String of(LayerFormat layer) {
        List<String> parts = new ArrayList<>();
        add(parts, "weight", layer.weight());
        add(parts, "input", layer.input());
        add(parts, "output", layer.output());
        return String.join(", ", parts);
    }

    /** How one tensor is quantized: {@code uint4 in groups of 128}. */
    public static String of(QuantizationSpec spec) {
        return spec.dtype().wireName() + granularity(spec) + (Boolean.TRUE.equals(spec.isDynamic()) ? " dynamic" : "");
    }

    private static void add(List<String> parts, String side, Optional<QuantizationSpec> spec) {
        spec.ifPresent(s -> parts.add(side + " " + of(s)));
    }

    private static String granularity(QuantizationSpec spec) {
        QSchemeType scheme = spec.qscheme();
        if (scheme == null) {
            return "";
        }
        return switch (scheme) {
            case PER_TENSOR -> " per tensor";
            case PER_CHANNEL -> " per channel";
            case PER_GROUP -> " in groups of " + spec.groupSize();
        };
    }
}
