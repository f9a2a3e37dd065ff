package dev.outcrop.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a benchmark runs: the distribution, a cache for peers that takes long to make, a folder for this run, and the
 * processes it started, which end with it.
 */
final class Workplace implements AutoCloseable {
    private static final Duration INSTALL = Duration.ofMinutes(20);

    private final Path distribution;
    private final Path source;
    private final Path cache;
    private final Path scratch;
    private final List<ServerProcess> processes = new ArrayList<>();

    private Workplace(Path distribution, Path source, Path cache, Path scratch) {
        this.distribution = distribution;
        this.source = source;
        this.cache = cache;
        this.scratch = scratch;
    }

    static Workplace open() throws IOException {
        Path cache = Optional.ofNullable(System.getenv("OUTCROP_CACHE"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "outcrop"))
                .resolve("peers");
        Files.createDirectories(cache);
        return new Workplace(
                Path.of(System.getProperty("outcrop.home")),
                Path.of(System.getProperty("outcrop.source")),
                cache,
                Files.createTempDirectory("outcrop-bench"));
    }

    /** The source checkout. */
    Path source() {
        return source;
    }

    /** A folder that goes away with the run. */
    Path scratch() {
        return scratch;
    }

    /** A folder that stays, for peers that take long to make. */
    Path cache() {
        return cache;
    }

    /** Starts Outcrop from its distribution on a free port, ready to answer; further arguments go to {@code up}. */
    ServerProcess startOutcrop(String... arguments) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                distribution.resolve("outcrop").toString(),
                "up",
                "--port",
                String.valueOf(port),
                "--data",
                Files.createTempDirectory(scratch, "data").toString()));
        command.addAll(List.of(arguments));
        return start("Outcrop", command, port, "/_outcrop/health", Duration.ofMinutes(2));
    }

    /** Starts a main class of the benchmarks in a JVM of its own with the server's flags. */
    ServerProcess startJava(String name, Class<?> main, String path) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Files.readAllLines(distribution.resolve("lib/outcrop.jvm")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), String.valueOf(port)));
        return start(name, command, port, path, Duration.ofSeconds(60));
    }

    /** Starts any server and waits until it answers an HTTP request for {@code path}. */
    ServerProcess start(String name, List<String> command, int port, String path, Duration patience)
            throws IOException, InterruptedException {
        ServerProcess process = ServerProcess.start(name, command, port, scratch.resolve(name + ".log"));
        processes.add(process);
        process.awaitAnswer(path, patience);
        return process;
    }

    /** A Python environment with {@code requirements}, made once and kept. */
    Path python(String name, List<String> requirements) throws IOException, InterruptedException {
        Path environment = cache.resolve("python-" + name);
        Path done = environment.resolve("installed");
        String wanted = String.join("\n", requirements);
        if (Files.exists(done) && Files.readString(done).equals(wanted)) {
            return environment.resolve("bin");
        }
        run(List.of("python3", "-m", "venv", environment.toString()));
        List<String> install = new ArrayList<>(List.of(
                environment.resolve("bin/pip").toString(), "install", "--quiet", "--disable-pip-version-check"));
        install.addAll(requirements);
        run(install);
        Files.writeString(done, wanted);
        return environment.resolve("bin");
    }

    /** Runs a command to its end; its output goes to this process's. */
    void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(INSTALL) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("failed: " + String.join(" ", command));
        }
    }

    /** Runs a command to its end; what it printed. */
    String output(List<String> command, Duration patience) throws IOException, InterruptedException {
        Path output = Files.createTempFile(scratch, "output", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!process.waitFor(patience) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("failed: " + String.join(" ", command));
        }
        return Files.readString(output);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        processes.forEach(ServerProcess::close);
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
