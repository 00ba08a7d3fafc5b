package dev.hadron.cli;

import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.export.ExportLayout;
import dev.hadron.pipeline.Scheme;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say what is done to each layer. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConfigOptions {
    @ArgGroup(multiplicity = "1")
    private What what;

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description =
                    "How tensors are named and packed: quark, which other programs load, or hadron, which holds every type"
                            + " (default: the first of a scheme's layouts; quark for a configuration).")
    private @Nullable String layout;

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "Layers that stay as they are, such as '*.down_proj'; may be given several times.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--linear",
            paramLabel = "GLOB",
            description = "Layers that are linear though their names don't say so; may be given several times.")
    private List<String> linear = new ArrayList<>();

    @Option(
            names = "--algorithm",
            paramLabel = "NAME",
            description = "awq, gptq or autosmoothquant, with its defaults; needs --calibration.")
    private @Nullable String algorithm;

    @Option(
            names = "--pre-optimization",
            paramLabel = "NAME",
            description = "smoothquant, rotation or quarot, with its defaults; may be given several times.")
    private List<String> preOptimizations = new ArrayList<>();

    /** A preset, or a file. */
    @SuppressWarnings("NullAway.Init") // one of the two is set
    private static final class What {
        @Option(
                names = {"-s", "--scheme"},
                paramLabel = "NAME",
                description = "A preset; hadron schemes lists them.")
        private @Nullable String scheme;

        @Option(names = "--config", paramLabel = "FILE.json", description = "A configuration as JSON.")
        private @Nullable Path config;
    }

    ExportLayout layout() {
        if (layout != null) {
            return ExportLayout.named(layout);
        }
        return what.scheme != null ? Scheme.named(what.scheme).layouts().getFirst() : ExportLayout.QUARK;
    }

    Config config() throws IOException {
        Config config = what.config != null
                ? ConfigJson.read(what.config)
                : Scheme.named(String.valueOf(what.scheme)).config();
        Config.Builder changed = config.toBuilder();
        if (!exclude.isEmpty()) {
            changed.exclude(exclude);
        }
        if (algorithm != null) {
            changed.algoConfig(AlgorithmNames.algorithm(algorithm));
        }
        preOptimizations.forEach(name -> changed.addPreOptimizationConfig(AlgorithmNames.preOptimization(name)));
        return changed.build();
    }

    List<String> linear() {
        return linear;
    }
}
