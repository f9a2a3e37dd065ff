package dev.outcrop.engines.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One life of a worker, from its start to its death. */
final class WorkerProcess implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(WorkerProcess.class.getName());

    private static final Duration WATCH = Duration.ofMillis(250);
    private static final int WATCHES_PER_PING = 8;

    /** A worker that answers no ping for so long hangs. Generous, since a busy machine may starve it. */
    private static final Duration PING_LIMIT = Duration.ofSeconds(20);

    /** A worker that does not let go of a cancelled call for so long hangs. */
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(30);

    private static final int KEPT_OUTPUT_LINES = 20;

    private final WorkerSettings settings;
    private final Process process;
    private final FrameChannel channel;
    private final Map<Integer, WorkerCall> calls = new ConcurrentHashMap<>();
    private final Map<Integer, Long> cancelled = new ConcurrentHashMap<>();
    private final AtomicInteger lastCall = new AtomicInteger();
    private final CompletableFuture<byte[]> started = new CompletableFuture<>();
    private final AtomicBoolean dead = new AtomicBoolean();
    private final Output output;
    private volatile boolean died;
    private volatile long lastPong = System.nanoTime();
    private volatile long lastUsed = System.nanoTime();

    private WorkerProcess(WorkerSettings settings, Process process, FrameChannel channel, Output output) {
        this.settings = settings;
        this.process = process;
        this.channel = channel;
        this.output = output;
    }

    /**
     * Starts a process and waits until its service has started.
     *
     * @throws WorkerException if it does not start in time, or refuses to
     */
    static WorkerProcess start(WorkerSettings settings) {
        long deadline = System.nanoTime() + settings.startLimit().toNanos();
        Process process = null;
        try {
            Path folder = Files.createTempDirectory("outcrop-worker");
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                Path socket = folder.resolve("socket");
                server.bind(UnixDomainSocketAddress.of(socket));
                server.configureBlocking(false);
                ProcessBuilder builder = new ProcessBuilder(command(settings, socket)).redirectErrorStream(true);
                HugePages.askFor(builder.environment());
                process = builder.start();
                process.getOutputStream().close();
                Output output = new Output(settings.name(), process);
                SocketChannel connection = accept(server, process, deadline, output);
                WorkerProcess worker = new WorkerProcess(settings, process, new FrameChannel(connection), output);
                worker.await(deadline);
                return worker;
            } finally {
                Files.deleteIfExists(folder.resolve("socket"));
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            if (process != null) {
                process.destroyForcibly();
            }
            throw new WorkerException(
                    WorkerException.Reason.UNAVAILABLE, "worker " + settings.name() + " cannot be started: " + e);
        }
    }

    private static List<String> command(WorkerSettings settings, Path socket) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Xmx" + settings.heapMegabytes() + "m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:-CreateCoredumpOnCrash");
        command.add("-XX:ErrorFile=" + Path.of(System.getProperty("java.io.tmpdir"), "outcrop-worker-%p.log"));
        command.add("-Doutcrop.worker=" + settings.name());
        command.addAll(settings.javaArguments());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(WorkerMain.class.getName());
        command.add(socket.toString());
        command.add(settings.service().getName());
        return command;
    }

    private static SocketChannel accept(ServerSocketChannel server, Process process, long deadline, Output output)
            throws IOException {
        while (true) {
            SocketChannel connection = server.accept();
            if (connection != null) {
                return connection;
            }
            if (!process.isAlive()) {
                throw new IOException("ended with exit code " + process.exitValue() + output.lastLines());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("did not connect in time");
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while it started");
            }
        }
    }

    private void await(long deadline) {
        Thread.ofVirtual().name("worker " + settings.name()).start(this::read);
        Thread.ofVirtual().name("watch " + settings.name()).start(this::watch);
        channel.offer(new Frame(Frame.Kind.START, 0, settings.settings()));
        try {
            started.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            die("did not start");
            if (e.getCause() instanceof WorkerException refused) {
                throw refused;
            }
            throw new WorkerException(
                    WorkerException.Reason.UNAVAILABLE, e.getCause().getMessage());
        } catch (TimeoutException e) {
            die("did not start within " + settings.startLimit());
            throw new WorkerException(
                    WorkerException.Reason.TIMED_OUT, this + " did not start within " + settings.startLimit());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            die("start was interrupted");
            throw new WorkerException(WorkerException.Reason.TIMED_OUT, "interrupted while " + this + " started");
        }
    }

    private void read() {
        try {
            Frame hello = channel.read();
            if (hello.kind() != Frame.Kind.HELLO
                    || hello.payload().length != Integer.BYTES
                    || ByteBuffer.wrap(hello.payload()).getInt() != FrameChannel.VERSION) {
                throw new IOException("speaks another version of the protocol");
            }
            while (true) {
                Frame frame = channel.read();
                switch (frame.kind()) {
                    case STARTED -> {
                        lastUsed = System.nanoTime();
                        started.complete(frame.payload());
                    }
                    case PONG -> lastPong = System.nanoTime();
                    case ITEM -> deliver(frame, calls.get(frame.call()));
                    case END, ERROR -> {
                        lastUsed = System.nanoTime();
                        if (frame.call() == 0) {
                            started.completeExceptionally(WorkerCall.failure(frame));
                        } else {
                            deliver(frame, calls.remove(frame.call()));
                            cancelled.remove(frame.call());
                        }
                    }
                    default -> throw new IOException("a worker does not send " + frame.kind());
                }
            }
        } catch (IOException e) {
            die(e.getMessage());
        }
    }

    private static void deliver(Frame frame, WorkerCall call) {
        if (call != null) {
            call.receive(frame);
        }
    }

    private void watch() {
        int round = 0;
        while (!dead.get()) {
            try {
                Thread.sleep(WATCH);
            } catch (InterruptedException e) {
                return;
            }
            if (round++ % WATCHES_PER_PING == 0) {
                channel.offer(Frame.of(Frame.Kind.PING, 0));
            }
            long now = System.nanoTime();
            if (now - lastPong > PING_LIMIT.toNanos()) {
                die("answers no pings");
            }
            for (long since : cancelled.values()) {
                if (now - since > CANCEL_LIMIT.toNanos()) {
                    die("does not let go of a cancelled call");
                }
            }
            long resident = residentBytes();
            if (settings.residentBytes() > 0 && resident > settings.residentBytes()) {
                die("holds " + resident + " bytes of memory where " + settings.residentBytes() + " are allowed");
            }
        }
    }

    /** Memory that the process holds for itself, pages of mapped files not counted; 0 where the system does not say. */
    long residentBytes() {
        long kilobytes = 0;
        try (BufferedReader status = Files.newBufferedReader(
                Path.of("/proc", Long.toString(process.pid()), "status"), StandardCharsets.US_ASCII)) {
            for (String line = status.readLine(); line != null; line = status.readLine()) {
                if (line.startsWith("RssAnon:") || line.startsWith("RssShmem:")) {
                    kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            return 0; // not Linux, or gone
        }
        return kilobytes << 10;
    }

    private void die(String reason) {
        synchronized (calls) {
            if (!dead.compareAndSet(false, true)) {
                return;
            }
        }
        died = true;
        channel.close();
        String end = reason;
        try {
            // Lets a process that is ending anyway say why, but not for so long that its callers would notice.
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                end += ", exit code " + process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        String message = this + " died: " + end + output.lastLines();
        if (!started.completeExceptionally(new WorkerException(WorkerException.Reason.UNAVAILABLE, message))) {
            LOGGER.log(Level.WARNING, message);
        }
        failCalls(message);
    }

    private void failCalls(String message) {
        for (int number : List.copyOf(calls.keySet())) {
            deliver(
                    Frame.named(
                            Frame.Kind.ERROR,
                            number,
                            WorkerException.Reason.UNAVAILABLE.name(),
                            message.getBytes(StandardCharsets.UTF_8)),
                    calls.remove(number));
        }
    }

    boolean alive() {
        return !dead.get();
    }

    /** Whether it ended without being told to. */
    boolean died() {
        return died;
    }

    long processId() {
        return process.pid();
    }

    byte[] description() {
        return started.join();
    }

    int callsInFlight() {
        return calls.size();
    }

    /** Those that were cancelled and that the process has not let go of yet. */
    int cancelledCalls() {
        return cancelled.size();
    }

    Duration idle() {
        return calls.isEmpty() ? Duration.ofNanos(System.nanoTime() - lastUsed) : Duration.ZERO;
    }

    /** Sends a request; empty if the process has ended before it was sent. */
    Optional<WorkerCall> call(String operation, byte[] request) {
        int number = lastCall.incrementAndGet();
        WorkerCall call = new WorkerCall(this, number);
        synchronized (calls) {
            if (dead.get()) {
                return Optional.empty();
            }
            calls.put(number, call);
        }
        try {
            channel.write(Frame.named(Frame.Kind.REQUEST, number, operation, request));
        } catch (IOException e) {
            return calls.remove(number) == null ? Optional.of(call) : Optional.empty();
        } catch (InterruptedException e) {
            calls.remove(number);
            Thread.currentThread().interrupt();
            throw new WorkerException(WorkerException.Reason.TIMED_OUT, "interrupted while calling " + this);
        }
        return Optional.of(call);
    }

    void cancel(int number) {
        // Noted before the call is taken out, and the other way round where its end arrives: else an end that comes in
        // between would leave a note that nothing removes, and the worker would pass for hanging.
        cancelled.put(number, System.nanoTime());
        if (calls.remove(number) == null) {
            cancelled.remove(number);
        } else {
            channel.offer(Frame.of(Frame.Kind.CANCEL, number));
        }
    }

    /** Ends the process if it has had no call for so long, and says whether it has ended. */
    boolean closeIfIdle(Duration limit) {
        synchronized (calls) {
            if (!dead.get() && (!calls.isEmpty() || idle().compareTo(limit) < 0)) {
                return false;
            }
            if (!dead.compareAndSet(false, true)) {
                return true;
            }
        }
        end();
        return true;
    }

    /** Ends the process; its calls in flight fail. */
    @Override
    public void close() {
        synchronized (calls) {
            if (!dead.compareAndSet(false, true)) {
                return;
            }
        }
        end();
    }

    private void end() {
        channel.close();
        process.destroyForcibly();
        failCalls(this + " was stopped");
    }

    @Override
    public String toString() {
        return "worker " + settings.name() + " (process " + process.pid() + ")";
    }

    /** What the process writes to its standard streams: logged, and the end kept for the message of its death. */
    private static final class Output {
        private final Deque<String> last = new ArrayDeque<>();

        Output(String name, Process process) {
            Thread.ofVirtual().name("output of " + name).start(() -> {
                try (BufferedReader lines = process.inputReader()) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        LOGGER.log(Level.DEBUG, "{0}: {1}", name, line);
                        keep(line);
                    }
                } catch (IOException e) {
                    keep("(output lost: " + e.getMessage() + ")");
                }
            });
        }

        private synchronized void keep(String line) {
            last.addLast(line);
            if (last.size() > KEPT_OUTPUT_LINES) {
                last.removeFirst();
            }
        }

        synchronized String lastLines() {
            return last.isEmpty() ? "" : "; its last words: " + String.join(" | ", last);
        }
    }
}
