package dev.outcrop.conformance.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Python and Node environments with the clients under test, made by pip and npm once for a set of versions and kept. */
final class ClientEnvironments {
    private static final Duration INSTALL = Duration.ofMinutes(15);
    private static final Path SOURCES = Path.of("").toAbsolutePath();

    private ClientEnvironments() {}

    /** The folder with the Python scenarios. */
    static Path pythonScenarios() {
        return SOURCES.resolve("python");
    }

    /** A Python interpreter that has what {@code requirements.txt} names. */
    static Path python() {
        Path requirements = pythonScenarios().resolve("requirements.txt");
        Path environment = cached("python", requirements);
        Path interpreter = environment.resolve("bin/python");
        once(environment, () -> {
            run(List.of("python3", "-m", "venv", environment.toString()), SOURCES, Map.of(), INSTALL);
            run(
                    List.of(
                            interpreter.toString(),
                            "-m",
                            "pip",
                            "install",
                            "--quiet",
                            "--disable-pip-version-check",
                            "-r",
                            requirements.toString()),
                    SOURCES,
                    Map.of(),
                    INSTALL);
        });
        return interpreter;
    }

    /** A folder with the JavaScript scenarios and the packages that they need. */
    static Path javaScript() {
        Path scenarios = SOURCES.resolve("javascript");
        Path environment = cached("javascript", scenarios.resolve("package.json"));
        once(environment, () -> {
            Files.createDirectories(environment);
            Files.writeString(environment.resolve("package.json"), Files.readString(scenarios.resolve("package.json")));
            run(List.of("npm", "install", "--silent", "--no-audit", "--no-fund"), environment, Map.of(), INSTALL);
        });
        return environment;
    }

    /**
     * Runs a command to its end.
     *
     * @return its output and errors
     * @throws IOException if it fails or takes too long; the message holds its output
     */
    static String run(List<String> command, Path folder, Map<String, String> environment, Duration limit)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("outcrop-client", ".log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean ended = process.waitFor(limit);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String text = Files.readString(output);
            if (!ended || process.exitValue() != 0) {
                throw new IOException(
                        String.join(" ", command) + (ended ? " failed" : " took more than " + limit) + ":\n" + text);
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }

    private static Path cached(String kind, Path versions) {
        Path cache = Optional.ofNullable(System.getenv("OUTCROP_CACHE"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "outcrop"));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(versions));
            return cache.resolve("clients")
                    .resolve(kind + "-" + HexFormat.of().formatHex(digest).substring(0, 16));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void once(Path environment, Installation installation) {
        Path done = environment.resolve(".installed");
        if (Files.exists(done)) {
            return;
        }
        try {
            Files.createDirectories(environment.getParent());
            installation.run();
            Files.writeString(done, "", StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while installing " + environment, interruption);
        }
    }

    @FunctionalInterface
    private interface Installation {
        void run() throws IOException, InterruptedException;
    }
}
