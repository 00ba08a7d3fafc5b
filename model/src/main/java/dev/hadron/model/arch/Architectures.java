package dev.hadron.model.arch;

import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.model.ModelConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The architectures that can be run. */
public final class Architectures {
    private static final List<Architecture> ALL = List.of(
            new LlamaArchitecture(),
            new MistralArchitecture(),
            new MixtralArchitecture(),
            new Qwen2Architecture(),
            new Qwen3Architecture(),
            new Qwen3MoeArchitecture());

    private Architectures() {}

    /** The architecture of a model; empty when its family isn't known. */
    public static Optional<Architecture> find(ModelConfig config) {
        return config.modelType()
                .flatMap(type ->
                        ALL.stream().filter(a -> a.modelType().equals(type)).findFirst());
    }

    /**
     * The architecture of a model.
     *
     * @throws UnsupportedQuantizationException naming the family, and those that are known
     */
    public static Architecture of(ModelConfig config) {
        return find(config)
                .orElseThrow(() -> new UnsupportedQuantizationException("the architecture "
                        + config.modelType()
                                .map(type -> "\"" + type + "\"")
                                .orElse("of a config.json without model_type")
                        + " can't be run; known are " + names()
                        + "; weight-only schemes without an evaluation run no model and need none"));
    }

    private static String names() {
        return ALL.stream().map(Architecture::modelType).collect(Collectors.joining(", "));
    }
}
