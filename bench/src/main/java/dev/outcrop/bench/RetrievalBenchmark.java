package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Pooling;
import dev.outcrop.engines.embedding.TokenEmbeddings;
import dev.outcrop.engines.embedding.Truncation;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.retrieval.LateInteraction;
import dev.outcrop.engines.retrieval.ReciprocalRankFusion;
import dev.outcrop.engines.retrieval.Reranker;
import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.engines.vectors.embedded.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How often the paragraph that answers a question is found, beside the same embedding model in Python with faiss and
 * rank-bm25: by vectors, by keywords, by both fused, and by both fused and reranked.
 *
 * <p>The questions are those of SQuAD's form, such as XQuAD (Artetxe et al. 2020, CC BY-SA 4.0), which is not shipped: its
 * file is given by {@code OUTCROP_XQUAD}.
 */
final class RetrievalBenchmark implements Benchmark {
    private static final String FILE = "OUTCROP_XQUAD";
    private static final List<String> REQUIREMENTS = List.of(
            "onnxruntime==1.29.0", "tokenizers==0.23.3", "numpy==2.4.6", "faiss-cpu==1.15.1", "rank-bm25==0.2.2");
    private static final int RERANKED = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    private final ObjectMapper json = new ObjectMapper();

    /** A question and the number of the paragraph that answers it. */
    private record Question(String text, int paragraph) {}

    /** What is measured with. */
    private record Questions(List<String> paragraphs, List<Question> questions) {}

    @Override
    public String name() {
        return "retrieval";
    }

