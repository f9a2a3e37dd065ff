package dev.outcrop.engines.guard;

import dev.outcrop.engines.language.Sentences;
import dev.outcrop.engines.language.Sentences.Sentence;
import dev.outcrop.engines.language.WordVectors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Scores each sentence of an answer by the part of the source that comes nearest to it: how near in meaning, how many of
 * its words, numbers and names stand there, and whether the one denies what the other says. This is likeness, not
 * inference: a sentence that says the contrary in other words may pass. Long sources are searched by {@link WordVectors},
 * and only the nearest sentences are embedded.
 */
final class EmbeddedGroundingCheck implements GroundingCheck {
    private static final int CANDIDATES = 3;
    private static final int LONGEST_SOURCE = 200_000;
    private static final int LONGEST_QUERY = 2000;
    private static final int LONGEST_ANSWER = 20_000;
    private static final int MOST_SENTENCES = 40;
    private static final Set<String> DENIALS = Set.of(
            "no",
            "not",
            "never",
            "none",
            "nothing",
            "neither",
            "nor",
            "without",
            "cannot",
            "can't",
            "don't",
            "doesn't",
            "didn't",
            "won't",
            "isn't",
            "aren't",
            "wasn't",
            "weren't",
            "mustn't",
            "shouldn't",
            "excluded",
            "except");
    private static final Set<String> SMALL = Set.of(
            "the", "a", "an", "of", "in", "on", "at", "to", "for", "and", "or", "is", "are", "was", "were", "be",
            "been", "it", "its", "he", "she", "they", "his", "her", "their", "you", "your", "we", "our", "i", "my",
            "this", "that", "these", "those", "with", "by", "from", "as", "about", "some", "yes", "do", "does", "did",
            "has", "have", "had", "may", "can", "could", "would", "should", "will", "must", "there", "here", "so",
            "also", "only", "after", "before", "within", "than", "what", "which", "who", "when", "where", "how", "many",
            "much", "while", "up", "get", "one", "any", "if", "but", "such");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:[.,:]\\d{1,15}){0,4}");

    /** Weights of bias, nearness, share of words, of numbers, of names here, of names here or just before; denial. */
    private static final double[] GROUNDING = {-17.5, 4.0, 6.0, 4.0, 3.0, 2.0, 3.0};

    /** Weights of bias, nearness of the answer to the query, share of the query's words. */
    private static final double[] RELEVANCE = {-3.0, 8.0, 1.0};

    private final EmbeddedTexts embeddings;

    /** A text with what is compared. */
    private record Part(
            String text, Set<String> words, Set<String> numbers, Set<String> names, boolean denies, float[] meaning) {
        static Part of(String text) {
            List<String> tokens = PlainText.of(text).words();
            Set<String> words = new HashSet<>();
            Set<String> numbers = new HashSet<>();
            Matcher number = NUMBER.matcher(text);
            while (number.find()) {
                numbers.add(number.group());
            }
            boolean denies = false;
            for (String token : tokens) {
                denies |= DENIALS.contains(token);
                if (NumberWords.value(token) >= 0) {
                    numbers.add(String.valueOf(NumberWords.value(token)));
                } else if (!Character.isDigit(token.charAt(0)) && !SMALL.contains(token) && !DENIALS.contains(token)) {
                    words.add(stem(token));
                }
            }
            return new Part(
                    text,
                    words,
                    numbers,
                    names(text),
                    denies,
                    WordVectors.shipped().mean(tokens));
        }

        private static Set<String> names(String text) {
            Set<String> names = new HashSet<>();
            boolean first = true;
            for (String word : text.split("[^\\p{L}\\p{N}']+")) {
                if (!word.isEmpty()) {
                    if (!first && Character.isUpperCase(word.codePointAt(0))) {
                        names.add(word.toLowerCase(java.util.Locale.ROOT));
                    }
                    first = false;
                }
            }
            return names;
        }

        private static String stem(String word) {
            for (String end : List.of("ing", "ed", "es", "s")) {
                if (word.length() > end.length() + 3 && word.endsWith(end)) {
                    return word.substring(0, word.length() - end.length());
                }
            }
            return word;
        }
    }

    EmbeddedGroundingCheck(EmbeddedTexts embeddings) {
        this.embeddings = embeddings;
    }

    @Override
    public Scores scores(String source, String wholeQuery, String wholeAnswer) {
        String query = wholeQuery.substring(0, Math.min(LONGEST_QUERY, wholeQuery.length()));
        String answer = wholeAnswer.substring(0, Math.min(LONGEST_ANSWER, wholeAnswer.length()));
        List<Part> sources = parts(source.substring(0, Math.min(LONGEST_SOURCE, source.length())));
        List<Part> answers = parts(answer);
        if (answers.isEmpty()) {
            return new Scores(0, 0);
        }
        double grounding = 1;
        for (Part sentence : answers.subList(0, Math.min(MOST_SENTENCES, answers.size()))) {
            grounding = Math.min(grounding, sources.isEmpty() ? 0 : grounding(sentence, sources));
        }
        return new Scores(grounding, relevance(query, answer, answers));
    }

    private static List<Part> parts(String text) {
        return Sentences.of(text).stream()
                .map(Sentence::text)
                .map(Part::of)
                .filter(part -> !part.words().isEmpty() || !part.numbers().isEmpty())
                .toList();
    }

    private double grounding(Part sentence, List<Part> sources) {
        double[] nearness = sources.stream()
                .mapToDouble(part -> cosine(part.meaning(), sentence.meaning()) + share(sentence.words(), part.words()))
                .toArray();
        List<Integer> nearest = IntStream.range(0, sources.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -nearness[i]))
                .limit(CANDIDATES)
                .toList();
        double best = 0;
        for (int i : nearest) {
            double[] features = features(sentence, sources.get(i), sources.get(Math.max(0, i - 1)));
            best = Math.max(best, logistic(GROUNDING, features));
        }
        return best;
    }

    /** What {@link #GROUNDING} weighs, the bias apart. */
    private double[] features(Part sentence, Part source, Part before) {
        List<float[]> vectors = embeddings.of(List.of(sentence.text(), source.text()));
        return new double[] {
            cosine(vectors.get(0), vectors.get(1)),
            share(sentence.words(), source.words()),
            share(sentence.numbers(), source.numbers()),
            share(sentence.names(), namesIn(source)),
            share(sentence.names(), namesIn(source, before)),
            sentence.denies() == source.denies() ? 1 : 0
        };
    }

    private static Set<String> namesIn(Part... sources) {
        Set<String> words = new HashSet<>();
        for (Part source : sources) {
            words.addAll(PlainText.of(source.text()).words());
        }
        return words;
    }

    private double relevance(String query, String answer, List<Part> answers) {
        Part question = Part.of(query);
        Set<String> words = new HashSet<>();
        answers.forEach(part -> words.addAll(part.words()));
        List<String> texts = new ArrayList<>(List.of(query, answer));
        texts.addAll(answers.stream().limit(4).map(Part::text).toList());
        List<float[]> vectors = embeddings.of(texts);
        double nearest = vectors.stream()
                .skip(1)
                .mapToDouble(vector -> cosine(vectors.getFirst(), vector))
                .max()
                .orElse(0);
        return logistic(RELEVANCE, nearest, share(question.words(), words));
    }

    private static double logistic(double[] weights, double... features) {
        double logit = weights[0];
        for (int i = 0; i < features.length; i++) {
            logit += weights[i + 1] * features[i];
        }
        return 1 / (1 + Math.exp(-logit));
    }

    /** The share of what is looked for that is there; 1 if nothing is looked for. */
    private static double share(Set<String> wanted, Set<String> there) {
        return wanted.isEmpty()
                ? 1
                : (double) wanted.stream().filter(there::contains).count() / wanted.size();
    }

    private static double cosine(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
