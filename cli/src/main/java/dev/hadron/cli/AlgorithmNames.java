package dev.hadron.cli;

import dev.hadron.config.AWQConfig;
import dev.hadron.config.AlgoConfig;
import dev.hadron.config.AutoSmoothQuantConfig;
import dev.hadron.config.GPTQConfig;
import dev.hadron.config.Nearest;
import dev.hadron.config.PreQuantOptConfig;
import dev.hadron.config.QuaRotConfig;
import dev.hadron.config.RotationConfig;
import dev.hadron.config.SmoothQuantConfig;
import dev.hadron.error.ConfigException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The algorithms by the names that options give them, with their defaults. */
final class AlgorithmNames {
    private static final Map<String, Supplier<AlgoConfig>> ALGORITHMS = new TreeMap<>(Map.of(
            "awq", () -> AWQConfig.builder().build(),
            "gptq", () -> GPTQConfig.builder().build(),
            "autosmoothquant", () -> AutoSmoothQuantConfig.builder().build()));

    private static final Map<String, Supplier<PreQuantOptConfig>> PRE_OPTIMIZATIONS = new TreeMap<>(Map.of(
            "smoothquant", () -> SmoothQuantConfig.builder().build(),
            "rotation", () -> RotationConfig.builder().build(),
            "quarot", () -> QuaRotConfig.builder().build()));

    private AlgorithmNames() {}

    static AlgoConfig algorithm(String name) {
        return named(name, ALGORITHMS, "--algorithm");
    }

    static PreQuantOptConfig preOptimization(String name) {
        return named(name, PRE_OPTIMIZATIONS, "--pre-optimization");
    }

    private static <T> T named(String name, Map<String, Supplier<T>> known, String option) {
        Supplier<T> found = known.get(name);
        if (found == null) {
            throw new ConfigException(option + " is \"" + name + "\"; it must be one of "
                    + String.join(", ", known.keySet()) + "; the nearest is " + Nearest.of(name, known.keySet()));
        }
        return found.get();
    }
}
