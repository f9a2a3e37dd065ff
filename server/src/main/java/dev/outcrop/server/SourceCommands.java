package dev.outcrop.server;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** Commands that the launcher carries out in a source checkout; here for their help, and to refuse them elsewhere. */
final class SourceCommands {
    private SourceCommands() {}

    private static StartException refusal(String command, List<String> arguments) {
        return new StartException(
                ExitCode.USAGE,
                "'" + (command + " " + String.join(" ", arguments)).strip()
                        + "' works through ./outcrop in a source checkout only");
    }

    /** {@code outcrop test}. */
    @Command(
            name = "test",
            description = "Builds and runs every test (source checkout only). Further arguments go to Maven.",
            mixinStandardHelpOptions = true)
    static final class Test implements Runnable {
        @Unmatched
        private List<String> arguments = List.of();

        @Override
        public void run() {
            throw refusal("test", arguments);
        }
    }

    /** {@code outcrop bench}. */
    @Command(
            name = "bench",
            description = "Runs benchmarks, each beside its peer (source checkout only). Without a name: lists them.",
            mixinStandardHelpOptions = true)
    static final class Bench implements Runnable {
        @Unmatched
        private List<String> arguments = List.of();

        @Override
        public void run() {
            throw refusal("bench", arguments);
        }
    }
}
