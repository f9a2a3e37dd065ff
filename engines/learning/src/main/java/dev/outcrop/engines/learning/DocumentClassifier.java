package dev.outcrop.engines.learning;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Says which of the classes that it was trained on a text belongs to: logistic regression over n-grams of words and
 * characters, weighted by how rare they are. Training is deterministic, on one thread, and bounded in memory by
 * {@link #LARGEST_CORPUS}. Safe for concurrent use.
 *
 * <p>Source: Joachims, "Text Categorization with Support Vector Machines", 1998, for the features;
 * {@link LogisticRegression} for the learning.
 */
public final class DocumentClassifier {
    /** The most characters that all texts of a training may have together. */
    public static final long LARGEST_CORPUS = 150_000_000;
    /** The most classes. */
    public static final int MOST_CLASSES = 1000;

    /** From this probability on a label is given, where a text may have several. */
    public static final double THRESHOLD = 0.5;

    private static final int MAGIC = 0x4F434C31;
    private static final int FEWEST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 40;
    /** Fewer examples are shown more often. */
    private static final int SHOWN = 60_000;

    private static final int LONGEST_LABEL = 20_000;
    /** Up to so many characters pieces of words are features, too. */
    private static final long LARGEST_WITH_PIECES = 8_000_000;

    private final Mode mode;
    private final List<String> classes;
    private final Vocabulary vocabulary;
    private final LogisticRegression regression;

    private DocumentClassifier(Mode mode, List<String> classes, Vocabulary vocabulary, LogisticRegression regression) {
        this.mode = mode;
        this.classes = List.copyOf(classes);
        this.vocabulary = vocabulary;
        this.regression = regression;
    }

    /** Whether classes exclude each other. */
    public enum Mode {
        /** Each text is of one class; the scores of all classes are 1 together. */
        MULTI_CLASS,
        /** Each text has any number of labels; each has a probability of its own. */
        MULTI_LABEL
    }

    /**
     * A class of a text.
     *
     * @param score how probable it is, 0 to 1
     */
    public record ScoredClass(String name, double score) {}

    /**
     * Learns from examples.
     *
     * @throws UntrainableException if there are fewer than two classes, or more text or classes than can be learned from
     */
    public static DocumentClassifier train(Mode mode, List<LabelledText> examples, Progress progress) {
        List<String> classes = classes(mode, examples);
        long characters =
                examples.stream().mapToLong(example -> example.text().length()).sum();
        if (characters > LARGEST_CORPUS) {
            throw new UntrainableException("a classifier learns from " + LARGEST_CORPUS
                    + " characters at most, but the examples have " + characters);
        }
        boolean pieces = characters <= LARGEST_WITH_PIECES;
        List<NGrams> documents = new ArrayList<>(examples.size());
        List<int[]> wanted = new ArrayList<>(examples.size());
        for (LabelledText example : examples) {
            if (documents.size() % 64 == 0) {
                progress.at(0.2 * documents.size() / examples.size());
            }
            documents.add(NGrams.of(example.text(), pieces));
            wanted.add(example.labels().stream().mapToInt(classes::indexOf).toArray());
        }
        Vocabulary vocabulary = Vocabulary.of(documents, pieces, LogisticRegression.mostFeatures(classes.size()));
        List<SparseVector> vectors = new ArrayList<>(documents.size());
        for (int i = 0; i < documents.size(); i++) {
            vectors.add(vocabulary.vector(documents.get(i)));
            documents.set(i, null);
        }
        LogisticRegression regression = LogisticRegression.train(
                mode == Mode.MULTI_CLASS,
                classes.size(),
                vocabulary.size(),
                vectors,
                wanted,
                Math.clamp(SHOWN / examples.size(), FEWEST_EPOCHS, MOST_EPOCHS),
                fraction -> progress.at(0.2 + 0.8 * fraction));
        return new DocumentClassifier(mode, classes, vocabulary, regression);
    }

    private static List<String> classes(Mode mode, List<LabelledText> examples) {
        Set<String> classes = new TreeSet<>();
        for (LabelledText example : examples) {
            if (mode == Mode.MULTI_CLASS && example.labels().size() != 1) {
                throw new UntrainableException("each example must have one class, but one has "
                        + example.labels().size());
            }
            classes.addAll(example.labels());
        }
        if (classes.size() < 2 || classes.size() > MOST_CLASSES) {
            throw new UntrainableException(
                    "there must be 2 to " + MOST_CLASSES + " classes, but there are " + classes.size());
        }
        return List.copyOf(classes);
    }

    /** Whether classes exclude each other. */
    public Mode mode() {
        return mode;
    }

    /** All classes, in the order of their names. */
    public List<String> classes() {
        return classes;
    }

    /** All classes with their scores for a text, the most probable first. */
    public List<ScoredClass> classify(String text) {
        float[] probabilities = regression.probabilities(vocabulary.vector(text));
        List<ScoredClass> scored = new ArrayList<>(classes.size());
        for (int c = 0; c < probabilities.length; c++) {
            scored.add(new ScoredClass(classes.get(c), probabilities[c]));
        }
        scored.sort(Comparator.comparingDouble(ScoredClass::score).reversed());
        return List.copyOf(scored);
    }

    /** What the classifier would label a text: its most probable class, or all labels from {@link #THRESHOLD} on. */
    public Set<String> labels(String text) {
        List<ScoredClass> scored = classify(text);
        if (mode == Mode.MULTI_CLASS) {
            return Set.of(scored.getFirst().name());
        }
        Set<String> labels = new TreeSet<>();
        scored.stream().filter(label -> label.score() >= THRESHOLD).forEach(label -> labels.add(label.name()));
        return labels;
    }

    /** How well the classifier does on texts; those that it was trained on flatter it. */
    public ClassifierEvaluation evaluate(List<LabelledText> texts) {
        List<Set<String>> found = new ArrayList<>(texts.size());
        List<Set<String>> wanted = new ArrayList<>(texts.size());
        for (LabelledText text : texts) {
            found.add(labels(text.text()));
            wanted.add(text.labels());
        }
        return ClassifierEvaluation.of(mode, classes, wanted, found);
    }

    /** Writes the classifier as {@link #read} reads it. */
    public void write(OutputStream stream) throws IOException {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(new GZIPOutputStream(stream), 1 << 16))) {
            out.writeInt(MAGIC);
            out.writeBoolean(mode == Mode.MULTI_CLASS);
            out.writeInt(classes.size());
            for (String name : classes) {
                out.writeUTF(name);
            }
            vocabulary.write(out);
            regression.write(out);
        }
    }

    /**
     * Reads what {@link #write} wrote; takes no more memory than the largest classifier.
     *
     * @throws DamagedModelException if that is not what the bytes are
     */
    public static DocumentClassifier read(InputStream stream) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(stream), 1 << 16))) {
            if (in.readInt() != MAGIC) {
                throw new DamagedModelException("the bytes are not those of a document classifier");
            }
            Mode mode = in.readBoolean() ? Mode.MULTI_CLASS : Mode.MULTI_LABEL;
            int size = in.readInt();
            if (size < 2 || size > MOST_CLASSES) {
                throw new DamagedModelException("a classifier has 2 to " + MOST_CLASSES + " classes, but says " + size);
            }
            List<String> classes = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                String name = in.readUTF();
                if (name.length() > LONGEST_LABEL) {
                    throw new DamagedModelException("a class has too long a name");
                }
                classes.add(name);
            }
            Vocabulary vocabulary = Vocabulary.read(in);
            LogisticRegression regression =
                    LogisticRegression.read(in, mode == Mode.MULTI_CLASS, size, vocabulary.size());
            return new DocumentClassifier(mode, classes, vocabulary, regression);
        } catch (IOException damaged) {
            throw new DamagedModelException("the bytes of a document classifier are damaged", damaged);
        }
    }
}
