package dev.outcrop.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Signed GetCallerIdentity calls beside Moto server, MiniStack and a bare Helidon handler. */
final class CallsBenchmark implements Benchmark {
    private static final int[] CONNECTIONS = {1, 16, 64};
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration MEASURE = Duration.ofSeconds(8);

    @Override
    public String name() {
        return "calls";
    }

    @Override
    public String description() {
        return "signed GetCallerIdentity per second and CPU a call, beside Moto, MiniStack and bare Helidon";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Map<String, double[]> rates = new LinkedHashMap<>();
        rates.put("Outcrop", measure(workplace.startOutcrop(), report));
        rates.put("bare Helidon", measure(workplace.startJava("bare Helidon", BareHelidon.class, "/"), report));
        rates.put("Moto", measure(moto(workplace), report));
        rates.put("MiniStack", measure(ministack(workplace), report));
        double[] ours = rates.get("Outcrop");
        for (int index = 0; index < CONNECTIONS.length; index++) {
            String at = " at " + CONNECTIONS[index] + " connections";
            report.atLeast("ratio to Moto" + at, ours[index] / rates.get("Moto")[index], 50, "×");
            report.atLeast("ratio to MiniStack" + at, ours[index] / rates.get("MiniStack")[index], 15, "×");
            report.atLeast("ratio to bare Helidon" + at, ours[index] / rates.get("bare Helidon")[index], 1.0 / 3, "×");
            report.atMost("Outcrop's CPU a call" + at, ours[CONNECTIONS.length + index], 0.08, "ms");
        }
    }

    /** Calls per second for each number of connections, then CPU milliseconds a call for each. */
    private static double[] measure(ServerProcess server, Report report) throws IOException, InterruptedException {
        try (server) {
            byte[] request = SignedRequest.getCallerIdentity(server.port());
            HttpLoad.run(server.port(), request, 16, WARM_UP);
            double[] figures = new double[2 * CONNECTIONS.length];
            for (int index = 0; index < CONNECTIONS.length; index++) {
                double cpuBefore = server.cpuSeconds();
                HttpLoad.Result result = HttpLoad.run(server.port(), request, CONNECTIONS[index], MEASURE);
                double cpuMillis = (server.cpuSeconds() - cpuBefore) * 1000 / result.calls();
                String at = server.name() + ", " + CONNECTIONS[index] + " connections: ";
                report.figure(at + "calls", result.callsPerSecond(), "/s");
                report.figure(at + "p50", result.p50Millis(), "ms");
                report.figure(at + "p99", result.p99Millis(), "ms");
                report.figure(at + "server CPU a call", cpuMillis, "ms");
                figures[index] = result.callsPerSecond();
                figures[CONNECTIONS.length + index] = cpuMillis;
            }
            return figures;
        }
    }

    static ServerProcess moto(Workplace workplace) throws IOException, InterruptedException {
        Path python = workplace.python("moto", List.of("moto[server,iam,kms,s3,secretsmanager,sts]==5.2.5"));
        int port = Workplace.freePort();
        return workplace.start(
                "Moto",
                List.of(python.resolve("moto_server").toString(), "-H", "127.0.0.1", "-p", String.valueOf(port)),
                port,
                "/moto-api/data.json",
                Duration.ofSeconds(60));
    }

    static ServerProcess ministack(Workplace workplace) throws IOException, InterruptedException {
        Path python = workplace.python("ministack", List.of("ministack==1.5.33"));
        int port = Workplace.freePort();
        return workplace.start(
                "MiniStack",
                List.of(
                        "env",
                        "GATEWAY_PORT=" + port,
                        "EDGE_PORT=" + port,
                        python.resolve("ministack").toString()),
                port,
                "/_ministack/health",
                Duration.ofSeconds(60));
    }
}
