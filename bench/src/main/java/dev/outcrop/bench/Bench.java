package dev.outcrop.bench;

import java.util.List;

/** {@code ./outcrop bench [NAME]…}: runs benchmarks, or lists them. */
public final class Bench {
    private static final List<Benchmark> BENCHMARKS = List.of(
            new CallsBenchmark(),
            new ControlPlaneBenchmark(),
            new ObjectsBenchmark(),
            new QueuesBenchmark(),
            new KeysBenchmark(),
            new EventsBenchmark(),
            new MetricsBenchmark(),
            new LogsBenchmark(),
            new StartBenchmark(),
            new TextBenchmark(),
            new EmbeddingsBenchmark(),
            new DocumentsBenchmark(),
            new IngestionBenchmark(),
            new VectorsBenchmark(),
            new GuardBenchmark(),
            new RetrievalBenchmark(),
            new SpeechBenchmark(),
            new VoiceBenchmark(),
            new CodecBenchmark(),
            new ReliabilityBenchmark(),
            new AuthorizationBenchmark());

    private Bench() {}

    /** Runs the benchmarks that {@code names} names; {@code all} runs every one. Exits with 1 if a goal was missed. */
    public static void main(String[] names) throws Exception {
        if (names.length == 0) {
            System.out.println("Benchmarks (./outcrop bench NAME…, or all):");
            for (Benchmark benchmark : BENCHMARKS) {
                System.out.printf("  %-12s %s%n", benchmark.name(), benchmark.description());
            }
            return;
        }
        List<Benchmark> chosen = names[0].equals("all")
                ? BENCHMARKS
                : List.of(names).stream().map(Bench::named).toList();
        boolean met = true;
        for (Benchmark benchmark : chosen) {
            Report report = new Report(benchmark);
            try (Workplace workplace = Workplace.open()) {
                benchmark.run(workplace, report);
            }
            met &= report.finish();
        }
        System.exit(met ? 0 : 1);
    }

    private static Benchmark named(String name) {
        for (Benchmark benchmark : BENCHMARKS) {
            if (benchmark.name().equals(name)) {
                return benchmark;
            }
        }
        System.err.println("outcrop bench: there is no benchmark \"" + name + "\"; run it without a name for the list");
        System.exit(64);
        throw new IllegalStateException("unreachable");
    }
}
