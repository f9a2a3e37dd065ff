package dev.outcrop.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/** PutMetricData beside Moto server, and what ten thousand alarms cost. */
final class MetricsBenchmark implements Benchmark {
    private static final int CONNECTIONS = 16;
    private static final int TOGETHER = 1000;
    private static final int ALARMS = 10_000;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration MEASURE = Duration.ofSeconds(8);
    private static final Duration WATCHED = Duration.ofMinutes(3);

    /** Measurements per second, one a call and many a call. */
    private record Rates(double alone, double together) {}

    @Override
    public String name() {
        return "metrics";
    }

    @Override
    public String description() {
        return "CloudWatch PutMetricData per second, beside Moto, and the CPU that 10,000 alarms take";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Rates ours;
        try (ServerProcess server = workplace.startOutcrop()) {
            ours = measure(server, report);
            watch(server, report);
        }
        Rates theirs;
        try (ServerProcess server = CallsBenchmark.moto(workplace)) {
            theirs = measure(server, report);
        }
        report.atLeast("one measurement a call, beside Moto", ours.alone / theirs.alone, 10, "×");
        report.atLeast(TOGETHER + " measurements a call, beside Moto", ours.together / theirs.together, 10, "×");
    }

    private static Rates measure(ServerProcess server, Report report) throws IOException {
        return new Rates(rate(server, 1, report), rate(server, TOGETHER, report) * TOGETHER);
    }

    private static double rate(ServerProcess server, int measurements, Report report) throws IOException {
        List<byte[]> requests = new ArrayList<>();
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            requests.add(request(server, put(measurements, connection)));
        }
        HttpLoad.run(server.port(), requests, WARM_UP);
        double cpuBefore = server.cpuSeconds();
        HttpLoad.Result result = HttpLoad.run(server.port(), requests, MEASURE);
        String what = server.name() + ", " + measurements + " a call: ";
        report.figure(what + "measurements", result.callsPerSecond() * measurements, "/s");
        report.figure(what + "p99 of a call", result.p99Millis(), "ms");
        report.figure(what + "server CPU a call", (server.cpuSeconds() - cpuBefore) * 1000 / result.calls(), "ms");
        return result.callsPerSecond();
    }

    /** Makes alarms on as many metrics, and measures what the server takes while it looks at them and nobody calls. */
    private static void watch(ServerProcess server, Report report) throws IOException, InterruptedException {
        double idle = cpuShare(server);
        for (int first = 0; first < ALARMS; first += TOGETHER) {
            HttpLoad.once(server.port(), request(server, put(TOGETHER, 100 + first / TOGETHER)));
        }
        for (int alarm = 0; alarm < ALARMS; alarm++) {
            HttpLoad.once(server.port(), request(server, alarm(alarm)));
        }
        Thread.sleep(Duration.ofMinutes(1));
        double watching = cpuShare(server);
        report.figure(server.name() + ": CPU of the idle server", idle * 100, "% of a core");
        report.figure(server.name() + ": CPU with " + ALARMS + " alarms", watching * 100, "% of a core");
        report.atMost("CPU of " + ALARMS + " alarms a minute", (watching - idle) * 100, 5, "% of a core");
    }

    private static double cpuShare(ServerProcess server) throws IOException, InterruptedException {
        double before = server.cpuSeconds();
        Thread.sleep(WATCHED);
        return (server.cpuSeconds() - before) / WATCHED.toSeconds();
    }

    private static String put(int measurements, int series) {
        StringBuilder body = new StringBuilder("Action=PutMetricData&Version=2010-08-01&Namespace=Bench");
        for (int index = 1; index <= measurements; index++) {
            String member = "&MetricData.member." + index + ".";
            body.append(member).append("MetricName=m").append(index);
            body.append(member).append("Value=").append(index % 97);
            body.append(member).append("Unit=Count");
            body.append(member).append("Dimensions.member.1.Name=Host");
            body.append(member).append("Dimensions.member.1.Value=h").append(series);
        }
        return body.toString();
    }

    private static String alarm(int number) {
        return "Action=PutMetricAlarm&Version=2010-08-01&AlarmName=alarm-" + number + "&Namespace=Bench&MetricName=m"
                + (number % TOGETHER + 1) + "&Dimensions.member.1.Name=Host&Dimensions.member.1.Value=h"
                + (100 + number / TOGETHER) + "&Statistic=Average&Period=60&EvaluationPeriods=5&Threshold=1000"
                + "&ComparisonOperator=" + URLEncoder.encode("GreaterThanThreshold", StandardCharsets.UTF_8);
    }

    private static byte[] request(ServerProcess server, String form) {
        SdkHttpRequest request = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("http://127.0.0.1:" + server.port() + "/"))
                .putHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .build();
        return SignedRequest.of(request, form.getBytes(StandardCharsets.UTF_8), "monitoring");
    }
}
