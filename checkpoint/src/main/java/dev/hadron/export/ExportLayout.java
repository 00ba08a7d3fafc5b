package dev.hadron.export;

import dev.hadron.error.ConfigException;
import dev.hadron.export.layout.HadronLayout;
import dev.hadron.export.layout.Layout;
import dev.hadron.export.layout.QuarkLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The layouts that can be written and read. */
public enum ExportLayout {
    /** The safetensors layout of AMD Quark 0.13, which Transformers (with {@code amd-quark}) and vLLM load. */
    QUARK(new QuarkLayout(), "quark"),
    /** Our own safetensors layout, which holds every data type; Hadron reads it. */
    HADRON(new HadronLayout(), "hadron");

    private final Layout layout;
    private final String quantMethod;

    ExportLayout(Layout layout, String quantMethod) {
        this.layout = layout;
        this.quantMethod = quantMethod;
    }

    /** What maps layers to tensors. */
    public Layout layout() {
        return layout;
    }

    /** What {@code config.json} calls this layout in {@code quant_method}. */
    public String quantMethod() {
        return quantMethod;
    }

    /** The name on the command line. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The layout of this name.
     *
     * @throws ConfigException when there is none
     */
    public static ExportLayout named(String name) {
        return Arrays.stream(values())
                .filter(layout -> layout.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException("there is no layout \"" + name + "\"; known are "
                        + Arrays.stream(values()).map(ExportLayout::wireName).collect(Collectors.joining(", "))));
    }
}
