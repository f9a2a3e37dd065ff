package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.learning.DocumentClassifier;
import dev.outcrop.engines.learning.LabelledText;
import dev.outcrop.engines.learning.Progress;
import dev.outcrop.engines.learning.TopicModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Classifiers and topics beside scikit-learn on the same texts, on one thread. Every fifth text by its hash is held out;
 * accuracy is that on the texts held out. Topics are compared by how often their terms occur in the same texts (normalised
 * pointwise mutual information) and by how much they tell of the article that a paragraph is from.
 *
 * <p>The environment's {@code OUTCROP_LABELLED_DATA} names the folder with {@code language/sentiment.jsonl},
 * {@code guardrails/harmful_content.jsonl} and {@code retrieval/xquad.en.json}.
 */
final class LearningBenchmark implements Benchmark {
    private static final List<String> REQUIREMENTS = List.of("scikit-learn==1.8.0", "numpy==2.4.6");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int TOPICS = 30;
    private static final int TERMS = 10;

    private final ObjectMapper json = new ObjectMapper();

    @Override
    public String name() {
        return "learning";
    }

    @Override
    public String description() {
        return "trained classifiers and topics, beside scikit-learn";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Path data = Path.of(Optional.ofNullable(System.getenv("OUTCROP_LABELLED_DATA"))
                .orElseThrow(() ->
                        new IllegalStateException("OUTCROP_LABELLED_DATA must name the folder of the labelled data")));
        Path python = workplace.python("learning", REQUIREMENTS).resolve("python");
        classes(workplace, python, report, "sentiment", data.resolve("language/sentiment.jsonl"));
        classes(workplace, python, report, "harmful content", data.resolve("guardrails/harmful_content.jsonl"));
        topics(workplace, python, report, data.resolve("retrieval/xquad.en.json"));
    }

    private static boolean isHeldOut(String text) {
        return Math.floorMod((text.hashCode() * 0x9E3779B1) >>> 8, 5) == 0;
    }

