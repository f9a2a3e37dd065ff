package dev.outcrop.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server under measurement, with its descendants: their CPU time and memory as Linux's {@code /proc} has them. */
final class ServerProcess implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100;

    /** What llama-server says while it loads its model. */
    private static final int STILL_STARTING = 503;

    private static final Pattern HEAP_USED = Pattern.compile("\\bused (\\d+)K");

    private final String name;
    private final Process process;
    private final int port;
    private final Path log;
    private final long startedNanos;

    private ServerProcess(String name, Process process, int port, Path log) {
        this.name = name;
        this.process = process;
        this.port = port;
        this.log = log;
        this.startedNanos = System.nanoTime();
    }

    static ServerProcess start(String name, List<String> command, int port, Path log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new ServerProcess(name, process, port, log);
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Waits until {@code path} is answered with anything but 503; returns the seconds since the process was started. */
    double awaitAnswer(String path, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(1))
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(uri(path))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            while (true) {
                try {
                    int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                    if (status == STILL_STARTING) {
                        throw new IOException("still starting");
                    }
                    return (System.nanoTime() - startedNanos) / 1e9;
                } catch (IOException notYet) {
                    if (!process.isAlive() || System.nanoTime() > deadline) {
                        throw new IOException(name + " did not start:\n" + Files.readString(log), notYet);
                    }
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            }
        }
    }

    /** CPU time used so far, in seconds, user and system, descendants included. */
    double cpuSeconds() throws IOException {
        double seconds = 0;
        for (long pid : family()) {
            Path stat = Path.of("/proc", String.valueOf(pid), "stat");
            if (Files.exists(stat)) {
                String[] fields =
                        Files.readString(stat).replaceFirst(".*\\) ", "").split(" ", -1);
                seconds += (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
            }
        }
        return seconds;
    }

    /** Resident memory in MiB, descendants included. */
    double residentMebibytes() throws IOException {
        double kibibytes = 0;
        for (long pid : family()) {
            Path status = Path.of("/proc", String.valueOf(pid), "status");
            if (Files.exists(status)) {
                for (String line : Files.readAllLines(status)) {
                    if (line.startsWith("VmRSS:")) {
                        kibibytes += Double.parseDouble(line.replaceAll("[^0-9]", ""));
                    }
                }
            }
        }
        return kibibytes / 1024;
    }

    /**
     * What a Java server holds on to once it has been made to throw its garbage away.
     *
     * @param heapKibibytes live objects
     * @param connections   open sockets
     * @param threads       platform threads
     */
    record Holdings(double heapKibibytes, int connections, int threads) {}

    /** Looks at a Java server twice collected: what the first collection finalizes, the second frees. */
    Holdings holdings(Workplace workplace) throws IOException, InterruptedException {
        jcmd(workplace, "GC.run");
        jcmd(workplace, "GC.run");
        String report = jcmd(workplace, "GC.heap_info");
        double heap = 0;
        for (String line : report.lines().toList()) {
            // Metaspace is told below the heap, and indented as the heap's parts are.
            if (line.contains("Metaspace")) {
                break;
            }
            Matcher used = HEAP_USED.matcher(line);
            if (used.find()) {
                heap += Double.parseDouble(used.group(1));
            }
        }
        if (heap == 0) {
            throw new IOException("jcmd does not tell how much of the heap is used:\n" + report);
        }
        Path proc = Path.of("/proc", String.valueOf(process.pid()));
        return new Holdings(heap, sockets(proc.resolve("fd")), count(proc.resolve("task")));
    }

    private String jcmd(Workplace workplace, String command) throws IOException, InterruptedException {
        return workplace.output(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(process.pid()),
                        command),
                Duration.ofMinutes(1));
    }

    private static int count(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return (int) files.count();
        }
    }

    private static int sockets(Path descriptors) throws IOException {
        int sockets = 0;
        try (Stream<Path> links = Files.list(descriptors)) {
            for (Path link : links.toList()) {
                try {
                    sockets += Files.readSymbolicLink(link).toString().startsWith("socket:") ? 1 : 0;
                } catch (NoSuchFileException _) {
                    // Closed meanwhile.
                }
            }
        }
        return sockets;
    }

    private List<Long> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}
