package dev.outcrop.bench;

import java.util.List;
import java.util.stream.Stream;

/** {@code ./outcrop bench [NAME]…}: runs benchmarks, or lists them. */
public final class Bench {
    private static final List<Benchmark> BENCHMARKS = List.of(
            new CallsBenchmark(),
            new ControlPlaneBenchmark(),
            new ObjectsBenchmark(),
            new ListingBenchmark(),
            new QueuesBenchmark(),
            new KeysBenchmark(),
            new EventsBenchmark(),
            new MetricsBenchmark(),
            new LogsBenchmark(),
            new StartBenchmark(),
            new ConsoleBenchmark(),
            new TextBenchmark(),
            new EmbeddingsBenchmark(),
            new DocumentsBenchmark(),
            new OcrBenchmark(),
            new IngestionBenchmark(),
            new VectorsBenchmark(),
            new GuardBenchmark(),
            new LearningBenchmark(),
            new LanguageBenchmark(),
            new RetrievalBenchmark(),
            new PagesBenchmark(),
            new SpeechBenchmark(),
            new VoiceBenchmark(),
            new CodecBenchmark(),
            new ReliabilityBenchmark(),
            new FilesBenchmark(),
            new AuthorizationBenchmark());

    /** Those that say how good the engines are on labelled data that they never saw. */
    private static final List<String> QUALITY =
            List.of("language", "learning", "ocr", "pages", "speech", "voice", "guard", "retrieval");

    private Bench() {}

    /** Runs the benchmarks that {@code names} names; {@code all} runs every one, {@code quality} those that
     * say how good the engines are. Exits with 1 if a goal was missed. */
    public static void main(String[] names) throws Exception {
        if (names.length == 0) {
            System.out.println("Benchmarks (./outcrop bench NAME…, all, or quality):");
            for (Benchmark benchmark : BENCHMARKS) {
                System.out.printf("  %-12s %s%n", benchmark.name(), benchmark.description());
            }
            return;
        }
        List<Benchmark> chosen = names[0].equals("all")
                ? BENCHMARKS
                : Stream.of(names)
                        .flatMap(name -> name.equals("quality") ? QUALITY.stream() : Stream.of(name))
                        .map(Bench::named)
                        .toList();
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
