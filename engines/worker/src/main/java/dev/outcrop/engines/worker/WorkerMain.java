package dev.outcrop.engines.worker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a worker process runs: connects to the server, starts its service, and answers until the socket closes. */
public final class WorkerMain {
    private final FrameChannel channel;
    private final WorkerService service;
    private final Map<Integer, Answer> answers = new ConcurrentHashMap<>();

    private WorkerMain(FrameChannel channel, WorkerService service) {
        this.channel = channel;
        this.service = service;
    }

    /**
     * Runs a worker.
     *
     * @param arguments the socket's path and the name of the service's class
     */
    public static void main(String[] arguments) throws Exception {
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        socket.connect(UnixDomainSocketAddress.of(arguments[0]));
        offerToOutOfMemoryKiller();
        FrameChannel channel = new FrameChannel(socket);
        channel.write(new Frame(
                Frame.Kind.HELLO,
                0,
                ByteBuffer.allocate(Integer.BYTES).putInt(FrameChannel.VERSION).array()));
        WorkerService service = Class.forName(arguments[1])
                .asSubclass(WorkerService.class)
                .getConstructor()
                .newInstance();
        try {
            new WorkerMain(channel, service).run();
        } catch (IOException e) {
            // The server has closed the socket or is gone: either way this process has no reason to live.
        } finally {
            // Not exit: a service hanging in native code must not keep the process alive.
            Runtime.getRuntime().halt(0);
        }
    }

    /** Where memory runs out, the worker should go, not the server. */
    private static void offerToOutOfMemoryKiller() {
        Path score = Path.of("/proc/self/oom_score_adj");
        if (Files.isWritable(score)) {
            try {
                Files.writeString(score, "500");
            } catch (IOException e) {
                System.err.println("cannot set " + score + ": " + e.getMessage());
            }
        }
    }

    private void run() throws IOException, InterruptedException {
        while (true) {
            Frame frame = channel.read();
            switch (frame.kind()) {
                // On a thread of its own, so that pings are answered and a closed socket is seen while a model loads.
                case START -> Thread.ofPlatform().name("start").start(() -> start(frame.payload()));
                case REQUEST -> {
                    Answer answer = new Answer(frame);
                    answers.put(frame.call(), answer);
                    answer.thread.start();
                }
                case CANCEL -> {
                    Answer answer = answers.get(frame.call());
                    if (answer != null) {
                        answer.cancel();
                    }
                }
                case PING -> channel.write(Frame.of(Frame.Kind.PONG, 0));
                default -> throw new IOException("a server does not send " + frame.kind());
            }
        }
    }

    private void start(byte[] settings) {
        try {
            channel.write(new Frame(Frame.Kind.STARTED, 0, service.start(settings)));
        } catch (Throwable e) {
            fail(0, e);
        }
    }

    private void fail(int call, Throwable failure) {
        String category = WorkerException.UNFORESEEN;
        String message = failure.toString();
        if (failure instanceof WorkerException refused) {
            category = refused.category();
            message = refused.getMessage();
        } else {
            failure.printStackTrace();
        }
        conclude(Frame.named(Frame.Kind.ERROR, call, category, message.getBytes(StandardCharsets.UTF_8)));
    }

    /** Sends a call's last frame, which must not get lost to an interrupt. */
    private void conclude(Frame last) {
        while (true) {
            try {
                channel.write(last);
                return;
            } catch (InterruptedException e) {
                // A cancellation that came too late: the call is over anyway, and so is its thread.
            } catch (IOException e) {
                return;
            }
        }
    }

    /** A call being answered. */
    private final class Answer implements WorkerAnswer {
        private final Frame request;
        private final Thread thread;
        private volatile boolean cancelled;

        Answer(Frame request) {
            this.request = request;
            this.thread = Thread.ofVirtual().unstarted(this::answer);
        }

        private void answer() {
            try {
                service.answer(request.name(), request.rest(), this);
                conclude(Frame.of(Frame.Kind.END, request.call()));
            } catch (Throwable e) {
                if (cancelled) {
                    conclude(Frame.of(Frame.Kind.END, request.call()));
                } else {
                    fail(request.call(), e);
                }
            } finally {
                answers.remove(request.call());
            }
        }

        void cancel() {
            cancelled = true;
            thread.interrupt();
        }

        @Override
        public void send(byte[] item) {
            try {
                channel.write(new Frame(Frame.Kind.ITEM, request.call(), item));
            } catch (IOException | InterruptedException e) {
                throw new WorkerException(WorkerException.Reason.UNAVAILABLE, "nobody reads the answer any more");
            }
        }

        @Override
        public boolean offer(byte[] item) {
            return channel.offer(new Frame(Frame.Kind.ITEM, request.call(), item));
        }

        @Override
        public boolean cancelled() {
            return cancelled;
        }
    }
}
