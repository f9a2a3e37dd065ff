package dev.outcrop.bench;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * What a page of a bucket's listing costs where the bucket has a million keys, at its beginning, in its middle, at its end and
 * by common prefixes, beside a bucket that has two pages. {@code OUTCROP_BENCH_KEYS} says how many keys there are, a million
 * if it is not set; putting them takes most of the time. There is no peer to it: MinIO walks folders.
 */
final class ListingBenchmark implements Benchmark {
    private static final int KEYS = Optional.ofNullable(System.getenv("OUTCROP_BENCH_KEYS"))
            .map(Integer::parseInt)
            .orElse(1_000_000);
    private static final int FEW = 2000;
    private static final int PAGE = 1000;
    private static final int BATCH = 10_000;
    private static final int CONNECTIONS = 32;
    private static final int PREFIXES = 1000;
    private static final int TIMES = 40;
    /** How much longer a page may take than one of a small bucket. */
    private static final double MOST_TIMES = 2;
    /** How long a page may take. */
    private static final double MOST_MILLIS = 50;

    @Override
    public String name() {
        return "listing";
    }

    @Override
    public String description() {
        return "pages of the listing of a bucket with 1,000,000 keys";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        try (ServerProcess server = workplace.startOutcrop("--no-models")) {
            put(server, "few", FEW);
            long began = System.nanoTime();
            put(server, "many", KEYS);
            report.figure("keys put", KEYS / ((System.nanoTime() - began) / 1e9), "/s");
            double small = page(server, "few", Map.of());
            report.figure("a page of a bucket of two", small, "ms");
            // Twice, since what runs first is compiled while it runs.
            small = Math.min(small, page(server, "few", Map.of()));
            judge(report, "the first page", page(server, "many", Map.of()), small);
            judge(report, "a page in the middle", page(server, "many", Map.of("start-after", key(KEYS / 2))), small);
            judge(report, "the last page", page(server, "many", Map.of("start-after", key(KEYS - PAGE - 1))), small);
            judge(
                    report,
                    "a page under a prefix",
                    page(server, "many", Map.of("prefix", key(KEYS / 3).substring(0, 4))),
                    small);
            double folders = page(server, "many", Map.of("delimiter", "/"));
            report.atMost("a page of " + PREFIXES + " common prefixes", folders, MOST_MILLIS, "ms");
            walk(server, report);
        }
    }

    private static void judge(Report report, String what, double millis, double small) {
        report.atMost(what, millis, MOST_MILLIS, "ms");
        report.atMost(what + ", beside one of a bucket of two", millis / small, MOST_TIMES, "×");
    }

    /** All of the bucket, page by page, as a client walks it. */
    private static void walk(ServerProcess server, Report report) throws IOException {
        List<byte[]> pages = IntStream.range(0, KEYS / PAGE)
                .mapToObj(page ->
                        list(server, "many", page == 0 ? Map.of() : Map.of("start-after", key(page * PAGE - 1))))
                .toList();
        HttpLoad.Result walked = HttpLoad.runOnce(server.port(), pages, 1);
        report.figure("all pages one after the other", walked.calls() / walked.callsPerSecond(), "s");
        report.atMost("99th percentile of their times", walked.p99Millis(), MOST_MILLIS, "ms");
        report.figure("memory of the server", server.residentMebibytes(), "MiB");
    }

    /** Keys in their order; as many under each prefix. */
    private static String key(int number) {
        int under = Math.max(1, KEYS / PREFIXES);
        return String.format(Locale.ROOT, "%03d/%06d", number / under, number % under);
    }

    /** Puts empty objects in an order of their own, so that none is put behind the last. */
    private static void put(ServerProcess server, String bucket, int count) throws IOException {
        HttpLoad.once(server.port(), request(server, SdkHttpMethod.PUT, "/" + bucket, Map.of()));
        List<Integer> numbers =
                new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(numbers, new Random(count));
        for (int first = 0; first < count; first += BATCH) {
            List<byte[]> puts = numbers.subList(first, Math.min(count, first + BATCH)).stream()
                    .map(number -> request(server, SdkHttpMethod.PUT, "/" + bucket + "/" + key(number), Map.of()))
                    .toList();
            HttpLoad.runOnce(server.port(), puts, Math.min(CONNECTIONS, puts.size()));
        }
    }

    /** The median of some pages' times, in milliseconds. */
    private static double page(ServerProcess server, String bucket, Map<String, String> parameters) throws IOException {
        List<byte[]> same = Collections.nCopies(TIMES, list(server, bucket, parameters));
        return HttpLoad.runOnce(server.port(), same, 1).p50Millis();
    }

    private static byte[] list(ServerProcess server, String bucket, Map<String, String> parameters) {
        return request(server, SdkHttpMethod.GET, "/" + bucket, Map.of("list-type", "2"), parameters);
    }

    @SafeVarargs
    private static byte[] request(
            ServerProcess server, SdkHttpMethod method, String path, Map<String, String>... parameters) {
        SdkHttpFullRequest.Builder request =
                SdkHttpFullRequest.builder().method(method).uri(URI.create("http://127.0.0.1:" + server.port() + path));
        for (Map<String, String> some : parameters) {
            some.forEach(request::putRawQueryParameter);
        }
        SdkHttpRequest built = request.build();
        return SignedRequest.of(built, new byte[0], "s3");
    }
}
