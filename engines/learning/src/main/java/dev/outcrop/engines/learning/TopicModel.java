package dev.outcrop.engines.learning;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The topics of a collection of texts, and how much of each there is in each text: latent Dirichlet allocation by collapsed
 * Gibbs sampling. What is told is the mean over samples from the last quarter of the passes. Deterministic: the seed is
 * fixed. A pass costs O(words × topics).
 *
 * <p>Source: Blei, Ng and Jordan, "Latent Dirichlet Allocation", 2003; Griffiths and Steyvers, "Finding Scientific Topics",
 * 2004.
 */
public final class TopicModel {
    /** The most words, after those that say nothing are dropped, that all texts may have together. */
    public static final int MOST_WORDS = 20_000_000;

    private static final int SEED = 5;
    private static final int MOST_TERMS = 60_000;
    private static final int FEWEST_PASSES = 60;
    private static final int MOST_PASSES = 400;
    private static final double WORK = 4e9;
    private static final double BETA = 0.01;
    private static final int SHORTEST_WORD = 3;
    private static final int FEW = 10;

    private final List<String> terms;
    private final double[][] termsOfTopics;
    private final double[][] topicsOfDocuments;

    private TopicModel(List<String> terms, double[][] termsOfTopics, double[][] topicsOfDocuments) {
        this.terms = terms;
        this.termsOfTopics = termsOfTopics;
        this.topicsOfDocuments = topicsOfDocuments;
    }

    /**
     * A term of a topic.
     *
     * @param weight the share of the topic's words that it is
     */
    public record WeightedTerm(String term, double weight) {}

    private static final class StopWords {
        private static final Set<String> ENGLISH = read();

