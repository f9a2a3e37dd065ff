package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How soon the console is there: Chromium (npm's, as in the browser tests) with its processor slowed down four times, medians
 * of five loads. No peer is measured beside it: those that have a console serve it from elsewhere, after signing up.
 */
final class ConsoleBenchmark implements Benchmark {
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    @Override
    public String name() {
        return "console";
    }

    @Override
    public String description() {
        return "bytes of the console's shell, first contentful paint and interaction on a processor four times as slow";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path script = workplace
                .source()
                .resolve("console")
                .resolve("web")
                .resolve("bench")
                .resolve("measure.mjs");
        try (ServerProcess server = workplace.startOutcrop()) {
            String answer = workplace.output(
                    List.of("node", script.toString(), server.uri("").toString()), PATIENCE);
            JsonNode measured = new ObjectMapper().readTree(lastLine(answer));
            report.atMost(
                    "scripts and styles of the shell, gzip",
                    measured.path("shellBytes").asDouble() / 1000,
                    400,
                    "KB");
            report.figure(
                    "sign-in, nothing cached: first contentful paint",
                    measured.path("signInPaint").asDouble(),
                    "ms");
            report.figure(
                    "home, cached: first contentful paint",
                    measured.path("homePaint").asDouble(),
                    "ms");
            report.figure(
                    "home, cached: heading shown", measured.path("homeShown").asDouble(), "ms");
            report.figure(
                    "slowest of keys and clicks until the next frame",
                    measured.path("slowestInteraction").asDouble(),
                    "ms");
            report.atMost("layout shift", measured.path("shift").asDouble(), 0.1, "");
        }
    }

    /** Node may warn before it answers. */
    private static String lastLine(String output) {
        List<String> lines = output.strip().lines().toList();
        return lines.getLast();
    }
}