    @Override
    public String description() {
        return "recall of paragraphs that answer questions, beside faiss and rank-bm25 with the same model";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Optional<String> file = Optional.ofNullable(System.getenv(FILE));
        if (file.isEmpty()) {
            report.note("nothing measured: " + FILE + " must name a file of XQuAD, such as xquad.en.json");
            return;
        }
        Questions questions = read(Path.of(file.get()));
        report.note(questions.questions().size() + " questions on "
                + questions.paragraphs().size() + " paragraphs; all-minilm-l6-v2");
        InstalledModel installed = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("all-minilm-l6-v2"), Progress.NONE);
        Map<String, List<List<Integer>>> ours = ours(workplace, installed, questions);
        JsonNode theirs = theirs(workplace, installed, questions);
        ours.forEach((method, rankings) -> {
            double[] quality = quality(rankings, questions.questions());
            JsonNode peer = theirs.path(method);
            report.figure(method + ": recall@1", quality[0], "");
            report.figure(
                    method + ": recall@1 in Python", peer.path("recallAt1").asDouble(), "");
            report.atLeast(
                    method + ": recall@5", quality[1], peer.path("recallAt5").asDouble(), "");
            report.atLeast(
                    method + ": mean reciprocal rank",
                    quality[2],
                    peer.path("meanReciprocalRank").asDouble(),
                    "");
        });
    }

    private Questions read(Path file) throws Exception {
        Questions questions = new Questions(new ArrayList<>(), new ArrayList<>());
        for (JsonNode article : json.readTree(Files.readString(file)).path("data")) {
            for (JsonNode paragraph : article.path("paragraphs")) {
                for (JsonNode question : paragraph.path("qas")) {
                    questions
                            .questions()
                            .add(new Question(
                                    question.path("question").asText(),
                                    questions.paragraphs().size()));
                }
                questions.paragraphs().add(paragraph.path("context").asText());
            }
        }
        return questions;
    }

    private static Map<String, List<List<Integer>>> ours(
            Workplace workplace, InstalledModel installed, Questions questions) {
        Map<String, List<List<Integer>>> rankings = new LinkedHashMap<>();
        List.of("vector", "bm25", "hybrid", "reranked").forEach(method -> rankings.put(method, new ArrayList<>()));
        OnnxEmbeddingModel.Settings settings =
                new OnnxEmbeddingModel.Settings(Pooling.MEAN, 512, 2, 1, 4096, Duration.ofMinutes(5));
        try (OnnxEmbeddingModel model = OnnxEmbeddingModel.open(
                        installed.id(), installed.weights(), installed.file("tokenizer.json"), settings);
                EmbeddedStores stores = new EmbeddedStores();
                VectorStore store = stores.open(
                        workplace.scratch().resolve("retrieval"),
                        new StoreSettings(model.description().dimension(), DistanceMetric.COSINE, Set.of()),
                        new byte[32])) {
            put(model, store, questions.paragraphs());
            Reranker reranker = LateInteraction.over(installed.id(), remembering(model));
            List<EmbeddingModel.Embedding> asked = model.embed(
                    questions.questions().stream().map(Question::text).toList(), Truncation.END);
            int all = questions.paragraphs().size();
            for (int number = 0; number < asked.size(); number++) {
                String question = questions.questions().get(number).text();
                List<Integer> vector = places(store.nearest(asked.get(number).vector(), all, Optional.empty()));
                List<Integer> keywords = places(store.keywords(question, all, Optional.empty()));
                List<Integer> hybrid = ReciprocalRankFusion.fuse(List.of(vector, keywords)).stream()
                        .map(ReciprocalRankFusion.Fused::item)
                        .toList();
                rankings.get("vector").add(vector);
                rankings.get("bm25").add(keywords);
                rankings.get("hybrid").add(hybrid);
                rankings.get("reranked")
                        .add(reranked(
                                reranker,
                                question,
                                hybrid.subList(0, Math.min(RERANKED, hybrid.size())),
                                questions.paragraphs()));
            }
        }
        return rankings;
    }

    /** Token vectors that are computed once a text: the same paragraphs are reranked for many questions. */
    private static TokenEmbeddings remembering(EmbeddingModel model) {
        TokenEmbeddings tokens = model.tokens().orElseThrow();
        Map<String, float[][]> known = new HashMap<>();
        return (texts, truncation) -> texts.stream()
                .map(text -> known.computeIfAbsent(
                        text, one -> tokens.embed(List.of(one), truncation).getFirst()))
                .toList();
    }

    private static void put(EmbeddingModel model, VectorStore store, List<String> paragraphs) {
        List<EmbeddingModel.Embedding> vectors = model.embed(paragraphs, Truncation.END);
        List<VectorEntry> entries = new ArrayList<>();
        for (int i = 0; i < paragraphs.size(); i++) {
            entries.add(new VectorEntry(String.valueOf(i), vectors.get(i).vector(), paragraphs.get(i), Map.of()));
        }
        store.put(entries);
    }

    private static List<Integer> places(List<Match> matches) {
        return matches.stream().map(match -> Integer.parseInt(match.key())).toList();
    }

    private static List<Integer> reranked(
            Reranker reranker, String question, List<Integer> found, List<String> paragraphs) {
        double[] scores =
                reranker.scores(question, found.stream().map(paragraphs::get).toList());
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer place) -> scores[place])
                        .reversed())
                .map(found::get)
                .toList();
    }

    private JsonNode theirs(Workplace workplace, InstalledModel installed, Questions questions) throws Exception {
        Path python = workplace.python("retrieval", REQUIREMENTS).resolve("python");
        Path file = workplace.scratch().resolve("questions.json");
        json.writeValue(file.toFile(), questions);
        return json.readTree(workplace.output(
                List.of(
                        python.toString(),
                        workplace.source().resolve("bench/peers/retrieval.py").toString(),
                        installed.weights().toString(),
                        installed.file("tokenizer.json").toString(),
                        file.toString()),
                PATIENCE));
    }

    /** Recall at 1 and at 5, and the mean reciprocal rank; what was not found counts as last. */
    private static double[] quality(List<List<Integer>> rankings, List<Question> questions) {
        double[] sums = new double[3];
        for (int number = 0; number < rankings.size(); number++) {
            int place = rankings.get(number).indexOf(questions.get(number).paragraph());
            sums[0] += place == 0 ? 1 : 0;
            sums[1] += place >= 0 && place < 5 ? 1 : 0;
            sums[2] += place >= 0 ? 1.0 / (place + 1) : 0;
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= rankings.size();
        }
        return sums;
    }
}
