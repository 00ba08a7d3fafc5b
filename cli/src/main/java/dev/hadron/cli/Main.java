package dev.hadron.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code hadron}. */
@Command(
        name = "hadron",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Quantizes neural networks.")
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field before it calls run()
    private Main() {}

    public static void main(String[] args) {
        VectorModule.load();
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }

    /** The version in the manifest of the jar that holds this class. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"hadron " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
