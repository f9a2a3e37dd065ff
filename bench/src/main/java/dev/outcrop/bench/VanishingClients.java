package dev.outcrop.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Clients that ask for a long streamed answer and go away after its first words: half over ConverseStream, half over
 * OpenAI's chat completions; half close their connection, half break it off.
 */
final class VanishingClients {
    private static final int AT_ONCE = 8;
    private static final int PATIENCE_MILLIS = 120_000;
    private static final int ENOUGH_BYTES = 100;
    private static final Pattern GENERATING = Pattern.compile("\"generating\"\\s*:\\s*\"(\\d+)\"");

    private final int port;
    private final String model;

    VanishingClients(int port, String model) {
        this.port = port;
        this.model = model;
    }

    /**
     * What was left behind.
     *
     * @param began          clients that saw an answer begin before they went
     * @param leaked         generations that were still there {@code patience} after the last of them
     * @param freedAfterMillis when none was there any more
     */
    record Result(int began, int leaked, long freedAfterMillis) {}

    /** Lets {@code count} clients come and go, and waits at most {@code patience} until nothing is left of them. */
    Result run(int count, Duration patience) throws IOException, InterruptedException {
        List<Future<Boolean>> clients = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int client = 0; client < count; client++) {
                int number = client;
                clients.add(executor.submit(() -> comeAndGo(number)));
            }
        }
        int began = 0;
        for (Future<Boolean> client : clients) {
            began += switch (client.state()) {
                case SUCCESS -> client.resultNow() ? 1 : 0;
                default -> throw new IOException(client.exceptionNow());
            };
        }
        long gone = System.nanoTime();
        int left = generating();
        while (left > 0 && System.nanoTime() - gone < patience.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(20);
            left = generating();
        }
        return new Result(began, left, (System.nanoTime() - gone) / 1_000_000);
    }

    private boolean comeAndGo(int number) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(number % 2 == 0 ? chatCompletion(number) : converseStream(number));
            InputStream in = socket.getInputStream();
            BufferedReader head = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1), 1);
            String status = head.readLine();
            if (status == null || !status.contains(" 200")) {
                throw new IOException("client " + number + " was answered " + status);
            }
            int read = 0;
            while (read < ENOUGH_BYTES && head.read() >= 0) {
                read++;
            }
            if (number % 4 >= 2) {
                socket.setSoLinger(true, 0);
            }
            return read == ENOUGH_BYTES;
        }
    }

    private byte[] chatCompletion(int number) {
        byte[] body = ("{\"model\":\"" + model
                        + "\",\"stream\":true,\"max_tokens\":1000,\"messages\":[{\"role\":\"user\"," + "\"content\":\""
                        + question(number) + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        byte[] head = ("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + port
                        + "\r\nAuthorization: Bearer test\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] request = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, request, head.length, body.length);
        return request;
    }

    private byte[] converseStream(int number) {
        byte[] body = ("{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"" + question(number)
                        + "\"}]}],\"inferenceConfig\":{\"maxTokens\":1000}}")
                .getBytes(StandardCharsets.UTF_8);
        return SignedRequest.of(
                SdkHttpFullRequest.builder()
                        .method(SdkHttpMethod.POST)
                        .uri(URI.create("http://127.0.0.1:" + port + "/model/" + model + "/converse-stream"))
                        .putHeader("Content-Type", "application/json")
                        .build(),
                body,
                "bedrock");
    }

    private static String question(int number) {
        return "Write a very long story about ship number " + number + ", lost at sea in winter.";
    }

    /** Generations at work and waiting, by what the server says of its health. */
    int generating() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build()) {
            String health = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/_outcrop/health"))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            Matcher matcher = GENERATING.matcher(health);
            if (!matcher.find()) {
                throw new IOException("the health does not tell what is generating: " + health);
            }
            return Integer.parseInt(matcher.group(1));
        }
    }
}
