package dev.outcrop.bench;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Streams chat completions from a server that speaks OpenAI's protocol, which both Outcrop and llama-server do. */
final class ChatLoad {
    private static final Pattern PROMPT_TOKENS = Pattern.compile("\"prompt_tokens\"\\s*:\\s*(\\d+)");
    private static final Pattern COMPLETION_TOKENS = Pattern.compile("\"completion_tokens\"\\s*:\\s*(\\d+)");
    private static final Pattern CONTENT = Pattern.compile("\"content\"\\s*:\\s*\"(?!\")");

    private final URI uri;
    private final String model;

    ChatLoad(URI uri, String model) {
        this.uri = uri;
        this.model = model;
    }

    /**
     * One streamed answer.
     *
     * @param firstTokenSeconds from the request to the first text
     */
    record Chat(int promptTokens, int completionTokens, double firstTokenSeconds, double totalSeconds) {}

    /** One greedy answer of at most {@code maximumTokens} tokens. */
    Chat one(String prompt, int maximumTokens) throws IOException, InterruptedException {
        String body = "{\"model\":\"" + model + "\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"temperature\":0,\"max_tokens\":" + maximumTokens
                + ",\"messages\":[{\"role\":\"user\",\"content\":\""
                + new String(JsonStringEncoder.getInstance().quoteAsString(prompt)) + "\"}]}";
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMinutes(5))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer test")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        // A client for each answer: llama-server ends what has been idle for some seconds, and a kept connection may be
        // that.
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return read(client, request);
        }
    }

    private Chat read(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        long started = System.nanoTime();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            if (response.statusCode() != 200) {
                throw new IOException(uri + " answered " + response.statusCode() + ": "
                        + String.join("\n", lines.lines().toList()));
            }
            double first = Double.NaN;
            int promptTokens = 0;
            int completionTokens = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (Double.isNaN(first) && CONTENT.matcher(line).find()) {
                    first = (System.nanoTime() - started) / 1e9;
                }
                promptTokens = Math.max(promptTokens, number(PROMPT_TOKENS, line));
                completionTokens = Math.max(completionTokens, number(COMPLETION_TOKENS, line));
            }
            if (completionTokens == 0) {
                throw new IOException(uri + " answered without counting tokens");
            }
            return new Chat(promptTokens, completionTokens, first, (System.nanoTime() - started) / 1e9);
        }
    }

    /** Answers to all prompts at once. */
    List<Chat> together(List<String> prompts, int maximumTokens) throws IOException, InterruptedException {
        List<Callable<Chat>> calls = new ArrayList<>();
        prompts.forEach(prompt -> calls.add(() -> one(prompt, maximumTokens)));
        List<Chat> chats = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Chat> future : executor.invokeAll(calls)) {
                switch (future.state()) {
                    case SUCCESS -> chats.add(future.resultNow());
                    default -> throw new IOException(future.exceptionNow());
                }
            }
        }
        return chats;
    }

    private static int number(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
