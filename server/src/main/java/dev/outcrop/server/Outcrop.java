package dev.outcrop.server;

import java.util.List;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The {@code outcrop} command line. */
@Command(
        name = "outcrop",
        description = "Amazon's AI platform as one self-hosted server.",
        mixinStandardHelpOptions = true,
        versionProvider = Outcrop.VersionProvider.class,
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0   done",
            "  1   failed; the last line says why",
            "  64  the command line is wrong",
            "  66  no such model",
            "  69  the server, a model source or Java cannot be reached",
            "  75  the port or the data folder is in use",
            "  78  the configuration is wrong"
        })
public final class Outcrop {
    private static final List<Class<?>> COMMANDS = List.of(
            UpCommand.class,
            AskCommand.class,
            ModelsCommand.class,
            VersionCommand.class,
            ServicesCommand.class,
            SourceCommands.Test.class,
            SourceCommands.Bench.class,
            WarmUpCommand.class);

    private Outcrop() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Logging.quiet();
        System.exit(commandLine(arguments).execute(arguments));
    }

    /** What reads {@code arguments}. Describing all commands takes a fifth of a start: only the one named is, if any is. */
    static CommandLine commandLine(String... arguments) {
        CommandLine commandLine = new CommandLine(new Outcrop());
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> arguments.length > 0
                        && command.getAnnotation(Command.class).name().equals(arguments[0]))
                .toList();
        if (named.isEmpty()) {
            COMMANDS.forEach(commandLine::addSubcommand);
            commandLine.addSubcommand(GenerateCompletion.class).addSubcommand(HelpCommand.class);
        } else {
            named.forEach(commandLine::addSubcommand);
        }
        commandLine.setExitCodeExceptionMapper(Outcrop::exitCode);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("outcrop: " + failure.getMessage());
            return exitCode(failure);
        });
        return commandLine;
    }

    private static int exitCode(Throwable failure) {
        return switch (failure) {
            case ConfigurationException _ -> ExitCode.CONFIGURATION;
            case StartException start -> start.exitCode();
            case ParameterException _ -> ExitCode.USAGE;
            default -> ExitCode.FAILED;
        };
    }

    /** Gives {@code --version} the version of the build. */
    static final class VersionProvider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"outcrop " + Version.current()};
        }
    }
}
