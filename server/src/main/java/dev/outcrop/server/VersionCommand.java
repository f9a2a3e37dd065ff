package dev.outcrop.server;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code outcrop version}. */
@Command(name = "version", description = "Says the version, and the Java it runs on.", mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable {
    @Spec
    private CommandSpec specification;

    @Override
    public void run() {
        specification
                .commandLine()
                .getOut()
                .println("outcrop " + Version.current() + " on Java " + Runtime.version() + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }
}
