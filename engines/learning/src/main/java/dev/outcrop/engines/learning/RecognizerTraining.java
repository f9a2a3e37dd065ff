package dev.outcrop.engines.learning;

import dev.outcrop.engines.learning.AnnotatedText.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** The averaged perceptron that trains {@link EntityRecognizer}. What is right must win by more than a little. */
final class RecognizerTraining {
    private static final int SEED = 11;
    private static final int EPOCHS = 10;
    private static final int MOST_WORDS = 400;
    /** Known phrases are hidden so often, so that words around them are learned, too. */
    private static final double HIDDEN = 0.3;

    private final List<String> types;
    private final Gazetteer gazetteer;
    private final List<Sequence> sequences = new ArrayList<>();
    private final LinearChain chain;
    private final double[] sums;
    private final double[] transitionSums;
    private int shown;

    private record Sequence(Words words, int[] known, int[] tags) {}

    RecognizerTraining(List<AnnotatedText> texts, Map<String, String> phrases) {
        TreeSet<String> names = new TreeSet<>(phrases.values());
        texts.forEach(text -> text.annotations().forEach(annotation -> names.add(annotation.type())));
        boolean annotated = texts.stream().anyMatch(text -> !text.annotations().isEmpty());
        if (!annotated || names.size() > EntityRecognizer.MOST_TYPES) {
            throw new UntrainableException("there must be annotations of 1 to " + EntityRecognizer.MOST_TYPES
                    + " types, but there are " + (annotated ? names.size() : "no annotations"));
        }
        types = List.copyOf(names);
        gazetteer = Gazetteer.of(phrases);
        for (AnnotatedText text : texts) {
            Words words = Words.of(text.text());
            int[] known = EntityRecognizer.known(types, gazetteer, words);
            int[] tags = tags(words, text.annotations());
            for (int from = 0; from < words.size(); from += MOST_WORDS) {
                sequences.add(part(words, known, tags, from, Math.min(words.size(), from + MOST_WORDS)));
            }
        }
        int count = 1 + 2 * types.size();
        int places = 1 << 18;
        while (places * count > 8 << 20) {
            places /= 2;
        }
        chain = LinearChain.empty(count, places);
        sums = new double[chain.weights().length];
        transitionSums = new double[chain.transitions().length];
    }

    private static Sequence part(Words words, int[] known, int[] tags, int from, int to) {
        Words part = new Words(words.texts().subList(from, to), java.util.Arrays.copyOfRange(words.starts(), from, to));
        return new Sequence(
                part, java.util.Arrays.copyOfRange(known, from, to), java.util.Arrays.copyOfRange(tags, from, to));
    }

    /** Words in an annotation, even in part, are tagged. */
    private int[] tags(Words words, List<Annotation> annotations) {
        int[] tags = new int[words.size()];
        for (Annotation annotation : annotations) {
            boolean begun = false;
            for (int word = first(words, annotation.start());
                    word < tags.length && words.starts()[word] < annotation.end();
                    word++) {
                if (tags[word] == 0) {
                    tags[word] = 2 * types.indexOf(annotation.type()) + (begun ? 2 : 1);
                    begun = true;
                }
            }
        }
        return tags;
    }

    private static int first(Words words, int start) {
        int word = java.util.Arrays.binarySearch(words.starts(), start);
        int found = word >= 0 ? word : Math.max(0, -word - 2);
        return found < words.size() && words.end(found) <= start ? found + 1 : found;
    }

    EntityRecognizer train(Progress progress) {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Sequence> order = new ArrayList<>(sequences);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            for (int i = order.size() - 1; i > 0; i--) {
                order.set(i, order.set(random.nextInt(i + 1), order.get(i)));
            }
            for (int i = 0; i < order.size(); i++) {
                if (i % 32 == 0) {
                    progress.at((epoch + (double) i / order.size()) / EPOCHS);
                }
                show(order.get(i), random.nextDouble() < HIDDEN);
            }
        }
        progress.at(1);
        return new EntityRecognizer(types, gazetteer, averaged());
    }

    private void show(Sequence sequence, boolean hidden) {
        shown++;
        int length = sequence.words().size();
        if (length == 0) {
            return;
        }
        int[] known = hidden ? new int[length] : sequence.known();
        RecognitionFeatures features = new RecognitionFeatures(sequence.words(), known, chain.places());
        float[][] scores = new float[length][chain.tags()];
        for (int word = 0; word < length; word++) {
            int[] places = features.of(word);
            chain.score(places, features.size(), scores[word]);
            for (int tag = 0; tag < chain.tags(); tag++) {
                scores[word][tag] += tag == sequence.tags()[word] ? 0 : 1;
            }
        }
        learn(sequence.tags(), chain.best(scores), features);
    }

    private void learn(int[] wanted, int[] found, RecognitionFeatures features) {
        int count = chain.tags();
        for (int word = 0; word < found.length; word++) {
            int before = word == 0 ? count : found[word - 1];
            int wantedBefore = word == 0 ? count : wanted[word - 1];
            if (found[word] != wanted[word]) {
                int[] places = features.of(word);
                for (int i = 0; i < features.size(); i++) {
                    change(chain.weights(), sums, places[i] * count + wanted[word], 1);
                    change(chain.weights(), sums, places[i] * count + found[word], -1);
                }
            }
            if (found[word] != wanted[word] || before != wantedBefore) {
                change(chain.transitions(), transitionSums, wantedBefore * count + wanted[word], 1);
                change(chain.transitions(), transitionSums, before * count + found[word], -1);
            }
        }
    }

    private void change(float[] weights, double[] weightSums, int place, int by) {
        weights[place] += by;
        weightSums[place] += (double) by * shown;
    }

    private LinearChain averaged() {
        LinearChain average = LinearChain.empty(chain.tags(), chain.places());
        average(chain.weights(), sums, average.weights());
        average(chain.transitions(), transitionSums, average.transitions());
        return average;
    }

    private void average(float[] last, double[] weightSums, float[] into) {
        for (int i = 0; i < last.length; i++) {
            into[i] = (float) (last[i] - weightSums[i] / (shown + 1));
        }
    }
}
