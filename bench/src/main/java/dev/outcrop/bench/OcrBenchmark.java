package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.engines.ocr.ModelFiles;
import dev.outcrop.engines.ocr.ReadingLimits;
import dev.outcrop.engines.ocr.training.PrintedPage;
import dev.outcrop.engines.ocr.training.Wear;
import dev.outcrop.engines.ocr.training.WordScores;
import java.awt.Font;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * What is read of worn pages, and how fast, beside Tesseract and RapidOCR: letters, tables, forms and receipts in fonts
 * that nothing was fitted on. Words count that are the same letter by letter, wherever they stand.
 *
 * <p>Tesseract is the {@code tesseract} of the system; without it that peer is left out. The environment's
 * {@code OUTCROP_OCR_DATA} names a folder of further pages, each a JPEG with its words in a text file beside it.
 */
final class OcrBenchmark implements Benchmark {
    private static final List<String> REQUIREMENTS = List.of(
            "rapidocr-onnxruntime==1.4.4",
            "font-roboto==0.0.1",
            "font-lato==0.1.0",
            "font-caladea==0.0.2",
            "font-source-serif-pro==0.0.1");
    private static final List<String> FONTS = List.of(
            "Roboto-Regular.ttf",
            "Roboto-Bold.ttf",
            "Lato-Regular.ttf",
            "Lato-Italic.ttf",
            "Caladea-Regular.ttf",
            "SourceSerifPro-Regular.ttf",
            "SourceSerifPro-It.ttf");
    private static final int PAGES = 3;
    private static final int CALLERS = 8;
    private static final String GIVEN = "given";
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public String name() {
        return "ocr";
    }

    @Override
    public String description() {
        return "words read of worn pages and receipts, seconds a page and at 8 callers, beside Tesseract and RapidOCR";
    }

