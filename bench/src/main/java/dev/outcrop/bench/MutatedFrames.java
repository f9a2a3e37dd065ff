package dev.outcrop.bench;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Attacks a server over HTTP/2 with prior knowledge (RFC 9113): frames of wrong lengths and streams, floods of headers,
 * continuations, resets, pings and settings, windows that overflow or never open, broken HPACK, and valid conversations
 * with bytes changed. Each attack has a connection of its own and ends it; between attacks a sound call must be answered.
 */
final class MutatedFrames {
    /** Longer than the server lets a client stall, so that what is still open then stays open for ever. */
    private static final int PATIENCE_MILLIS = 90_000;

    private static final int SENDERS = 4;
    private static final int SAMPLES = 10;
    private static final int FLOOD = 2_000;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BODY =
            "Action=GetCallerIdentity&Version=2011-06-15".getBytes(StandardCharsets.US_ASCII);

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int PRIORITY = 2;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;

    private final int port;

    MutatedFrames(int port) {
        this.port = port;
    }

    /** What a client may do to a server. */
    private enum Attack {
        CHANGED_BYTES,
        RANDOM_FRAMES,
        WRONG_LENGTHS,
        WRONG_STREAMS,
        HEADER_FLOOD,
        CONTINUATION_FLOOD,
        RAPID_RESET,
        PING_FLOOD,
        SETTINGS_FLOOD,
        WINDOW_OVERFLOW,
        CLOSED_WINDOW,
        BROKEN_HPACK,
        TABLE_GAMES,
        CUT_OFF
    }

    /**
     * What came of them.
     *
     * @param attacks how many there were of each kind
     * @param faults  answers of 500 and above
     * @param hangs   attacks after which the server neither closed the connection nor let go of it when the client did
     * @param samples what went wrong, some of it
     */
    record Result(Map<String, Integer> attacks, int faults, int hangs, List<String> samples) {
        int sent() {
            return attacks.values().stream().mapToInt(Integer::intValue).sum();
        }

        Result and(Result other) {
            Map<String, Integer> all = new TreeMap<>(attacks);
            other.attacks.forEach((attack, count) -> all.merge(attack, count, Integer::sum));
            List<String> some = new ArrayList<>(samples);
            some.addAll(other.samples);
            return new Result(
                    all,
                    faults + other.faults,
                    hangs + other.hangs,
                    List.copyOf(some.subList(0, Math.min(SAMPLES, some.size()))));
        }
    }

