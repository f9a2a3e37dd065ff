package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** KMS's cryptographic calls of one symmetric key beside Moto server. */
final class KeysBenchmark implements Benchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONNECTIONS = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration MEASURE = Duration.ofSeconds(8);
    private static final String TEXT = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    /** What is measured of an operation: calls per second, and milliseconds of the server's CPU for each. */
    private record Figures(double perSecond, double cpuMillis) {}

    @Override
    public String name() {
        return "keys";
    }

    @Override
    public String description() {
        return "KMS Encrypt, Decrypt and GenerateDataKey per second and CPU a call, beside Moto";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Map<String, Figures> ours = measure(workplace.startOutcrop(), report);
        Map<String, Figures> theirs = measure(CallsBenchmark.moto(workplace), report);
        ours.forEach((operation, figures) -> report.atLeast(
                operation + ", beside Moto",
                figures.perSecond() / theirs.get(operation).perSecond(),
                15,
                "×"));
    }

    private static Map<String, Figures> measure(ServerProcess server, Report report)
            throws IOException, InterruptedException {
        try (server) {
            String key =
                    answer(server, "CreateKey", "{}").at("/KeyMetadata/KeyId").asText();
            String encrypt = "{\"KeyId\":\"" + key + "\",\"Plaintext\":\"" + TEXT + "\"}";
            String blob =
                    answer(server, "Encrypt", encrypt).get("CiphertextBlob").asText();
            Map<String, String> bodies = new LinkedHashMap<>();
            bodies.put("Encrypt", encrypt);
            bodies.put("Decrypt", "{\"CiphertextBlob\":\"" + blob + "\"}");
            bodies.put("GenerateDataKey", "{\"KeyId\":\"" + key + "\",\"KeySpec\":\"AES_256\"}");
            for (Map.Entry<String, String> body : bodies.entrySet()) {
                HttpLoad.run(server.port(), request(server, body.getKey(), body.getValue()), CONNECTIONS, WARM_UP);
            }
            Map<String, Figures> figures = new LinkedHashMap<>();
            for (Map.Entry<String, String> body : bodies.entrySet()) {
                figures.put(body.getKey(), measure(server, body.getKey(), body.getValue(), report));
            }
            return figures;
        }
    }

    private static Figures measure(ServerProcess server, String operation, String body, Report report)
            throws IOException {
        byte[] request = request(server, operation, body);
        double cpuBefore = server.cpuSeconds();
        HttpLoad.Result result = HttpLoad.run(server.port(), request, CONNECTIONS, MEASURE);
        double cpuMillis = (server.cpuSeconds() - cpuBefore) * 1000 / result.calls();
        report.figure(server.name() + ": " + operation, result.callsPerSecond(), "/s");
        report.figure(server.name() + ": " + operation + ", server CPU", cpuMillis, "ms");
        return new Figures(result.callsPerSecond(), cpuMillis);
    }

    private static byte[] request(ServerProcess server, String operation, String body) {
        return SignedRequest.of(request(server, operation), body.getBytes(StandardCharsets.UTF_8), "kms");
    }

    private static SdkHttpRequest request(ServerProcess server, String operation) {
        return SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("http://127.0.0.1:" + server.port() + "/"))
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("X-Amz-Target", "TrentService." + operation)
                .build();
    }

    /** What a server answers to one call. */
    private static JsonNode answer(ServerProcess server, String operation, String body)
            throws IOException, InterruptedException {
        SdkHttpRequest signed =
                SignedRequest.signed(request(server, operation), body.getBytes(StandardCharsets.UTF_8), "kms");
        return JSON.readTree(SignedRequest.answer(signed, body.getBytes(StandardCharsets.UTF_8)));
    }
}
