package dev.outcrop.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Sends valid requests that have been tampered with: half of them in the body or the query and then signed, so that they
 * get past the signature, half of them anywhere once they are signed. Every one has a connection of its own, on which
 * nothing more is sent, so that a server that waits for more learns that there is none.
 */
final class MutatedRequests {
    /** How long the server may take for one. */
    private static final int PATIENCE_MILLIS = 20_000;

    private static final int LARGEST_ANSWER = 4 << 20;
    private static final int LONGEST_HEAD = 32 << 10;
    private static final int SENDERS = 8;
    private static final int SAMPLES = 10;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})[ \r]");
    private static final Pattern MODELED = Pattern.compile(
            "NotImplementedException|ServiceUnavailable|SlowDown|HTTPVersionNotSupported", Pattern.CASE_INSENSITIVE);
    private static final List<String> SPLICES = List.of(
            "",
            "\0",
            "\r\n",
            "\r\n\r\n",
            "null",
            "-1",
            "1e999",
            "99999999999999999999",
            "\"",
            "\\u0000",
            "{",
            "}",
            "[",
            "<",
            ">",
            "&",
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>",
            "%",
            "%00",
            "%2e%2e/",
            "../",
            "//",
            "=",
            ":",
            ";",
            ",",
            " ",
            "\t",
            "\u00ff\u00fe",
            "\u00ed\u00a0\u0080",
            "\u00bf\u00ff",
            "\u009b\u00ff");

    private final int port;
    private final List<CapturedRequest> templates;

    MutatedRequests(int port) {
        this.port = port;
        templates = CapturedRequest.ofEachProtocol(port);
    }

    /**
     * What came of them.
     *
     * @param statuses how often each status was answered; 0 for connections closed without an answer
     * @param faults   answers of 500 and above that no model has
     * @param hangs    requests that were neither answered nor turned away in time
     * @param unanswered requests whose head is all there, but that were not answered
     * @param samples  some of these
     */
    record Result(Map<Integer, Integer> statuses, int faults, int hangs, int unanswered, List<String> samples) {
        int sent() {
            return statuses.values().stream().mapToInt(Integer::intValue).sum() + hangs;
        }

        Result and(Result other) {
            Map<Integer, Integer> all = new TreeMap<>(statuses);
            other.statuses.forEach((status, count) -> all.merge(status, count, Integer::sum));
            List<String> some = new ArrayList<>(samples);
            some.addAll(other.samples);
            return new Result(
                    all,
                    faults + other.faults,
                    hangs + other.hangs,
                    unanswered + other.unanswered,
                    List.copyOf(some.subList(0, Math.min(SAMPLES, some.size()))));
        }
    }

    /** Sends {@code count} requests; the same for the same seed, but for the time of their signatures. */
    Result send(int count, long seed) throws IOException, InterruptedException {
        List<Future<Result>> parts = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(SENDERS)) {
            for (int sender = 0; sender < SENDERS; sender++) {
                int share = count / SENDERS + (sender < count % SENDERS ? 1 : 0);
                Random random = new Random(seed * SENDERS + sender);
                parts.add(executor.submit(() -> sendShare(share, random)));
            }
        }
        Result all = new Result(Map.of(), 0, 0, 0, List.of());
        for (Future<Result> part : parts) {
            all = switch (part.state()) {
                case SUCCESS -> all.and(part.resultNow());
                default -> throw new IOException(part.exceptionNow());
            };
        }
        return all;
    }

    private Result sendShare(int count, Random random) throws IOException {
        Map<Integer, Integer> statuses = new TreeMap<>();
        List<String> samples = new ArrayList<>();
        int faults = 0;
        int hangs = 0;
        int unanswered = 0;
        for (int i = 0; i < count; i++) {
            CapturedRequest template = templates.get(random.nextInt(templates.size()));
            byte[] request =
                    random.nextBoolean() ? tamperedThenSigned(template, random) : signedThenTampered(template, random);
            String answer;
            try {
                answer = exchange(request, random);
            } catch (SocketTimeoutException _) {
                hangs++;
                samples.add(template.protocol() + " hangs: " + printable(request));
                continue;
            }
            Matcher status = STATUS.matcher(answer);
            int first = 0;
            while (status.find()) {
                int code = Integer.parseInt(status.group(1));
                first = first == 0 ? code : first;
                if (code >= 500 && !MODELED.matcher(answer).find()) {
                    faults++;
                    samples.add(template.protocol() + " answered "
                            + printable(answer.getBytes(StandardCharsets.ISO_8859_1)) + " to " + printable(request));
                }
            }
            if (first == 0 && hasHead(request)) {
                unanswered++;
                samples.add(template.protocol() + " not answered: " + printable(request));
            }
            statuses.merge(first, 1, Integer::sum);
        }
        return new Result(statuses, faults, hangs, unanswered, samples);
    }

    /**
     * Whether {@code request} must be answered. A server may wait for the rest of one whose head does not end; and of one
     * that is too long for its head to be read, the answer can be lost to the reset with which a system closes a
     * connection that has unread bytes (RFC 9112, section 9.6).
     */
    private static boolean hasHead(byte[] request) {
        return request.length < LONGEST_HEAD
                && new String(request, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") > 0;
    }

    private static byte[] tamperedThenSigned(CapturedRequest template, Random random) {
        SdkHttpRequest head = template.head();
        byte[] body = template.body();
        if (body.length > 0) {
            body = mutated(body, random);
        } else {
            String name =
                    head.rawQueryParameters().keySet().stream().findFirst().orElse("a");
            String value = new String(
                    mutated(
                            head.firstMatchingRawQueryParameter(name)
                                    .orElse("b")
                                    .getBytes(StandardCharsets.ISO_8859_1),
                            random),
                    StandardCharsets.ISO_8859_1);
            head = head.toBuilder().putRawQueryParameter(name, value).build();
        }
        return template.bytes(head, body);
    }

    private static byte[] signedThenTampered(CapturedRequest template, Random random) {
        return mutated(template.bytes(template.head(), template.body()), random);
    }

    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original;
        for (int edit = random.nextInt(3); edit >= 0; edit--) {
            int from = random.nextInt(bytes.length + 1);
            int to = Math.min(bytes.length, from + random.nextInt(12));
            byte[] inserted = switch (random.nextInt(6)) {
                case 0 -> randomBytes(random);
                case 1 -> {
                    int start = random.nextInt(bytes.length + 1);
                    yield Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + random.nextInt(100)));
                }
                case 2 -> {
                    byte[] flipped = Arrays.copyOfRange(bytes, from, to);
                    if (flipped.length > 0) {
                        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                    }
                    yield flipped;
                }
                default -> {
                    String splice = SPLICES.get(random.nextInt(SPLICES.size()));
                    // Now and then a great many: nesting, and lines that never end.
                    yield splice.repeat(random.nextInt(50) == 0 ? 5000 : 1).getBytes(StandardCharsets.ISO_8859_1);
                }
            };
            ByteArrayOutputStream edited = new ByteArrayOutputStream();
            edited.write(bytes, 0, from);
            edited.writeBytes(inserted);
            edited.write(bytes, to, bytes.length - to);
            bytes = edited.toByteArray();
        }
        return bytes;
    }

    private static byte[] randomBytes(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(16)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** All that is answered, as Latin-1; empty if the connection was closed without a word. */
    private String exchange(byte[] request, Random random) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        try (Socket socket = new Socket()) {
            // The ports of one address would not do for so many connections, which linger for a minute each.
            socket.bind(new InetSocketAddress("127.0.0." + (1 + random.nextInt(250)), 0));
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(request);
                socket.shutdownOutput();
                byte[] buffer = new byte[8192];
                for (int read = socket.getInputStream().read(buffer);
                        read >= 0;
                        read = socket.getInputStream().read(buffer)) {
                    answer.write(buffer, 0, read);
                    if (System.nanoTime() > deadline) {
                        throw new SocketTimeoutException("still answering");
                    }
                    if (answer.size() > LARGEST_ANSWER) {
                        throw new IOException("an answer of more than " + LARGEST_ANSWER + " bytes");
                    }
                }
            } catch (SocketTimeoutException late) {
                throw late;
            } catch (SocketException _) {
                // A server may hang up on what it does not like; what it said before counts.
            }
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static String printable(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, 700), StandardCharsets.ISO_8859_1);
        return "\"" + text.replace("\r\n", "\\r\\n").replaceAll("[^ -~]", "?") + "\"";
    }
}
