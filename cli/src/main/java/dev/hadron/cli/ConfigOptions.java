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
        return exclude.isEmpty() ? config : config.toBuilder().exclude(exclude).build();
    }

    List<String> linear() {
        return linear;
    }
}
