package dev.outcrop.services.comprehend.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.learning.DocumentClassifier;
import dev.outcrop.engines.learning.LabelledText;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.services.comprehend.documents.S3Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.comprehend.model.AugmentedManifestsListItem;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierDataFormat;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierInputDataConfig;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierMode;
import software.amazon.awssdk.services.comprehend.model.Split;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The labelled texts of a classifier. Where no test set is given, a tenth of each class is one, by the hash of the text.
 *
 * <p>Source: Amazon Comprehend developer guide, "Preparing classifier training data" and "Guidelines and quotas".
 *
 * @param train what is learned from
 * @param test  what the metrics are of
 */
record ClassifierData(List<LabelledText> train, List<LabelledText> test) {
    private static final String USUAL_DELIMITER = "|";
    private static final int FEWEST_OF_CLASS = 10;
    private static final int MOST_LABELS = 100;
    private static final int LONGEST_NAME = 5000;
    private static final int MOST_DOCUMENTS = 1_000_000;
    private static final int TENTH = 10;

    /** What the two ways of classifying have to do with each other. */
    static DocumentClassifier.Mode mode(DocumentClassifierMode mode) {
        return mode == DocumentClassifierMode.MULTI_LABEL
                ? DocumentClassifier.Mode.MULTI_LABEL
                : DocumentClassifier.Mode.MULTI_CLASS;
    }

    static ClassifierData read(
            RoleBuckets buckets, DocumentClassifierInputDataConfig input, DocumentClassifier.Mode mode)
            throws IOException {
        List<LabelledText> train = new ArrayList<>();
        List<LabelledText> test = new ArrayList<>();
        read(buckets, input, mode, train, test);
        return of(train, test, mode);
    }

    /** Adds what there is to {@code train} and {@code test}, unchecked. */
    static void read(
            RoleBuckets buckets,
            DocumentClassifierInputDataConfig input,
            DocumentClassifier.Mode mode,
            List<LabelledText> train,
            List<LabelledText> test)
            throws IOException {
        if (input.dataFormat() == DocumentClassifierDataFormat.AUGMENTED_MANIFEST) {
            Manifests manifests = new Manifests(buckets);
            for (AugmentedManifestsListItem manifest : input.augmentedManifests()) {
                List<LabelledText> into = manifest.split() == Split.TEST ? test : train;
                manifests.read(
                        manifest,
                        (text, attribute, line) -> into.add(new LabelledText(text, labels(attribute, line, mode))));
            }
            return;
        }
        csv(buckets, input.s3Uri(), input.labelDelimiter(), mode, train);
        if (input.testS3Uri() != null) {
            csv(buckets, input.testS3Uri(), input.labelDelimiter(), mode, test);
        }
    }

    /** Training and test texts as they were given; without test texts some of the others become such. */
    static ClassifierData of(List<LabelledText> train, List<LabelledText> test, DocumentClassifier.Mode mode) {
        check(train, mode);
        if (!test.isEmpty()) {
            return new ClassifierData(train, test);
        }
        Map<String, List<LabelledText>> byClass = new TreeMap<>();
        for (LabelledText text : train) {
            byClass.computeIfAbsent(new TreeSet<>(text.labels()).toString(), _ -> new ArrayList<>())
                    .add(text);
        }
        List<LabelledText> kept = new ArrayList<>();
        List<LabelledText> heldOut = new ArrayList<>();
        for (List<LabelledText> texts : byClass.values()) {
            texts.sort(Comparator.comparingInt(ClassifierData::hash));
            int tested = texts.size() < TENTH ? 0 : texts.size() / TENTH;
            heldOut.addAll(texts.subList(0, tested));
            kept.addAll(texts.subList(tested, texts.size()));
        }
        if (heldOut.isEmpty()) {
            // Combinations of labels that are all rare.
            kept.sort(Comparator.comparingInt(ClassifierData::hash));
            heldOut.addAll(kept.subList(0, kept.size() / TENTH));
            kept = new ArrayList<>(kept.subList(kept.size() / TENTH, kept.size()));
        }
        return new ClassifierData(kept, heldOut);
    }

    private static int hash(LabelledText text) {
        int hash = text.text().hashCode() * 0x9E3779B1;
        return hash ^ (hash >>> 15);
    }

    private static void csv(
            RoleBuckets buckets, String uri, String delimiter, DocumentClassifier.Mode mode, List<LabelledText> into)
            throws IOException {
        S3Place place = S3Place.of(uri);
        String separator = Pattern.quote(delimiter == null ? USUAL_DELIMITER : delimiter);
        long characters = 0;
        for (S3Object object : buckets.objects(place)) {
            try (CsvRecords records = new CsvRecords(buckets.open(place.bucket(), object.key()), object.key())) {
                for (Optional<List<String>> row = records.next(); row.isPresent(); row = records.next()) {
                    List<String> values = row.get();
                    if (values.size() != 2) {
                        throw AwsError.validation("The file " + object.key() + " must have two columns, a label and a"
                                + " text, but line " + records.line() + " has " + values.size() + ".");
                    }
                    Set<String> labels = mode == DocumentClassifier.Mode.MULTI_CLASS
                            ? Set.of(values.getFirst().strip())
                            : labels(values.getFirst().split(separator));
                    into.add(new LabelledText(values.get(1), labels));
                    characters += values.get(1).length();
                    if (into.size() > MOST_DOCUMENTS || characters > DocumentClassifier.LARGEST_CORPUS) {
                        throw AwsError.validation("The training data has more than " + MOST_DOCUMENTS + " documents or "
                                + DocumentClassifier.LARGEST_CORPUS + " characters.");
                    }
                }
            }
        }
    }

    private static Set<String> labels(String[] names) {
        Set<String> labels = new TreeSet<>();
        for (String name : names) {
            if (!name.isBlank()) {
                labels.add(name.strip());
            }
        }
        return labels;
    }

    /** The classes that a labelling job gave: one by its name, several by a map from numbers to names. */
    private static Set<String> labels(String attribute, JsonNode line, DocumentClassifier.Mode mode) {
        JsonNode metadata = line.path(attribute + "-metadata");
        if (mode == DocumentClassifier.Mode.MULTI_CLASS) {
            String name = metadata.path("class-name").asText();
            return Set.of(name.isEmpty() ? line.path(attribute).asText() : name);
        }
        Set<String> labels = new TreeSet<>();
        for (JsonNode number : line.path(attribute)) {
            labels.add(metadata.path("class-map").path(number.asText()).asText(number.asText()));
        }
        return labels;
    }

    private static void check(List<LabelledText> texts, DocumentClassifier.Mode mode) {
        Map<String, Integer> counts = new TreeMap<>();
        texts.forEach(text -> text.labels().forEach(label -> counts.merge(label, 1, Integer::sum)));
        int most = mode == DocumentClassifier.Mode.MULTI_CLASS ? DocumentClassifier.MOST_CLASSES : MOST_LABELS;
        if (counts.size() < 2 || counts.size() > most) {
            throw AwsError.validation(
                    "The training data must have 2 to " + most + " classes, but has " + counts.size() + ".");
        }
        counts.forEach((name, count) -> {
            if (name.isEmpty() || name.length() > LONGEST_NAME) {
                throw AwsError.validation("The names of classes must have 1 to " + LONGEST_NAME + " characters.");
            }
            if (count < FEWEST_OF_CLASS) {
                throw AwsError.validation("Found " + count + " documents of the class " + name
                        + ". Each class must have" + " at least " + FEWEST_OF_CLASS + " documents.");
            }
        });
    }
}
