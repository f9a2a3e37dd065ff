package dev.outcrop.engines.guard;

import dev.outcrop.engines.language.Sentences;
import dev.outcrop.engines.language.Sentences.Sentence;
import dev.outcrop.engines.language.WordVectors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells topics by the nearness of a text's embedding to those of a topic's definition and examples. Of a long text only
 * the parts that come nearest by their words ({@link WordVectors}) are embedded.
 */
final class EmbeddedTopicFilter implements TopicFilter {
    /**
     * From this score on a text is of a topic. Chosen on ten topics; on ten others, five texts of each and five near it,
     * the figures are in {@code GuardQualityTest}.
     */
    static final double THRESHOLD = 0.27;

    /**
     * A sentence of a long text whose words come no nearer than this is not embedded. Of the ten topics that the
     * threshold was chosen on, 42 pairs of text and topic are found rightly and 15 wrongly; two of each lie below this.
     */
    private static final double FAR = 0.35;

    private static final int SHORT = 40;
    private static final int LONGEST = 100_000;

    private final List<Reference> topics;
    private final EmbeddedTexts embeddings;

    /** A topic with the vectors of what describes it; {@code words} are those that cost nothing. */
    private record Reference(Topic topic, List<float[]> meanings, List<float[]> words) {}

    private record Window(String text, float[] words) {}

    EmbeddedTopicFilter(List<Topic> topics, EmbeddedTexts embeddings) {
        this.embeddings = embeddings;
        this.topics = topics.stream().map(this::reference).toList();
    }

    private Reference reference(Topic topic) {
        List<String> texts = new ArrayList<>();
        texts.add(topic.name() + ": " + topic.definition());
        texts.addAll(topic.examples());
        return new Reference(
                topic,
                embeddings.of(texts),
                texts.stream().map(EmbeddedTopicFilter::words).toList());
    }

    private static float[] words(String text) {
        return WordVectors.shipped().mean(PlainText.of(text).words());
    }

    @Override
    public List<Topic> find(String text) {
        if (topics.isEmpty() || text.isBlank()) {
            return List.of();
        }
        List<float[]> parts = embeddings.of(parts(text));
        return topics.stream()
                .filter(topic -> parts.stream().anyMatch(part -> score(topic.meanings(), part) >= THRESHOLD))
                .map(Reference::topic)
                .toList();
    }

    /** How near a text comes to a topic, for those who calibrate. */
    double score(Topic topic, String text) {
        return score(reference(topic).meanings(), embeddings.of(text));
    }

    /** The definition's cosine and the nearest example's, the nearer counting double. */
    private static double score(List<float[]> meanings, float[] part) {
        double definition = cosine(meanings.getFirst(), part);
        Optional<Double> example =
                meanings.stream().skip(1).map(meaning -> cosine(meaning, part)).max(Comparator.naturalOrder());
        if (example.isEmpty()) {
            return definition;
        }
        return (2 * Math.max(definition, example.get()) + Math.min(definition, example.get())) / 3;
    }

    /** A short text as it is; of a long one, for each topic the sentence that comes nearest by its words, if one is near. */
    private List<String> parts(String text) {
        if (text.length() <= 40 * SHORT && PlainText.of(text).tokens().size() <= SHORT) {
            return List.of(text);
        }
        List<Window> windows = new ArrayList<>();
        for (Sentence sentence : Sentences.of(text.substring(0, Math.min(LONGEST, text.length())))) {
            windows.add(new Window(sentence.text(), words(sentence.text())));
        }
        if (windows.isEmpty()) {
            return List.of();
        }
        Set<Integer> chosen = new TreeSet<>();
        for (Reference topic : topics) {
            double best = FAR;
            int nearest = -1;
            for (int i = 0; i < windows.size(); i++) {
                for (float[] reference : topic.words()) {
                    double cosine = cosine(reference, windows.get(i).words());
                    if (cosine > best) {
                        best = cosine;
                        nearest = i;
                    }
                }
            }
            if (nearest >= 0) {
                chosen.add(nearest);
            }
        }
        return chosen.stream().map(i -> windows.get(i).text()).toList();
    }

    private static double cosine(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
