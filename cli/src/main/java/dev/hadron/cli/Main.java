package dev.hadron.cli;

import java.nio.file.Path;
import java.util.List;
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
        description =
                "Quantizes neural networks, measures what it costs, and writes checkpoints that other programs load.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:something failed: a disk, the machine",
            "2:something was asked for that can't be",
            "130:stopped with Ctrl-C",
            "143:told to end (SIGTERM)"
        },
        footer = {
            "",
            "Examples:",
            "  hadron schemes",
            "  hadron plan models/llama --scheme uint4-g128",
            "  hadron quantize models/llama --scheme uint4-g128 --output models/llama-uint4",
            "  hadron evaluate models/llama-uint4 --text evaluation.txt",
            "  hadron compare models/llama models/llama-uint4 --text evaluation.txt",
            "  hadron inspect models/llama-uint4"
        })
public final class Main implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            PlanCommand.class,
            QuantizeCommand.class,
            EvaluateCommand.class,
            CompareCommand.class,
            InspectCommand.class,
            SchemesCommand.class,
            SelfTestCommand.class);

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the field before it calls run()
    private Main() {}

    public static void main(String[] args) {
        int code = run(commandLine(args), args);
        JobControl.commandEnded();
        System.exit(code);
    }

    private static int run(CommandLine command, String[] args) {
        try {
            int code = command.execute(args);
            return System.out.checkError() && code == 0 ? Failures.notPrinted(command) : code;
        } catch (OutOfMemoryError e) {
            return Failures.outOfMemory(e, command);
        } catch (LinkageError e) {
            return Failures.notInstalled(e, command);
        }
    }

    /** The command line, as it is run: of its commands the one that is asked for, since reading them all takes longer, or else all. */
    static CommandLine commandLine(String... args) {
        CommandLine command = new CommandLine(new Main());
        List<Class<?>> asked = COMMANDS.stream()
                .filter(type -> args.length > 0
                        && type.getAnnotation(Command.class).name().equals(args[0]))
                .toList();
        (asked.isEmpty() ? COMMANDS : asked).forEach(command::addSubcommand);
        return command.setParameterExceptionHandler(Failures::badArguments)
                .setExecutionExceptionHandler(Failures::failed)
                .registerConverter(Path.class, BadArguments::path)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a command: " + String.join(", ", spec.subcommands().keySet()));
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