        private static Set<String> read() {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                    TopicModel.class.getResourceAsStream("stop-words.txt"), StandardCharsets.UTF_8))) {
                return lines.lines()
                        .flatMap(line -> Arrays.stream(line.split(" ")))
                        .collect(Collectors.toUnmodifiableSet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The texts whose topics are looked for, as numbers of their words. */
    public static final class Corpus {
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<String> words = new ArrayList<>();
        private final List<int[]> documents = new ArrayList<>();
        private long size;

        /**
         * Adds a text.
         *
         * @throws UntrainableException if there are too many words
         */
        public void add(String text) {
            int[] document = tellingWords(text).stream().mapToInt(this::number).toArray();
            size += document.length;
            if (size > MOST_WORDS) {
                throw new UntrainableException("the texts may have " + MOST_WORDS + " words that tell, but have more");
            }
            documents.add(document);
        }

        private int number(String word) {
            return numbers.computeIfAbsent(word, added -> {
                words.add(added);
                return words.size() - 1;
            });
        }

        /** Words of more than one text and of no more than half of them; all where texts are few. */
        private List<String> terms() {
            int[] frequencies = new int[words.size()];
            for (int[] document : documents) {
                Arrays.stream(document).distinct().forEach(word -> frequencies[word]++);
            }
            boolean few = documents.size() < FEW;
            return IntStream.range(0, frequencies.length)
                    .boxed()
                    .filter(word -> few || (frequencies[word] > 1 && frequencies[word] <= documents.size() / 2))
                    .sorted(Comparator.comparingInt((Integer word) -> -frequencies[word])
                            .thenComparing(words::get))
                    .limit(MOST_TERMS)
                    .map(words::get)
                    .toList();
        }

        /** The documents in numbers of terms, without the words that are none. */
        private int[][] inTerms(List<String> terms) {
            int[] renumbered = new int[words.size()];
            Arrays.fill(renumbered, -1);
            for (int term = 0; term < terms.size(); term++) {
                renumbered[numbers.get(terms.get(term))] = term;
            }
            return documents.stream()
                    .map(document -> Arrays.stream(document)
                            .map(word -> renumbered[word])
                            .filter(term -> term >= 0)
                            .toArray())
                    .toArray(int[][]::new);
        }
    }

    /**
     * Finds topics.
     *
     * @throws UntrainableException if the texts have no words that tell
     */
    public static TopicModel fit(Corpus corpus, int topics, Progress progress) {
        List<String> terms = corpus.terms();
        if (terms.isEmpty()) {
            throw new UntrainableException("the texts have no words in common that tell of topics");
        }
        return new Sampling(corpus.inTerms(terms), terms.size(), topics).run(terms, progress);
    }

    /** The words of a text that may be terms of a topic. */
    static List<String> tellingWords(String text) {
        return Words.of(text).texts().stream()
                .map(Words::lowered)
                .filter(word -> Character.isLetter(word.codePointAt(0)))
                .filter(word -> word.length() >= SHORTEST_WORD || Character.isIdeographic(word.codePointAt(0)))
                .filter(word -> !StopWords.ENGLISH.contains(word.replace('\u2019', '\'')))
                .toList();
    }

    /** How many topics there are. */
    public int topics() {
        return termsOfTopics.length;
    }

    /** The terms that a topic has most of, the most first. */
    public List<WeightedTerm> terms(int topic, int most) {
        double[] weights = termsOfTopics[topic];
        return IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer term) -> -weights[term])
                        .thenComparing(terms::get))
                .limit(most)
                .map(term -> new WeightedTerm(terms.get(term), weights[term]))
                .toList();
    }

    /** How much of each topic there is in a text of the collection; 1 together. */
    public double[] proportions(int document) {
        return topicsOfDocuments[document].clone();
    }

    /** The sampler: which topic each word of each text is of, and how often each topic has each term. */
    private static final class Sampling {
        private final int[][] words;
        private final int size;
        private final int topics;
        private final double alpha;
        private final int[][] topicsOfWords;
        private final int[] termCounts;
        private final int[] topicCounts;
        private final int[][] documentCounts;

        Sampling(int[][] words, int size, int topics) {
            this.words = words;
            this.size = size;
            this.topics = topics;
            alpha = Math.min(0.1, 5.0 / topics);
            topicsOfWords = new int[words.length][];
            termCounts = new int[size * topics];
            topicCounts = new int[topics];
            documentCounts = new int[words.length][topics];
        }

        TopicModel run(List<String> terms, Progress progress) {
            SplittableRandom random = new SplittableRandom(SEED);
            long total = begin(random);
            int passes = Math.clamp(Math.round(WORK / total / topics), FEWEST_PASSES, MOST_PASSES);
            double[][] termSums = new double[topics][size];
            double[][] documentSums = new double[words.length][topics];
            int samples = 0;
            for (int pass = 0; pass < passes; pass++) {
                pass(random, pass, passes, progress);
                if (pass >= passes * 3 / 4 && (pass % 5 == 0 || pass == passes - 1)) {
                    samples++;
                    add(termSums, documentSums);
                }
            }
            for (double[] sums : termSums) {
                scale(sums, samples);
            }
            for (double[] sums : documentSums) {
                scale(sums, samples);
            }
            progress.at(1);
            return new TopicModel(terms, termSums, documentSums);
        }

        private long begin(SplittableRandom random) {
            long total = 0;
            for (int document = 0; document < words.length; document++) {
                topicsOfWords[document] = new int[words[document].length];
                for (int i = 0; i < words[document].length; i++) {
                    int topic = random.nextInt(topics);
                    topicsOfWords[document][i] = topic;
                    count(document, words[document][i], topic, 1);
                    total++;
                }
            }
            return total;
        }

        private void count(int document, int term, int topic, int by) {
            documentCounts[document][topic] += by;
            termCounts[term * topics + topic] += by;
            topicCounts[topic] += by;
        }

        private void pass(SplittableRandom random, int pass, int passes, Progress progress) {
            double[] weights = new double[topics];
            for (int document = 0; document < words.length; document++) {
                if (document % 256 == 0) {
                    progress.at((pass + (double) document / words.length) / passes);
                }
                int[] counts = documentCounts[document];
                for (int i = 0; i < words[document].length; i++) {
                    int term = words[document][i];
                    count(document, term, topicsOfWords[document][i], -1);
                    double sum = 0;
                    for (int topic = 0; topic < topics; topic++) {
                        sum += (counts[topic] + alpha)
                                * (termCounts[term * topics + topic] + BETA)
                                / (topicCounts[topic] + BETA * size);
                        weights[topic] = sum;
                    }
                    double drawn = random.nextDouble() * sum;
                    int topic = 0;
                    while (topic < topics - 1 && weights[topic] <= drawn) {
                        topic++;
                    }
                    topicsOfWords[document][i] = topic;
                    count(document, term, topic, 1);
                }
            }
        }

        private void add(double[][] termSums, double[][] documentSums) {
            for (int topic = 0; topic < topics; topic++) {
                double whole = topicCounts[topic] + BETA * size;
                for (int term = 0; term < size; term++) {
                    termSums[topic][term] += (termCounts[term * topics + topic] + BETA) / whole;
                }
            }
            for (int document = 0; document < words.length; document++) {
                double whole = words[document].length + alpha * topics;
                for (int topic = 0; topic < topics; topic++) {
                    documentSums[document][topic] += (documentCounts[document][topic] + alpha) / whole;
                }
            }
        }

        private static void scale(double[] sums, int samples) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] /= samples;
            }
        }
    }
}