    private JsonNode peer(Workplace workplace, Path python, String what, Path file, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "OMP_NUM_THREADS=1",
                "OPENBLAS_NUM_THREADS=1",
                python.toString(),
                workplace.source().resolve("bench/peers/learning.py").toString(),
                what,
                file.toString()));
        command.addAll(List.of(more));
        return json.readTree(workplace.output(command, PATIENCE));
    }

    private void classes(Workplace workplace, Path python, Report report, String what, Path file) throws Exception {
        List<LabelledText> train = new ArrayList<>();
        List<LabelledText> test = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = json.readTree(line);
            // There are too few of this one to learn it.
            if (!node.path("label").asText().equals("MIXED")) {
                String text = node.path("text").asText();
                (isHeldOut(text) ? test : train)
                        .add(new LabelledText(text, node.path("label").asText()));
            }
        }
        ObjectNode given = json.createObjectNode();
        ArrayNode texts = given.putArray("train");
        ArrayNode labels = given.putArray("labels");
        ArrayNode asked = given.putArray("test");
        train.forEach(text -> {
            texts.add(text.text());
            labels.add(text.labels().iterator().next());
        });
        test.forEach(text -> asked.add(text.text()));
        Path input = workplace.scratch().resolve("classes.json");
        json.writeValue(input.toFile(), given);
        JsonNode theirs = peer(workplace, python, "classes", input);
        double accuracy = IntStream.range(0, test.size())
                        .filter(i -> test.get(i)
                                .labels()
                                .contains(theirs.path("found").path(i).asText()))
                        .count()
                / (double) test.size();
        DocumentClassifier.train(DocumentClassifier.Mode.MULTI_CLASS, train, Progress.UNHEARD);
        long began = System.nanoTime();
        DocumentClassifier ours =
                DocumentClassifier.train(DocumentClassifier.Mode.MULTI_CLASS, train, Progress.UNHEARD);
        double seconds = (System.nanoTime() - began) / 1e9;
        report.note(what + ": " + train.size() + " texts to learn from, " + test.size() + " held out");
        report.figure(what + ", scikit-learn: accuracy", accuracy, "");
        report.atLeast(what + ": accuracy", ours.evaluate(test).accuracy(), accuracy, "");
        report.figure(what + ", scikit-learn: training", theirs.path("train").asDouble(), "s");
        report.figure(what + ": training", seconds, "s");
        report.atLeast(what + ": as fast as scikit-learn", theirs.path("train").asDouble() / seconds, 1, "×");
    }

    private void topics(Workplace workplace, Path python, Report report, Path file) throws Exception {
        List<String> texts = new ArrayList<>();
        List<Integer> articles = new ArrayList<>();
        int article = 0;
        for (JsonNode each : json.readTree(file.toFile()).path("data")) {
            for (JsonNode paragraph : each.path("paragraphs")) {
                texts.add(paragraph.path("context").asText());
                articles.add(article);
            }
            article++;
        }
        Path input = workplace.scratch().resolve("texts.json");
        json.writeValue(input.toFile(), texts);
        JsonNode theirs = peer(workplace, python, "topics", input, String.valueOf(TOPICS));
        long began = System.nanoTime();
        TopicModel.Corpus corpus = new TopicModel.Corpus();
        texts.forEach(corpus::add);
        TopicModel model = TopicModel.fit(corpus, TOPICS, Progress.UNHEARD);
        double seconds = (System.nanoTime() - began) / 1e9;
        List<List<String>> terms = new ArrayList<>();
        List<List<String>> theirTerms = new ArrayList<>();
        for (int topic = 0; topic < TOPICS; topic++) {
            terms.add(model.terms(topic, TERMS).stream()
                    .map(TopicModel.WeightedTerm::term)
                    .toList());
            List<String> told = new ArrayList<>();
            theirs.path("terms").path(topic).forEach(term -> told.add(term.asText()));
            theirTerms.add(told);
        }
        List<Integer> dominant = IntStream.range(0, texts.size())
                .mapToObj(document -> largest(model.proportions(document)))
                .toList();
        List<Integer> theirDominant = new ArrayList<>();
        theirs.path("documents").forEach(topic -> theirDominant.add(topic.asInt()));
        report.note(texts.size() + " paragraphs of " + article + " articles, " + TOPICS + " topics");
        double theirCoherence = coherence(theirTerms, texts);
        report.figure("topics, scikit-learn: coherence", theirCoherence, "");
        report.atLeast("topics: coherence", coherence(terms, texts), theirCoherence, "");
        double theirInformation = information(theirDominant, articles);
        report.figure("topics, scikit-learn: information about the article", theirInformation, "");
        report.atLeast("topics: information about the article", information(dominant, articles), theirInformation, "");
        report.figure("topics, scikit-learn", theirs.path("seconds").asDouble(), "s");
        report.figure("topics", seconds, "s");
    }

    private static int largest(double[] shares) {
        return IntStream.range(0, shares.length)
                .reduce((best, next) -> shares[next] > shares[best] ? next : best)
                .orElseThrow();
    }

    /** The mean normalised pointwise mutual information of all pairs of a topic's terms, over texts. */
    private static double coherence(List<List<String>> topics, List<String> texts) {
        List<Set<String>> words = texts.stream()
                .map(text -> (Set<String>) new HashSet<>(
                        Arrays.asList(text.toLowerCase(Locale.ROOT).split("[^\\p{L}]+"))))
                .toList();
        double sum = 0;
        int pairs = 0;
        for (List<String> terms : topics) {
            for (int a = 0; a < terms.size(); a++) {
                for (int b = a + 1; b < terms.size(); b++) {
                    sum += information(terms.get(a), terms.get(b), words);
                    pairs++;
                }
            }
        }
        return sum / pairs;
    }

    private static double information(String a, String b, List<Set<String>> texts) {
        double withA = texts.stream().filter(text -> text.contains(a)).count();
        double withB = texts.stream().filter(text -> text.contains(b)).count();
        double both = texts.stream()
                .filter(text -> text.contains(a) && text.contains(b))
                .count();
        return both == 0
                ? -1
                : Math.log(both * texts.size() / (withA * withB)) / -Math.log((both + 1e-9) / (texts.size() + 1e-3));
    }

    /** Normalised mutual information of two ways to group the same things. */
    private static double information(List<Integer> found, List<Integer> wanted) {
        double both = entropy(IntStream.range(0, found.size())
                .mapToObj(i -> found.get(i) + "/" + wanted.get(i))
                .toList());
        double left = entropy(found.stream().map(String::valueOf).toList());
        double right = entropy(wanted.stream().map(String::valueOf).toList());
        return 2 * (left + right - both) / (left + right);
    }

    private static double entropy(List<String> groups) {
        Map<String, Integer> counts = new HashMap<>();
        groups.forEach(group -> counts.merge(group, 1, Integer::sum));
        return counts.values().stream()
                .mapToDouble(count -> -(double) count / groups.size() * Math.log((double) count / groups.size()))
                .sum();
    }
}
