package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.engines.ocr.ModelFiles;
import dev.outcrop.engines.ocr.ReadingLimits;
import dev.outcrop.engines.pages.PageStructure;
import dev.outcrop.engines.pages.generated.Canvas;
import dev.outcrop.engines.pages.generated.KnownDocument;
import dev.outcrop.engines.pages.generated.KnownPaper;
import dev.outcrop.engines.pages.generated.PaperScores;
import dev.outcrop.engines.pages.generated.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Cells of tables, and labels with values, found on generated pages whose seeds no rule was made on, beside pdfplumber; and the
 * same pages as pictures, which pdfplumber cannot read; and what is found of invoices, receipts, licences, passports and
 * agreements, which it has no words for. Both are given the PDFs by eight callers at once, ourselves twice, since
 * a server has its code compiled.
 *
 * <p>60 pages of each kind, or as many as {@code OUTCROP_BENCH_PAGES} says.
 */
final class PagesBenchmark implements Benchmark {
    private static final List<String> REQUIREMENTS = List.of("pdfplumber==0.11.10");
    private static final long FIRST_SEED = 1000;
    private static final int PAGES = 60;
    private static final int PICTURES = 8;
    private static final int CALLERS = 8;
    private static final int RESOLUTION = 150;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public String name() {
        return "pages";
    }

    @Override
    public String description() {
        return "tables' cells and forms' values found, and documents per second, beside pdfplumber";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path python = workplace.python("pages", REQUIREMENTS).resolve("python");
        int pages = java.util.Optional.ofNullable(System.getenv("OUTCROP_BENCH_PAGES"))
                .map(Integer::parseInt)
                .orElse(PAGES);
        List<KnownDocument> documents = new ArrayList<>();
        for (int i = 0; i < pages; i++) {
            documents.add(KnownDocument.table(FIRST_SEED + i));
            documents.add(KnownDocument.form(FIRST_SEED + i));
        }
        InstalledModel model = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("pp-ocr-v4"), Progress.NONE);
        ModelFiles files = new ModelFiles(
                model.file("detection.onnx"),
                model.file("recognition.onnx"),
                model.file("orientation.onnx"),
                model.file("characters.txt"));
        double ourSeconds;
        Found ours = new Found();
        try (DocumentReader reader = new DocumentReader(() -> files)) {
            structure(reader, documents.getFirst().pdf());
            long began = System.nanoTime();
            structures(reader, documents);
            long compiled = System.nanoTime();
            List<PageStructure> structures = structures(reader, documents);
            ourSeconds = (System.nanoTime() - compiled) / 1e9;
            report.figure(
                    "Outcrop, documents per second, while its code is compiled",
                    documents.size() / ((compiled - began) / 1e9),
                    "documents/s");
            for (int i = 0; i < documents.size(); i++) {
                ours.add(documents.get(i), Scores.cells(structures.get(i)), Scores.pairs(structures.get(i)));
            }
            Found pictures = new Found();
            for (KnownDocument document : documents.subList(0, Math.min(2 * PICTURES, documents.size()))) {
                PageStructure read = structure(reader, Canvas.png(document.pdf(), RESOLUTION));
                pictures.add(document, Scores.cells(read), Scores.pairs(read));
            }
            papers(report, reader, pages);
            report.figure("Outcrop, pictures, F1 of cells", pictures.cells.f1(), "");
            report.figure("Outcrop, pictures, F1 of labels with values", pictures.pairs.f1(), "");
        }
        JsonNode peer = peer(workplace, python, documents);
        Found theirs = new Found();
        for (int i = 0; i < documents.size(); i++) {
            theirs.add(
                    documents.get(i),
                    texts(peer.path("cells").path(i)),
                    texts(peer.path("pairs").path(i)));
        }
        double theirSeconds = peer.path("seconds").asDouble();
        report.figure("pdfplumber, F1 of cells", theirs.cells.f1(), "");
        report.figure("pdfplumber with colons, F1 of labels with values", theirs.pairs.f1(), "");
        report.figure("pdfplumber, documents per second", documents.size() / theirSeconds, "documents/s");
        report.figure("Outcrop, documents per second", documents.size() / ourSeconds, "documents/s");
        report.atLeast("Outcrop, F1 of cells", ours.cells.f1(), theirs.cells.f1(), "");
        report.atLeast("Outcrop, F1 of labels with values", ours.pairs.f1(), theirs.pairs.f1(), "");
        report.atLeast("documents per second, beside pdfplumber", theirSeconds / ourSeconds, 1.5, "×");
    }

    /** What is found on papers that no peer reads: of PDFs, and of a few of them as pictures. */
    private static void papers(Report report, DocumentReader reader, int pages) {
        PaperScores written = new PaperScores();
        PaperScores pictures = new PaperScores();
        for (int i = 0; i < pages; i++) {
            for (KnownPaper paper : PaperScores.papers(FIRST_SEED + i)) {
                written.add(paper, structure(reader, paper.pdf()));
                if (i < PICTURES / 2) {
                    pictures.add(paper, structure(reader, Canvas.png(paper.pdf(), RESOLUTION)));
                }
            }
        }
        written.figures().forEach((what, value) -> report.figure("Outcrop, " + what, value, ""));
        pictures.figures().forEach((what, value) -> report.figure("Outcrop, pictures, " + what, value, ""));
    }

    /** What was found of tables and of forms, each on the pages that have them. */
    private static final class Found {
        private final Scores cells = new Scores();
        private final Scores pairs = new Scores();

        void add(KnownDocument document, List<String> foundCells, List<String> foundPairs) {
            if (document.pairs().isEmpty()) {
                cells.add(foundCells, document.cells());
            } else {
                pairs.add(
                        foundPairs,
                        document.pairs().stream()
                                .map(pair -> pair.getKey() + "=" + pair.getValue())
                                .toList());
            }
        }
    }

    private static PageStructure structure(DocumentReader reader, byte[] document) {
        List<PageStructure> pages = new ArrayList<>();
        reader.read(document, ReadingLimits.SYNCHRONOUS, page -> pages.add(PageStructure.of(page)));
        return pages.getFirst();
    }

    private static List<PageStructure> structures(DocumentReader reader, List<KnownDocument> documents)
            throws Exception {
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Callable<PageStructure>> calls = new ArrayList<>();
            documents.forEach(document -> calls.add(() -> structure(reader, document.pdf())));
            List<PageStructure> structures = new ArrayList<>();
            for (Future<PageStructure> answer : callers.invokeAll(calls)) {
                structures.add(answer.get());
            }
            return structures;
        }
    }

    private JsonNode peer(Workplace workplace, Path python, List<KnownDocument> documents)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                python.toString(),
                workplace.source().resolve("bench/peers/pages.py").toString(),
                String.valueOf(CALLERS)));
        for (KnownDocument document : documents) {
            command.add(Files.write(workplace.scratch().resolve(command.size() + ".pdf"), document.pdf())
                    .toString());
        }
        return json.readTree(workplace.output(command, PATIENCE));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
