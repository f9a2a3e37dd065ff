package dev.outcrop.server;

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
        subcommands = {
            UpCommand.class,
            AskCommand.class,
            ModelsCommand.class,
            VersionCommand.class,
            ServicesCommand.class,
            SourceCommands.Test.class,
            SourceCommands.Bench.class,
            WarmUpCommand.class,
            GenerateCompletion.class,
            HelpCommand.class
        },
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
    private Outcrop() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        Logging.quiet();
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Outcrop());
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
