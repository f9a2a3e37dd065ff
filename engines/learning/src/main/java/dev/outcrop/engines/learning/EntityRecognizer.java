package dev.outcrop.engines.learning;

import dev.outcrop.engines.learning.AnnotatedText.Annotation;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Finds things of the types that it was trained on: a linear chain over hashed features of words and, where there is a list
 * of known phrases, whether a word is part of one. Trained from annotations, or from a list and texts in which its phrases
 * occur. Deterministic; a few microseconds a word. Safe for concurrent use.
 *
 * <p>Source: Collins 2002, see {@link LinearChain}; Ratinov and Roth, "Design Challenges and Misconceptions in Named Entity
 * Recognition", 2009, for the features.
 */
public final class EntityRecognizer {
    /** The most types. */
    public static final int MOST_TYPES = 25;

    private static final int MAGIC = 0x4F455231;
    /** Texts are tagged in pieces of so many words, so that memory is bounded. */
    private static final int PIECE = 2048;
    /** A difference of scores of so much is 0.73 sure. */
    private static final double SURE = 4;

    private final List<String> types;
    private final Gazetteer gazetteer;
    private final LinearChain chain;

    EntityRecognizer(List<String> types, Gazetteer gazetteer, LinearChain chain) {
        this.types = List.copyOf(types);
        this.gazetteer = gazetteer;
        this.chain = chain;
    }

    /**
     * Something found.
     *
     * @param start where, in UTF-16 units
     * @param end   where it ends, exclusive
     * @param score how sure it is, 0 to 1
     */
    public record Entity(int start, int end, String type, double score) {}

    /**
     * Learns from annotated texts.
     *
     * @param phrases known phrases with their types, which help; may be empty
     * @throws UntrainableException if nothing is annotated, or there are too many types
     */
    public static EntityRecognizer train(List<AnnotatedText> texts, Map<String, String> phrases, Progress progress) {
        return new RecognizerTraining(texts, phrases).train(progress);
    }

    /** Texts with their annotations by a list: each phrase of it, wherever it occurs. */
    public static List<AnnotatedText> annotated(List<String> texts, Map<String, String> phrases) {
        Gazetteer gazetteer = Gazetteer.of(phrases);
        return texts.stream()
                .map(text -> {
                    Words words = Words.of(text);
                    List<Annotation> annotations = gazetteer.find(words).stream()
                            .map(place -> new Annotation(
                                    words.starts()[place.start()], words.end(place.end() - 1), place.type()))
                            .toList();
                    return new AnnotatedText(text, annotations);
                })
                .toList();
    }

    /** The types that it finds, in the order of their names. */
    public List<String> types() {
        return types;
    }

    /** What a text names, in the order of places. */
    public List<Entity> find(String text) {
        Words words = Words.of(text);
        List<Entity> entities = new ArrayList<>();
        int[] known = known(types, gazetteer, words);
        RecognitionFeatures features = new RecognitionFeatures(words, known, chain.places());
        for (int from = 0; from < words.size(); from += PIECE) {
            int to = Math.min(words.size(), from + PIECE);
            float[][] scores = new float[to - from][chain.tags()];
            for (int word = from; word < to; word++) {
                int[] places = features.of(word);
                chain.score(places, features.size(), scores[word - from]);
            }
            collect(words, from, scores, chain.best(scores), entities);
        }
        return List.copyOf(entities);
    }

    private void collect(Words words, int from, float[][] scores, int[] tags, List<Entity> entities) {
        int at = 0;
        while (at < tags.length) {
            int begin = at;
            int type = (tags[begin] - 1) / 2;
            double score = tags[begin] == 0 ? 0 : sureness(scores, tags, at);
            at++;
            while (tags[begin] != 0 && at < tags.length && tags[at] == 2 * type + 2) {
                score = Math.min(score, sureness(scores, tags, at));
                at++;
            }
            if (tags[begin] != 0) {
                entities.add(
                        new Entity(words.starts()[from + begin], words.end(from + at - 1), types.get(type), score));
            }
        }
    }

    /** How much better a tag fits than any other between the same neighbours, as a probability. */
    private double sureness(float[][] scores, int[] tags, int at) {
        int count = chain.tags();
        double sum = 0;
        double own = local(scores, tags, at, tags[at]);
        for (int tag = 0; tag < count; tag++) {
            sum += Math.exp((local(scores, tags, at, tag) - own) / SURE);
        }
        return 1 / sum;
    }

    private double local(float[][] scores, int[] tags, int at, int tag) {
        int count = chain.tags();
        double score = scores[at][tag] + chain.transitions()[(at == 0 ? count : tags[at - 1]) * count + tag];
        return at + 1 < tags.length ? score + chain.transitions()[tag * count + tags[at + 1]] : score;
    }

    /** For each word 0, or which type of known phrase begins (odd) or goes on (even) at it. */
    static int[] known(List<String> types, Gazetteer gazetteer, Words words) {
        int[] known = new int[words.size()];
        for (Gazetteer.Place place : gazetteer.find(words)) {
            int type = types.indexOf(place.type());
            for (int word = place.start(); word < place.end(); word++) {
                known[word] = 2 * type + (word == place.start() ? 1 : 2);
            }
        }
        return known;
    }

    /** How well it does on texts; those that it was trained on flatter it. */
    public RecognizerEvaluation evaluate(List<AnnotatedText> texts) {
        return RecognizerEvaluation.of(
                types, texts, texts.stream().map(text -> find(text.text())).toList());
    }

    /** Writes the recogniser as {@link #read} reads it. */
    public void write(OutputStream stream) throws IOException {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new GZIPOutputStream(stream), 1 << 16))) {
            out.writeInt(MAGIC);
            out.writeInt(types.size());
            for (String type : types) {
                out.writeUTF(type);
            }
            gazetteer.write(out);
            chain.write(out);
        }
    }

    /**
     * Reads what {@link #write} wrote; takes no more memory than the largest recogniser.
     *
     * @throws DamagedModelException if that is not what the bytes are
     */
    public static EntityRecognizer read(InputStream stream) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(stream), 1 << 16))) {
            if (in.readInt() != MAGIC) {
                throw new DamagedModelException("the bytes are not those of an entity recogniser");
            }
            int size = in.readInt();
            if (size < 1 || size > MOST_TYPES) {
                throw new DamagedModelException("a recogniser has 1 to " + MOST_TYPES + " types, but says " + size);
            }
            List<String> types = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                types.add(in.readUTF());
            }
            Gazetteer gazetteer = Gazetteer.read(in);
            return new EntityRecognizer(types, gazetteer, LinearChain.read(in, 1 + 2 * size));
        } catch (IOException damaged) {
            throw new DamagedModelException("the bytes of an entity recogniser are damaged", damaged);
        }
    }
}
