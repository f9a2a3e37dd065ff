package dev.outcrop.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.documents.Block;
import dev.outcrop.engines.documents.Document;
import dev.outcrop.engines.documents.DocumentParser;
import dev.outcrop.engines.documents.FileFormat;
import dev.outcrop.engines.documents.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is read of printed documents, and how fast, beside pypdf, pdfminer.six and pdfplumber: one and two columns, tables
 * with and without lines, ragged and justified, with words divided, running headers and page numbers.
 */
final class DocumentsBenchmark implements Benchmark {
    static final List<String> REQUIREMENTS = List.of("pypdf==7.1.0", "pdfplumber==0.11.10", "pdfminer.six==20260107");
    private static final List<String> PEERS = List.of("pypdf", "pdfminer", "pdfplumber");
    private static final int PAGES = 5;
    private static final int ROUNDS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public String name() {
        return "documents";
    }

    @Override
    public String description() {
        return "what is read of PDFs with columns and tables, and pages per second, beside pypdf, pdfminer and pdfplumber";
    }

    /** The documents that are read: every style, of five pages. */
    static List<PrintedDocument> documents() throws IOException {
        List<PrintedDocument> documents = new ArrayList<>();
        for (int style = 0; style < 16; style++) {
            documents.add(PrintedDocument.of(
                    PAGES,
                    new PrintedDocument.Style(
                            1 + style % 2, style / 2 % 2 == 0, style / 4 % 2 == 0, style / 8 % 2 == 0, style % 3 == 0),
                    style));
        }
        return documents;
    }

    /** How well we read {@code documents}. */
    static ReadingScores outcrop(List<PrintedDocument> documents) {
        DocumentParser parser = new DocumentParser(Limits.KNOWLEDGE_BASE);
        ReadingScores scores = new ReadingScores();
        for (PrintedDocument document : documents) {
            Document read = parser.parse(document.bytes(), FileFormat.PDF);
            List<String> headings = new ArrayList<>();
            List<List<List<String>>> tables = new ArrayList<>();
            for (Block block : read.blocks()) {
                if (block instanceof Block.Heading heading) {
                    headings.add(heading.text());
                } else if (block instanceof Block.Table table) {
                    tables.add(table.rows());
                }
            }
            scores.add(document, words(read.text()), headings, tables);
        }
        return scores;
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path python = workplace.python("documents", REQUIREMENTS).resolve("python");
        List<PrintedDocument> documents = documents();
        int pages = documents.stream().mapToInt(PrintedDocument::pages).sum();
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < documents.size(); i++) {
            files.add(Files.write(
                    workplace.scratch().resolve(i + ".pdf"), documents.get(i).bytes()));
        }
        report.note(documents.size() + " documents of " + PAGES + " pages, one and two columns, one thread");
        ReadingScores ours = outcrop(documents);
        scores(report, "Outcrop", ours);
        double ourSpeed = speed(documents, pages);
        report.figure("Outcrop, pages per second", ourSpeed, "pages/s");
        double bestOrder = 0;
        double bestCells = 0;
        double fastest = 0;
        for (String peer : PEERS) {
            List<String> command = new ArrayList<>(List.of(
                    python.toString(),
                    workplace.source().resolve("bench/peers/documents.py").toString(),
                    peer));
            files.forEach(file -> command.add(file.toString()));
            JsonNode answer = json.readTree(workplace.output(command, PATIENCE));
            ReadingScores theirs = new ReadingScores();
            for (int i = 0; i < documents.size(); i++) {
                JsonNode read = answer.path("documents").get(i);
                List<List<List<String>>> tables = json.convertValue(read.path("tables"), new TypeReference<>() {});
                theirs.add(documents.get(i), words(read.path("text").asText()), List.of(), tables);
            }
            scores(report, peer, theirs);
            double speed = pages / answer.path("seconds").asDouble();
            report.figure(peer + ", pages per second", speed, "pages/s");
            bestOrder = Math.max(bestOrder, theirs.readingOrder());
            bestCells = Math.max(bestCells, theirs.cellF1());
            fastest = Math.max(fastest, speed);
        }
        report.atLeast("reading order, beside the best of them", ours.readingOrder() / bestOrder, 1, "×");
        report.atLeast("cells of tables, beside the best of them", ours.cellF1() / bestCells, 1, "×");
        report.atLeast("pages per second, beside the fastest of them", ourSpeed / fastest, 1, "×");
    }

    private static double speed(List<PrintedDocument> documents, int pages) {
        outcrop(documents);
        double best = 0;
        DocumentParser parser = new DocumentParser(Limits.KNOWLEDGE_BASE);
        for (int round = 0; round < ROUNDS; round++) {
            long began = System.nanoTime();
            for (PrintedDocument document : documents) {
                parser.parse(document.bytes(), FileFormat.PDF);
            }
            best = Math.max(best, pages / ((System.nanoTime() - began) / 1e9));
        }
        return best;
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    private static void scores(Report report, String who, ReadingScores scores) {
        report.figure(who + ", words recalled", scores.wordRecall(), "");
        report.figure(who + ", words F1", scores.wordF1(), "");
        report.figure(who + ", reading order", scores.readingOrder(), "");
        report.figure(who + ", cells of tables F1", scores.cellF1(), "");
        report.figure(who + ", headings F1", scores.headingF1(), "");
    }
}