    /** A page on disk, and what stands on it. */
    private record Sample(String kind, Path file, List<String> words) {}

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path bin = workplace.python("ocr", REQUIREMENTS);
        List<Sample> samples = samples(workplace, bin);
        List<Sample> receipts = samples.stream()
                .filter(sample -> sample.kind().equals("RECEIPT"))
                .toList();
        InstalledModel model = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("pp-ocr-v4"), Progress.NONE);
        ModelFiles files = new ModelFiles(
                model.file("detection.onnx"),
                model.file("recognition.onnx"),
                model.file("orientation.onnx"),
                model.file("characters.txt"));
        report.note(samples.size() + " pages, one thread each; seconds are of the processor's time");
        Map<String, WordScores> ours = new LinkedHashMap<>();
        double seconds;
        try (DocumentReader reader = new DocumentReader(() -> files, new DocumentReader.Settings(1, 1, 2_000))) {
            read(reader, samples.getFirst());
            double began = processorSeconds();
            for (Sample sample : samples) {
                score(ours, sample, read(reader, sample));
            }
            seconds = (processorSeconds() - began) / samples.size();
        }
        figures(report, "Outcrop", ours, seconds);
        double throughput;
        try (DocumentReader reader = new DocumentReader(() -> files)) {
            throughput = throughput(reader, receipts);
        }
        report.figure("Outcrop, receipts a second, " + CALLERS + " callers", throughput, "pages/s");
        for (String peer : peers()) {
            Map<String, WordScores> theirs = new LinkedHashMap<>();
            JsonNode answer = peer(workplace, bin, peer, "alone", samples);
            for (int i = 0; i < samples.size(); i++) {
                List<String> words = new ArrayList<>();
                answer.path("pages").get(i).forEach(word -> words.add(word.asText()));
                score(theirs, samples.get(i), words);
            }
            figures(report, peer, theirs, answer.path("seconds").asDouble() / samples.size());
            double callers = receipts.size()
                    / peer(workplace, bin, peer, "callers", receipts)
                            .path("wall")
                            .asDouble();
            report.figure(peer + ", receipts a second, " + CALLERS + " callers", callers, "pages/s");
            report.atLeast(
                    "words recalled, all pages, above " + peer,
                    ours.get("all").recall() - theirs.get("all").recall(),
                    0,
                    "");
            report.atLeast("as many receipts a second as " + peer, throughput / callers, 1.5, "×");
        }
    }

    private static List<String> peers() {
        boolean tesseract = Stream.of(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "tesseract")));
        return tesseract ? List.of("tesseract", "rapidocr") : List.of("rapidocr");
    }

    private JsonNode peer(Workplace workplace, Path bin, String peer, String how, List<Sample> samples)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                bin.resolve("python").toString(),
                workplace.source().resolve("bench/peers/ocr.py").toString(),
                peer,
                how));
        samples.forEach(sample -> command.add(sample.file().toString()));
        return json.readTree(workplace.output(command, PATIENCE));
    }

    private static List<Sample> samples(Workplace workplace, Path bin) throws Exception {
        List<Font> fonts = fonts(bin.getParent());
        List<Sample> samples = new ArrayList<>();
        for (PrintedPage.Kind kind : PrintedPage.Kind.values()) {
            for (int page = 0; page < PAGES; page++) {
                PrintedPage printed = PrintedPage.of(kind, fonts, 70_000 + page);
                byte[] jpeg = Wear.random(new Random(700 + page), 0.4 * page).jpeg(printed.image(), page);
                Path file = workplace.scratch().resolve(kind + "-" + page + ".jpg");
                samples.add(new Sample(kind.name(), Files.write(file, jpeg), printed.words()));
            }
        }
        String given = System.getenv("OUTCROP_OCR_DATA");
        if (given != null) {
            try (Stream<Path> listed = Files.list(Path.of(given))) {
                for (Path file : listed.filter(path -> path.toString().endsWith(".jpg"))
                        .sorted()
                        .toList()) {
                    Path words = Path.of(file.toString().replaceFirst("jpg$", "txt"));
                    samples.add(new Sample(
                            GIVEN, file, List.of(Files.readString(words).strip().split("\\s+"))));
                }
            }
        }
        return samples;
    }

    private static List<Font> fonts(Path environment) throws Exception {
        List<Font> fonts = new ArrayList<>();
        try (Stream<Path> walked = Files.walk(environment.resolve("lib"))) {
            for (Path file : walked.filter(
                            path -> FONTS.contains(path.getFileName().toString()))
                    .sorted()
                    .toList()) {
                fonts.add(Font.createFont(Font.TRUETYPE_FONT, file.toFile()));
            }
        }
        return fonts;
    }

    private static List<String> read(DocumentReader reader, Sample sample) throws IOException {
        List<String> words = new ArrayList<>();
        reader.read(
                Files.readAllBytes(sample.file()),
                ReadingLimits.ASYNCHRONOUS,
                page -> page.lines().forEach(line -> line.words().forEach(word -> words.add(word.text()))));
        return words;
    }

    private static void score(Map<String, WordScores> scores, Sample sample, List<String> read) {
        scores.computeIfAbsent(sample.kind(), kind -> new WordScores()).add(sample.words(), read);
        scores.computeIfAbsent("all", kind -> new WordScores()).add(sample.words(), read);
    }

    private static void figures(Report report, String who, Map<String, WordScores> scores, double seconds) {
        scores.forEach((kind, score) -> {
            report.figure(who + ", " + kind + ", words recalled", score.recall(), "");
            report.figure(who + ", " + kind + ", precision", score.precision(), "");
        });
        report.figure(who + ", seconds a page", seconds, "s");
    }

    private static double throughput(DocumentReader reader, List<Sample> samples) throws Exception {
        read(reader, samples.getFirst());
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            long began = System.nanoTime();
            List<Future<List<String>>> reading = new ArrayList<>();
            for (Sample sample : samples) {
                reading.add(callers.submit(() -> read(reader, sample)));
            }
            for (Future<List<String>> page : reading) {
                page.get();
            }
            return samples.size() / ((System.nanoTime() - began) / 1e9);
        }
    }

    private static double processorSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }
}
