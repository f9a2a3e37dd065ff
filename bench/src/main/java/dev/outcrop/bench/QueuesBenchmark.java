package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * SQS's sends, receives and deletes beside Moto server and MiniStack. Messages of 100 bytes, one a call; each receive takes
 * from a backlog that the sends have left; deletes are signed before they are measured.
 */
final class QueuesBenchmark implements Benchmark {
    private static final int CONNECTIONS = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration MEASURE = Duration.ofSeconds(5);
    private static final int DELETES = 4000;
    private static final int BATCH = 10;
    private static final String BODY = "x".repeat(100);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String name() {
        return "queues";
    }

    @Override
    public String description() {
        return "SQS sends, receives and deletes per second and CPU a call, beside Moto and MiniStack";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
        figures.put("Outcrop", measure(workplace.startOutcrop(), report));
        figures.put("Moto", measure(CallsBenchmark.moto(workplace), report));
        figures.put("MiniStack", measure(CallsBenchmark.ministack(workplace), report));
        for (String what : List.of("sends", "receives", "deletes")) {
            double ours = figures.get("Outcrop").get(what);
            report.atLeast(what + ", ratio to Moto", ours / figures.get("Moto").get(what), 1, "×");
            report.atLeast(
                    what + ", ratio to MiniStack",
                    ours / figures.get("MiniStack").get(what),
                    1,
                    "×");
        }
    }

    private static Map<String, Double> measure(ServerProcess server, Report report) throws Exception {
        Map<String, Double> figures = new LinkedHashMap<>();
        try (server;
                HttpClient client = HttpClient.newHttpClient()) {
            String queue = call(client, server, "CreateQueue", Map.of("QueueName", "bench"))
                    .path("QueueUrl")
                    .asText();
            String send = JSON.writeValueAsString(Map.of("QueueUrl", queue, "MessageBody", BODY));
            String receive = JSON.writeValueAsString(Map.of("QueueUrl", queue, "VisibilityTimeout", 600));
            HttpLoad.run(server.port(), request(server, "SendMessage", send), CONNECTIONS, WARM_UP);
            load(server, report, figures, "sends", request(server, "SendMessage", send));
            // Receives are as many as the sends at most: what was sent in the warm-up is left for the deletes.
            HttpLoad.run(server.port(), request(server, "ReceiveMessage", receive), CONNECTIONS, Duration.ofSeconds(1));
            load(server, report, figures, "receives", request(server, "ReceiveMessage", receive));
            deletes(client, server, report, figures);
        }
        return figures;
    }

    private static void load(
            ServerProcess server, Report report, Map<String, Double> figures, String what, byte[] request)
            throws IOException, InterruptedException {
        double cpuBefore = server.cpuSeconds();
        HttpLoad.Result result = HttpLoad.run(server.port(), request, CONNECTIONS, MEASURE);
        figures.put(what, result.callsPerSecond());
        report.figure(server.name() + ": " + what, result.callsPerSecond(), "/s");
        report.figure(server.name() + ": " + what + ", p50", result.p50Millis(), "ms");
        report.figure(server.name() + ": " + what + ", p99", result.p99Millis(), "ms");
        report.figure(
                server.name() + ": " + what + ", server CPU a call",
                (server.cpuSeconds() - cpuBefore) * 1000 / result.calls(),
                "ms");
    }

    /** Deletes messages of a queue of their own, one connection's calls after one another. */
    private static void deletes(HttpClient client, ServerProcess server, Report report, Map<String, Double> figures)
            throws Exception {
        String queue = call(client, server, "CreateQueue", Map.of("QueueName", "bench-deletes"))
                .path("QueueUrl")
                .asText();
        List<byte[]> requests = new ArrayList<>();
        while (requests.size() < DELETES) {
            List<Map<String, String>> entries = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                entries.add(Map.of("Id", "m" + i, "MessageBody", BODY));
            }
            call(client, server, "SendMessageBatch", Map.of("QueueUrl", queue, "Entries", entries));
            JsonNode received = call(
                    client,
                    server,
                    "ReceiveMessage",
                    Map.of("QueueUrl", queue, "MaxNumberOfMessages", BATCH, "VisibilityTimeout", 600));
            for (JsonNode message : received.path("Messages")) {
                requests.add(request(
                        server,
                        "DeleteMessage",
                        JSON.writeValueAsString(Map.of(
                                "QueueUrl",
                                queue,
                                "ReceiptHandle",
                                message.path("ReceiptHandle").asText()))));
            }
        }
        double cpuBefore = server.cpuSeconds();
        HttpLoad.Result result = HttpLoad.runOnce(server.port(), requests, CONNECTIONS);
        figures.put("deletes", result.callsPerSecond());
        report.figure(server.name() + ": deletes", result.callsPerSecond(), "/s");
        report.figure(
                server.name() + ": deletes, server CPU a call",
                (server.cpuSeconds() - cpuBefore) * 1000 / result.calls(),
                "ms");
    }

    private static byte[] request(ServerProcess server, String operation, String body) {
        return SignedRequest.of(head(server, operation), body.getBytes(StandardCharsets.UTF_8), "sqs");
    }

    private static SdkHttpFullRequest head(ServerProcess server, String operation) {
        return SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("http://127.0.0.1:" + server.port() + "/"))
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("X-Amz-Target", "AmazonSQS." + operation)
                .build();
    }

    private static JsonNode call(HttpClient client, ServerProcess server, String operation, Map<String, ?> parameters)
            throws IOException, InterruptedException {
        byte[] body = JSON.writeValueAsBytes(parameters);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/"))
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        SignedRequest.signed(head(server, operation), body, "sqs").forEachHeader((name, values) -> {
            if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-length")) {
                values.forEach(value -> request.header(name, value));
            }
        });
        HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(server.name() + " answered " + operation + " with " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body().length == 0 ? JSON.missingNode() : JSON.readTree(answer.body());
    }
}
