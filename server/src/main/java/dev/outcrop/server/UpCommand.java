package dev.outcrop.server;

import dev.outcrop.engines.models.ModelException;
import dev.outcrop.engines.models.Task;
import dev.outcrop.kernel.identity.ProfileFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outcrop up}: fetches what is missing, starts the server, and runs until it is told to stop. */
@Command(
        name = "up",
        description = "Starts the server; fetches default models that are missing.",
        mixinStandardHelpOptions = true)
final class UpCommand implements Runnable {
    private static final String PROFILE = "outcrop";

    @Option(names = "--port", paramLabel = "PORT", description = "port to listen on (default: 4566; 0: any free one)")
    private Optional<Integer> port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "folder of everything that is kept (default: ~/.outcrop)")
    private Optional<Path> data;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = "address to listen on (default: 127.0.0.1); beyond loopback the server wants TLS")
    private Optional<String> listen;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with further settings; see README.md")
    private Optional<Path> file;

    @Option(
            names = "--insecure",
            description = "listen beyond loopback without TLS: everybody on the way can read along")
    private boolean insecure;

    @Option(names = "--no-models", description = "start without fetching models that are missing")
    private boolean withoutModels;

    @Spec
    private CommandSpec specification;

    @Override
    public void run() {
        Configuration configuration =
                file.map(Configuration::of).orElseGet(Configuration::defaults).with(listen, port, data, insecure);
        Logging.configure(configuration.logFormat());
        PrintWriter out = specification.commandLine().getOut();
        PrintWriter notes = specification.commandLine().getErr();
        if (!withoutModels) {
            provideDefaults(configuration, notes);
        }
        Assembly assembly = Assembly.start(configuration);
        CountDownLatch stopped = new CountDownLatch(1);
        // SIGTERM and SIGINT: answer what is being answered, keep what is kept, and end as if asked to.
        Runnable end = () -> {
            assembly.close();
            stopped.countDown();
            Runtime.getRuntime().halt(ExitCode.DONE);
        };
        TerminationSignals.hear(end);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("drain at exit").unstarted(end));
        announce(assembly, configuration, out, notes);
        try {
            stopped.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void provideDefaults(Configuration configuration, PrintWriter notes) {
        DefaultModels models = new DefaultModels(Assembly.catalog(configuration), Assembly.modelStore(configuration));
        for (Task task : Task.USUAL) {
            try {
                models.provide(task, notes);
            } catch (ModelException failure) {
                notes.println("outcrop: the model for " + task.name().toLowerCase(Locale.ROOT) + " is missing: "
                        + failure.getMessage());
                notes.flush();
            }
        }
    }

    private static void announce(Assembly assembly, Configuration configuration, PrintWriter out, PrintWriter notes) {
        String host =
                configuration.listen().contains(":") ? "[" + configuration.listen() + "]" : configuration.listen();
        String endpoint = (configuration.tls().isPresent() ? "https://" : "http://") + host + ":" + assembly.port();
        try {
            ProfileFiles.Outcome outcome = ProfileFiles.of(System.getenv(), Path.of(System.getProperty("user.home")))
                    .write(PROFILE, assembly.rootKey(), Assembly.DEFAULT_REGION, endpoint);
            if (outcome instanceof ProfileFiles.Outcome.LeftAlone(Path where)) {
                notes.println("the AWS profile \"" + PROFILE + "\" in " + where
                        + " is for another server and was left alone; the development key is test/test");
            }
        } catch (IOException failure) {
            notes.println("the AWS profile \"" + PROFILE + "\" could not be written: " + failure.getMessage());
        }
        notes.flush();
        out.println("Outcrop " + Version.current() + " is ready at " + endpoint + ", AWS profile \"" + PROFILE
                + "\"; AWS's text model ids are answered by "
                + assembly.textModel().orElse("nothing (no model installed)")
                + ", embedding ids by " + assembly.embeddingModel().orElse("nothing (no model installed)")
                + ". Try: "
                + (configuration.port() == Configuration.DEFAULT_PORT
                        ? "outcrop ask \"What is an outcrop?\""
                        : "outcrop ask --endpoint " + endpoint + " \"What is an outcrop?\""));
        out.flush();
    }
}
