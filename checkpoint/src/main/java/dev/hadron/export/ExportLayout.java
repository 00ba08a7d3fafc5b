package dev.hadron.export;

import dev.hadron.error.ConfigException;
import dev.hadron.export.layout.QuarkLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The layouts that can be written and read. */
public enum ExportLayout {
    /** The safetensors layout of AMD Quark 0.13, which Transformers (with {@code amd-quark}) and vLLM load. */
    QUARK(new QuarkLayout(), "quark", List.of("transformers", "vllm"));

    private final Layout layout;
    private final String quantMethod;
    private final List<String> consumers;

    ExportLayout(Layout layout, String quantMethod, List<String> consumers) {
        this.layout = layout;
        this.quantMethod = quantMethod;
        this.consumers = consumers;
    }

    /** What maps layers to tensors. */
    public Layout layout() {
        return layout;
    }

    /** What {@code config.json} calls this layout in {@code quant_method}. */
    public String quantMethod() {
        return quantMethod;
    }

    /** The programs that load it unchanged. */
    public List<String> consumers() {
        return consumers;
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
