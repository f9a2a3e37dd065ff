package dev.outcrop.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * S3's puts and gets of small and large objects beside MinIO, a build of its own module, both told to have what they
 * acknowledge on disk. Each connection puts and gets an object of its own.
 */
final class ObjectsBenchmark implements Benchmark {
    private static final String MINIO = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c";
    private static final AwsCredentialsIdentity KEY = AwsCredentialsIdentity.create("test", "test");
    private static final AwsCredentialsIdentity MINIO_KEY = AwsCredentialsIdentity.create("benchmark", "benchmark");
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration MEASURE = Duration.ofSeconds(4);
    private static final int ROUNDS = 3;

    private static final List<Load> LOADS =
            List.of(new Load(1 << 10, 1), new Load(1 << 10, 16), new Load(16 << 20, 1), new Load(16 << 20, 4));

    /** Objects of so many bytes over so many connections. */
    private record Load(int bytes, int connections) {
        String text() {
            String size = bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
            return size + ", " + connections + " connection(s)";
        }
    }

    /** What is measured of a load: operations per second, and milliseconds of the server's CPU for each. */
    private record Figures(double perSecond, double cpuMillis) {}

    @Override
    public String name() {
        return "objects";
    }

    @Override
    public String description() {
        return "S3 puts and gets of 1 KiB and 16 MiB per second, beside MinIO";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Map<String, double[]> ours = new LinkedHashMap<>();
        Map<String, double[]> theirs = new LinkedHashMap<>();
        try (ServerProcess outcrop = workplace.startOutcrop();
                ServerProcess minio = minio(workplace)) {
            HttpLoad.once(outcrop.port(), request(outcrop, KEY, SdkHttpMethod.PUT, "/bench", new byte[0]));
            HttpLoad.once(minio.port(), request(minio, MINIO_KEY, SdkHttpMethod.PUT, "/bench", new byte[0]));
            for (int round = 0; round < ROUNDS; round++) {
                for (Load load : LOADS) {
                    for (SdkHttpMethod method : List.of(SdkHttpMethod.PUT, SdkHttpMethod.GET)) {
                        String what = method + " " + load.text();
                        note(ours, what, round, measure(outcrop, KEY, method, load, round == 0), report, outcrop);
                        note(theirs, what, round, measure(minio, MINIO_KEY, method, load, round == 0), report, minio);
                    }
                }
            }
        }
        ours.forEach((what, figures) ->
                report.atLeast(what + ", beside MinIO", median(figures) / median(theirs.get(what)), 1, "×"));
    }

    private static void note(
            Map<String, double[]> figures,
            String what,
            int round,
            Figures measured,
            Report report,
            ServerProcess server) {
        figures.computeIfAbsent(what, _ -> new double[ROUNDS])[round] = measured.perSecond();
        report.figure(server.name() + ": " + what, measured.perSecond(), "/s");
        report.figure(server.name() + ": " + what + ", server CPU", measured.cpuMillis(), "ms");
    }

    private static double median(double[] figures) {
        return IntStream.range(0, figures.length)
                .mapToDouble(i -> figures[i])
                .sorted()
                .skip(figures.length / 2)
                .findFirst()
                .orElseThrow();
    }

    private static Figures measure(
            ServerProcess server, AwsCredentialsIdentity key, SdkHttpMethod method, Load load, boolean cold)
            throws IOException {
        byte[] content = new byte[load.bytes()];
        new Random(load.bytes()).nextBytes(content);
        byte[] body = method == SdkHttpMethod.PUT ? content : new byte[0];
        List<byte[]> requests = IntStream.range(0, load.connections())
                .mapToObj(connection -> request(server, key, method, "/bench/" + load.bytes() + "/" + connection, body))
                .toList();
        if (cold) {
            HttpLoad.run(server.port(), requests, WARM_UP);
        }
        double cpuBefore = server.cpuSeconds();
        HttpLoad.Result result = HttpLoad.run(server.port(), requests, MEASURE);
        return new Figures(result.callsPerSecond(), (server.cpuSeconds() - cpuBefore) * 1000 / result.calls());
    }

    private static byte[] request(
            ServerProcess server, AwsCredentialsIdentity key, SdkHttpMethod method, String path, byte[] body) {
        SdkHttpRequest request = SdkHttpFullRequest.builder()
                .method(method)
                .uri(URI.create("http://127.0.0.1:" + server.port() + path))
                .build();
        return SignedRequest.of(request, body, "s3", key);
    }

    private static ServerProcess minio(Workplace workplace) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(workplace.cache().resolve("minio"));
        Path program = folder.resolve("minio");
        if (!Files.exists(program)) {
            workplace.run(List.of("env", "GOBIN=" + folder, "go", "install", MINIO));
        }
        int port = Workplace.freePort();
        return workplace.start(
                "MinIO",
                List.of(
                        "env",
                        "MINIO_ROOT_USER=" + MINIO_KEY.accessKeyId(),
                        "MINIO_ROOT_PASSWORD=" + MINIO_KEY.secretAccessKey(),
                        "MINIO_FS_OSYNC=on",
                        "MINIO_BROWSER=off",
                        program.toString(),
                        "server",
                        "--quiet",
                        "--address",
                        "127.0.0.1:" + port,
                        Files.createTempDirectory(workplace.scratch(), "minio").toString()),
                port,
                "/minio/health/live",
                Duration.ofSeconds(60));
    }
}
