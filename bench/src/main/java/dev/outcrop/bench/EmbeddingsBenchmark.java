package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Pooling;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Embeddings beside Python's ONNX Runtime with the same file, one thread each: text by text, and in batches of 32 in the
 * order in which the texts come, each padded to its longest.
 *
 * <p>The three are measured in turns, so that whatever else the machine does meets them alike; what counts is the median
 * of the rounds' ratios.
 */
final class EmbeddingsBenchmark implements Benchmark {
    private static final String MODEL = "all-minilm-l6-v2";
    private static final List<String> REQUIREMENTS =
            List.of("onnxruntime==1.29.0", "tokenizers==0.23.3", "numpy==2.4.6");
    private static final int TEXTS = 128;
    private static final int SHORTEST_WORDS = 3;
    private static final int LONGEST_WORDS = 250;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final ObjectMapper json = new ObjectMapper();

    /** Texts per second, and per second of CPU. */
    private record Rate(double perSecond, double perCpuSecond) {}

    @Override
    public String name() {
        return "embeddings";
    }

    @Override
    public String description() {
        return "texts of mixed length per second, beside Python's ONNX Runtime text by text and in padded batches";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path python = workplace.python("embeddings", REQUIREMENTS).resolve("python");
        InstalledModel installed = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get(MODEL), Progress.NONE);
        List<String> texts = texts();
        Path file = workplace.scratch().resolve("texts.json");
        json.writeValue(file.toFile(), texts);
        report.note(TEXTS + " texts of " + SHORTEST_WORDS + " to " + LONGEST_WORDS + " words, short ones more often; "
                + MODEL + ", one thread; median of " + ROUNDS + " rounds of " + SECONDS + " s each");
        List<Rate> ours = new ArrayList<>();
        List<Rate> single = new ArrayList<>();
        List<Rate> padded = new ArrayList<>();
        OnnxEmbeddingModel.Settings settings =
                new OnnxEmbeddingModel.Settings(Pooling.MEAN, 512, 1, 1, 4096, Duration.ofMinutes(2));
        try (OnnxEmbeddingModel model = OnnxEmbeddingModel.open(
                installed.id(), installed.weights(), installed.file("tokenizer.json"), settings)) {
            outcrop(model, texts);
            for (int round = 0; round < ROUNDS; round++) {
                ours.add(outcrop(model, texts));
                single.add(peer(workplace, python, installed, file, 1));
                padded.add(peer(workplace, python, installed, file, 32));
            }
        }
        figures(report, "Outcrop", ours);
        figures(report, "Python, text by text", single);
        figures(report, "Python, padded batches of 32", padded);
        report.figure("per CPU-second, beside Python text by text", cpuRatio(ours, single), "×");
        report.figure("per CPU-second, beside padded batches", cpuRatio(ours, padded), "×");
        // "The same" within what one run differs from the next.
        report.atLeast("beside Python text by text", ratio(ours, single), 0.95, "×");
        report.atLeast("mixed lengths, beside padded batches", ratio(ours, padded), 1.2, "×");
    }

    /** Lengths spread evenly over their logarithms, as those of sentences, paragraphs and pages together are. */
    private static List<String> texts() {
        Random random = new Random(7);
        List<String> texts = new ArrayList<>();
        for (int text = 0; text < TEXTS; text++) {
            double words = SHORTEST_WORDS * Math.pow((double) LONGEST_WORDS / SHORTEST_WORDS, random.nextDouble());
            texts.add(RandomWords.of(random, (int) words));
        }
        return texts;
    }

    private static Rate outcrop(OnnxEmbeddingModel model, List<String> texts) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long began = System.nanoTime();
        int done = 0;
        while (System.nanoTime() - began < SECONDS * 1_000_000_000L) {
            done += model.embed(texts).size();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Rate(done / seconds, done / ((system.getProcessCpuTime() - cpu) / 1e9));
    }

    private Rate peer(Workplace workplace, Path python, InstalledModel model, Path texts, int batch)
            throws IOException, InterruptedException {
        JsonNode line = json.readTree(workplace.output(
                List.of(
                        python.toString(),
                        workplace.source().resolve("bench/peers/embeddings.py").toString(),
                        model.weights().toString(),
                        model.file("tokenizer.json").toString(),
                        texts.toString(),
                        "--batch",
                        String.valueOf(batch),
                        "--threads",
                        "1",
                        "--seconds",
                        String.valueOf(SECONDS)),
                PATIENCE));
        return new Rate(
                line.path("textsPerSecond").asDouble(),
                line.path("textsPerCpuSecond").asDouble());
    }

    private static void figures(Report report, String who, List<Rate> rates) {
        report.figure(who, median(rates.stream().mapToDouble(Rate::perSecond).toArray()), "texts/s");
        report.figure(
                who + ", per CPU-second",
                median(rates.stream().mapToDouble(Rate::perCpuSecond).toArray()),
                "texts/s");
    }

    private static double ratio(List<Rate> ours, List<Rate> theirs) {
        double[] ratios = new double[ours.size()];
        Arrays.setAll(
                ratios, round -> ours.get(round).perSecond() / theirs.get(round).perSecond());
        return median(ratios);
    }

    private static double cpuRatio(List<Rate> ours, List<Rate> theirs) {
        double[] ratios = new double[ours.size()];
        Arrays.setAll(
                ratios,
                round -> ours.get(round).perCpuSecond() / theirs.get(round).perCpuSecond());
        return median(ratios);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
