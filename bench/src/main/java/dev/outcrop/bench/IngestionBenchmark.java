package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.documents.Chunk;
import dev.outcrop.engines.documents.Chunking;
import dev.outcrop.engines.documents.Document;
import dev.outcrop.engines.documents.DocumentParser;
import dev.outcrop.engines.documents.FileFormat;
import dev.outcrop.engines.documents.Limits;
import dev.outcrop.engines.embedding.EmbeddingModel.Embedding;
import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Pooling;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.engines.vectors.embedded.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * PDFs read, cut, embedded and put into a vector store, each step by itself, beside what a program of LangChain does with
 * the same embedding model and faiss. Both cut at 300 tokens of the model and use all cores to embed. Our vectors are on
 * disk when a put returns, theirs in memory.
 *
 * <p>200 pages, or as many as {@code OUTCROP_BENCH_PAGES} says.
 */
final class IngestionBenchmark implements Benchmark {
    private static final String MODEL = "all-minilm-l6-v2";
    private static final List<String> REQUIREMENTS = List.of(
            "pypdf==7.1.0",
            "langchain-text-splitters==1.1.3",
            "faiss-cpu==1.15.1",
            "onnxruntime==1.29.0",
            "tokenizers==0.23.3",
            "numpy==2.4.6");
    private static final int PAGES = 200;
    private static final int PAGES_A_DOCUMENT = 10;
    private static final int CHUNK_TOKENS = 300;
    private static final int TOGETHER = 32;
    private static final int LONGEST_TEXT = 512;
    private static final int SPECIAL_TOKENS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final ObjectMapper json = new ObjectMapper();

    /** Seconds of each step. */
    private record Seconds(double parse, double chunk, double embed, double store) {
        double all() {
            return parse + chunk + embed + store;
        }
    }

    @Override
    public String name() {
        return "ingestion";
    }

    @Override
    public String description() {
        return "pages parsed, chunked, embedded and stored per second, beside LangChain with faiss";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path python = workplace.python("ingestion", REQUIREMENTS).resolve("python");
        InstalledModel installed = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get(MODEL), Progress.NONE);
        int pages = Optional.ofNullable(System.getenv("OUTCROP_BENCH_PAGES"))
                .map(Integer::parseInt)
                .orElse(PAGES);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i * PAGES_A_DOCUMENT < pages; i++) {
            PrintedDocument.Style style = new PrintedDocument.Style(1 + i % 2, true, i % 3 == 0, false, i % 2 == 0);
            files.add(Files.write(
                    workplace.scratch().resolve(i + ".pdf"),
                    PrintedDocument.of(PAGES_A_DOCUMENT, style, i).bytes()));
        }
        int cores = Runtime.getRuntime().availableProcessors();
        report.note(files.size() + " PDFs of " + PAGES_A_DOCUMENT + " pages, chunks of " + CHUNK_TOKENS + " tokens, "
                + MODEL + " on " + cores + " cores");
        int count = files.size() * PAGES_A_DOCUMENT;
        Seconds ours = outcrop(workplace, report, installed, files, cores);
        Seconds theirs = langChain(workplace, report, python, installed, files, cores);
        figures(report, "Outcrop", ours, count);
        figures(report, "LangChain", theirs, count);
        report.atLeast("pages per second, beside LangChain", theirs.all() / ours.all(), 1.5, "×");
    }

    private static Seconds outcrop(
            Workplace workplace, Report report, InstalledModel installed, List<Path> files, int cores)
            throws IOException {
        OnnxEmbeddingModel.Settings settings =
                new OnnxEmbeddingModel.Settings(Pooling.MEAN, LONGEST_TEXT, cores, 1, 4096, Duration.ofMinutes(2));
        DocumentParser parser = new DocumentParser(Limits.KNOWLEDGE_BASE);
        try (OnnxEmbeddingModel model = OnnxEmbeddingModel.open(
                        installed.id(), installed.weights(), installed.file("tokenizer.json"), settings);
                EmbeddedStores stores = new EmbeddedStores();
                VectorStore store = stores.open(
                        workplace.scratch().resolve("vectors"),
                        new StoreSettings(model.description().dimension(), DistanceMetric.COSINE, Set.of()),
                        new byte[32])) {
            // The virtual machine warms up, as Python has loaded its libraries before it is timed, too.
            parser.parse(Files.readAllBytes(files.getFirst()), FileFormat.PDF);
            model.embed(List.of("a warm start", "a warm start"));
            long began = System.nanoTime();
            List<Document> documents = new ArrayList<>();
            for (Path file : files) {
                documents.add(parser.parse(Files.readAllBytes(file), FileFormat.PDF));
            }
            long parsed = System.nanoTime();
            Chunking chunking = new Chunking.FixedSize(CHUNK_TOKENS, 0);
            List<String> chunks = new ArrayList<>();
            for (Document document : documents) {
                chunking.chunks(document, text -> model.countTokens(text) - SPECIAL_TOKENS).stream()
                        .map(Chunk::text)
                        .forEach(chunks::add);
            }
            long chunked = System.nanoTime();
            List<Embedding> embeddings = new ArrayList<>();
            for (int from = 0; from < chunks.size(); from += TOGETHER) {
                embeddings.addAll(model.embed(chunks.subList(from, Math.min(chunks.size(), from + TOGETHER))));
            }
            long embedded = System.nanoTime();
            for (int from = 0; from < chunks.size(); from += TOGETHER) {
                List<VectorEntry> entries = new ArrayList<>();
                for (int i = from; i < Math.min(chunks.size(), from + TOGETHER); i++) {
                    entries.add(
                            new VectorEntry(String.valueOf(i), embeddings.get(i).vector(), chunks.get(i), Map.of()));
                }
                store.put(entries);
            }
            long stored = System.nanoTime();
            report.figure("Outcrop, chunks", chunks.size(), "");
            report.figure(
                    "Outcrop, longest chunk",
                    chunks.stream()
                            .mapToInt(chunk -> model.countTokens(chunk) - SPECIAL_TOKENS)
                            .max()
                            .orElse(0),
                    "tokens");
            return new Seconds(
                    (parsed - began) / 1e9,
                    (chunked - parsed) / 1e9,
                    (embedded - chunked) / 1e9,
                    (stored - embedded) / 1e9);
        }
    }

    private Seconds langChain(
            Workplace workplace, Report report, Path python, InstalledModel installed, List<Path> files, int cores)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                python.toString(),
                workplace.source().resolve("bench/peers/ingestion.py").toString(),
                installed.weights().toString(),
                installed.file("tokenizer.json").toString(),
                String.valueOf(CHUNK_TOKENS),
                String.valueOf(cores)));
        files.forEach(file -> command.add(file.toString()));
        JsonNode line = json.readTree(workplace.output(command, PATIENCE));
        report.figure("LangChain, chunks", line.path("chunks").asInt(), "");
        report.figure("LangChain, longest chunk", line.path("longest").asInt(), "tokens");
        return new Seconds(
                line.path("parse").asDouble(),
                line.path("chunk").asDouble(),
                line.path("embed").asDouble(),
                line.path("store").asDouble());
    }

    private static void figures(Report report, String who, Seconds seconds, int pages) {
        report.figure(who + ", parsing", seconds.parse(), "s");
        report.figure(who + ", chunking", seconds.chunk(), "s");
        report.figure(who + ", embedding", seconds.embed(), "s");
        report.figure(who + ", storing", seconds.store(), "s");
        report.figure(who + ", pages per second", pages / seconds.all(), "pages/s");
    }
}