    /**
     * Makes {@code count} attacks, each kind in turn.
     *
     * @throws IOException if the server does not answer a sound call in between
     */
    Result send(int count, long seed) throws IOException, InterruptedException {
        List<Future<Result>> parts = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(SENDERS)) {
            for (int sender = 0; sender < SENDERS; sender++) {
                int share = count / SENDERS + (sender < count % SENDERS ? 1 : 0);
                Random random = new Random(seed * SENDERS + sender);
                int first = sender;
                parts.add(executor.submit(() -> sendShare(share, first, random)));
            }
        }
        Result all = new Result(Map.of(), 0, 0, List.of());
        for (Future<Result> part : parts) {
            all = switch (part.state()) {
                case SUCCESS -> all.and(part.resultNow());
                default -> throw new IOException(part.exceptionNow());
            };
        }
        return all;
    }

    private Result sendShare(int count, int first, Random random) throws IOException {
        Map<String, Integer> attacks = new TreeMap<>();
        List<String> samples = new ArrayList<>();
        int faults = 0;
        int hangs = 0;
        for (int i = 0; i < count; i++) {
            Attack attack = Attack.values()[(first + i) % Attack.values().length];
            attacks.merge(attack.name(), 1, Integer::sum);
            long seed = random.nextLong();
            try {
                int status = make(attack, new Random(seed));
                if (status >= 500) {
                    faults++;
                    samples.add(attack + " of seed " + seed + " is answered with " + status);
                }
            } catch (SocketTimeoutException e) {
                hangs++;
                samples.add(attack + " of seed " + seed + " hangs: " + e.getMessage());
            }
            if (i % 50 == 49) {
                HttpLoad.once(port, SignedRequest.getCallerIdentity(port));
            }
        }
        return new Result(attacks, faults, hangs, samples);
    }

    /** Makes one attack; the highest status that was answered, 0 if none was. */
    private int make(Attack attack, Random random) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress("127.0.0." + (1 + random.nextInt(250)), 0));
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            Statuses statuses = new Statuses(socket);
            Thread reader = Thread.startVirtualThread(statuses);
            try {
                OutputStream out = socket.getOutputStream();
                out.write(conversation(attack, random));
                out.flush();
                socket.shutdownOutput();
            } catch (SocketException _) {
                // A server may hang up on what it does not like.
            }
            try {
                if (!reader.join(Duration.ofMillis(PATIENCE_MILLIS)) || statuses.silent) {
                    throw new SocketTimeoutException("the server does not close its side");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
            return statuses.highest;
        }
    }

    private static byte[] conversation(Attack attack, Random random) {
        Frames frames = new Frames();
        frames.bytes(PREFACE);
        frames.frame(SETTINGS, 0, 0, new byte[0]);
        switch (attack) {
            case CHANGED_BYTES -> {
                frames.call(1);
                frames.call(3);
                byte[] sound = frames.all();
                for (int edit = random.nextInt(4); edit >= 0; edit--) {
                    sound[PREFACE.length + random.nextInt(sound.length - PREFACE.length)] = (byte) random.nextInt(256);
                }
                return sound;
            }
            case RANDOM_FRAMES -> {
                for (int i = 0; i < 30; i++) {
                    byte[] payload = new byte[random.nextInt(40)];
                    random.nextBytes(payload);
                    frames.frame(random.nextInt(12), random.nextInt(256), random.nextInt(8), payload);
                }
            }
            case WRONG_LENGTHS -> {
                frames.call(1);
                int type =
                        List.of(PRIORITY, RESET, SETTINGS, PING, GOAWAY, WINDOW).get(random.nextInt(6));
                frames.frame(type, 0, type == SETTINGS || type == PING || type == GOAWAY ? 0 : 1, new byte[3]);
                frames.header((1 << 24) - 1 - random.nextInt(8), DATA, 0, 1);
            }
            case WRONG_STREAMS -> {
                frames.call(5);
                switch (random.nextInt(5)) {
                    case 0 -> frames.call(3);
                    case 1 -> frames.call(2);
                    case 2 -> frames.frame(DATA, 0, 99, new byte[10]);
                    case 3 -> frames.frame(HEADERS, END_HEADERS, 0, Frames.head("/"));
                    default -> frames.frame(DATA, END_STREAM, 5, new byte[10]);
                }
            }
            case HEADER_FLOOD -> {
                ByteArrayOutputStream block = new ByteArrayOutputStream();
                block.writeBytes(Frames.head("/"));
                for (int i = 0; i < 700; i++) {
                    Frames.literal(block, "h" + i, "v".repeat(1 + random.nextInt(15)));
                }
                frames.list(1, block.toByteArray());
            }
            case CONTINUATION_FLOOD -> {
                frames.frame(HEADERS, 0, 1, Frames.head("/"));
                byte[] none = new byte[random.nextInt(2) * random.nextInt(200)];
                for (int i = 0; i < FLOOD; i++) {
                    frames.frame(CONTINUATION, 0, 1, none);
                }
            }
            case RAPID_RESET -> {
                for (int i = 0; i < FLOOD; i++) {
                    int stream = 2 * i + 1;
                    frames.frame(HEADERS, END_HEADERS | random.nextInt(2), stream, Frames.head("/"));
                    frames.frame(RESET, 0, stream, Frames.number(8));
                }
            }
            case PING_FLOOD -> {
                for (int i = 0; i < FLOOD; i++) {
                    frames.frame(PING, random.nextInt(2) * ACK, 0, new byte[8]);
                }
            }
            case SETTINGS_FLOOD -> {
                for (int i = 0; i < FLOOD; i++) {
                    byte[] setting = ByteBuffer.allocate(6)
                            .putShort((short) (1 + random.nextInt(8)))
                            .putInt(random.nextInt())
                            .array();
                    frames.frame(SETTINGS, 0, 0, setting);
                }
            }
            case WINDOW_OVERFLOW -> {
                frames.call(1);
                int stream = random.nextInt(2);
                frames.frame(WINDOW, 0, stream, Frames.number(random.nextBoolean() ? Integer.MAX_VALUE : 0));
                frames.frame(WINDOW, 0, stream, Frames.number(Integer.MAX_VALUE));
            }
            case CLOSED_WINDOW -> {
                // No answer's body may be sent; the client goes before one could.
                frames.frame(
                        SETTINGS,
                        0,
                        0,
                        ByteBuffer.allocate(6).putShort((short) 4).putInt(0).array());
                for (int i = 0; i < 20; i++) {
                    frames.call(2 * i + 1);
                }
            }
            case BROKEN_HPACK -> {
                byte[] block = new byte[1 + random.nextInt(60)];
                random.nextBytes(block);
                frames.frame(HEADERS, END_HEADERS | END_STREAM, 1, block);
                frames.call(3);
            }
            case TABLE_GAMES -> {
                // A table that grows past its limit, indexes behind its end, and a string that says it is endless.
                byte[][] blocks = {
                    {0x3f, (byte) 0xe1, (byte) 0xff, (byte) 0xff, 0x0f},
                    {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f},
                    {0x00, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 'a'},
                    {(byte) 0xbe, (byte) 0xbf, (byte) 0x80}
                };
                frames.frame(HEADERS, END_HEADERS | END_STREAM, 1, blocks[random.nextInt(blocks.length)]);
            }
            case CUT_OFF -> {
                frames.call(1);
                byte[] sound = frames.all();
                return Arrays.copyOf(sound, random.nextInt(sound.length));
            }
        }
        return frames.all();
    }

    /** Reads what the server says until it closes the connection, and looks for statuses in it. */
    private static final class Statuses implements Runnable {
        /** Fields of the static table of HPACK that are statuses: 200, 204, 206, 304, 400, 404, 500. */
        private static final int[] INDEXED = {200, 204, 206, 304, 400, 404, 500};

        private static final int FIRST_INDEX = 8;

        private final Socket socket;
        private volatile int highest;
        private volatile boolean silent;

        Statuses(Socket socket) {
            this.socket = socket;
        }

        @Override
        public void run() {
            try {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                while (true) {
                    int lengthAndType = in.readInt();
                    in.skipNBytes(5);
                    byte[] payload = in.readNBytes(lengthAndType >>> 8);
                    if ((lengthAndType & 0xff) == HEADERS && payload.length > 0) {
                        highest = Math.max(highest, status(payload));
                    }
                }
            } catch (SocketTimeoutException _) {
                silent = true;
            } catch (EOFException | SocketException _) {
                // The server has hung up.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The status that a list of headers begins with: an index, or a literal of three digits. */
        private static int status(byte[] block) {
            int first = block[0] & 0xff;
            if (first >= 0x80 + FIRST_INDEX && first < 0x80 + FIRST_INDEX + INDEXED.length) {
                return INDEXED[first - 0x80 - FIRST_INDEX];
            }
            boolean named = block.length > 4 && (first & 0x0f) == FIRST_INDEX && block[1] == 3;
            return named ? Integer.parseInt(new String(block, 2, 3, StandardCharsets.US_ASCII)) : 0;
        }
    }

    /** Frames one behind the other. */
    private static final class Frames {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        void bytes(byte[] bytes) {
            all.writeBytes(bytes);
        }

        /** The head of a frame that says it is {@code length} long. */
        void header(int length, int type, int flags, int stream) {
            bytes(ByteBuffer.allocate(9)
                    .putInt(length << 8 | type)
                    .put((byte) flags)
                    .putInt(stream)
                    .array());
        }

        void frame(int type, int flags, int stream, byte[] payload) {
            header(payload.length, type, flags, stream);
            bytes(payload);
        }

        /** A list of headers in as many frames as it takes. */
        void list(int stream, byte[] block) {
            int most = 1 << 14;
            for (int from = 0; from < block.length; from += most) {
                int to = Math.min(block.length, from + most);
                frame(
                        from == 0 ? HEADERS : CONTINUATION,
                        to == block.length ? END_HEADERS : 0,
                        stream,
                        Arrays.copyOfRange(block, from, to));
            }
        }

        /** A sound call, though not a signed one. */
        void call(int stream) {
            frame(HEADERS, END_HEADERS, stream, head("/"));
            frame(DATA, END_STREAM, stream, BODY);
        }

        byte[] all() {
            return all.toByteArray();
        }

        static byte[] number(int value) {
            return ByteBuffer.allocate(4).putInt(value).array();
        }

        /** POST and http from the static table of HPACK, the rest as literals (RFC 7541, 6.2.2). */
        static byte[] head(String path) {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.write(0x83);
            block.write(0x86);
            block.write(0x01);
            string(block, "localhost");
            block.write(0x04);
            string(block, path);
            literal(block, "content-type", "application/x-www-form-urlencoded");
            return block.toByteArray();
        }

        static void literal(ByteArrayOutputStream block, String name, String value) {
            block.write(0x00);
            string(block, name);
            string(block, value);
        }

        private static void string(ByteArrayOutputStream block, String text) {
            block.write(text.length());
            block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
