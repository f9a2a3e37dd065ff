package dev.outcrop.services.comprehend.custom;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.learning.AnnotatedText;
import dev.outcrop.engines.learning.AnnotatedText.Annotation;
import dev.outcrop.engines.learning.EntityRecognizer;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.comprehend.documents.Document;
import dev.outcrop.services.comprehend.documents.DocumentSource;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.services.comprehend.documents.S3Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.comprehend.model.AugmentedManifestsListItem;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerDataFormat;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerInputDataConfig;
import software.amazon.awssdk.services.comprehend.model.EntityTypesListItem;
import software.amazon.awssdk.services.comprehend.model.InputDataConfig;
import software.amazon.awssdk.services.comprehend.model.InputFormat;
import software.amazon.awssdk.services.comprehend.model.Split;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The annotated texts of a recogniser, or texts and a list of what they name. Where no test set is given, a tenth of the
 * texts is one, by their hashes.
 *
 * <p>Source: Amazon Comprehend developer guide, "Preparing entity recognizer training data", "Annotations", "Entity lists"
 * and "Guidelines and quotas".
 *
 * @param train   what is learned from
 * @param test    what the metrics are of
 * @param phrases of the list, with their types
 */
record RecognizerData(List<AnnotatedText> train, List<AnnotatedText> test, Map<String, String> phrases) {
    private static final int LARGEST_DOCUMENT = 5000;
    private static final int MOST_DOCUMENTS = 120_000;
    private static final int FEWEST_DOCUMENTS = 3;
    private static final int FEWEST_ANNOTATIONS = 25;
    private static final int MOST_PHRASES = 1_000_000;
    private static final int TENTH = 10;

    /** The types that are to be learned. */
    static Set<String> types(EntityRecognizerInputDataConfig input) {
        return input.entityTypes().stream().map(EntityTypesListItem::type).collect(Collectors.toSet());
    }

    static RecognizerData read(RoleBuckets buckets, EntityRecognizerInputDataConfig input) throws IOException {
        Set<String> types = types(input);
        List<AnnotatedText> train = new ArrayList<>();
        List<AnnotatedText> test = new ArrayList<>();
        Map<String, String> phrases = new TreeMap<>();
        read(buckets, input, train, test, phrases);
        return of(train, test, phrases, types);
    }

    /** Adds what there is to {@code train}, {@code test} and {@code phrases}, unchecked. */
    static void read(
            RoleBuckets buckets,
            EntityRecognizerInputDataConfig input,
            List<AnnotatedText> train,
            List<AnnotatedText> test,
            Map<String, String> phrases)
            throws IOException {
        Set<String> types = types(input);
        if (input.dataFormat() == EntityRecognizerDataFormat.AUGMENTED_MANIFEST) {
            Manifests manifests = new Manifests(buckets);
            for (AugmentedManifestsListItem manifest : input.augmentedManifests()) {
                List<AnnotatedText> into = manifest.split() == Split.TEST ? test : train;
                manifests.read(manifest, (text, attribute, line) -> into.add(annotated(text, attribute, line, types)));
            }
        } else if (input.entityList() != null) {
            phrases.putAll(list(buckets, input.entityList().s3Uri(), types));
            train.addAll(EntityRecognizer.annotated(
                    texts(buckets, input.documents().s3Uri(), input.documents().inputFormat()), phrases));
        } else {
            train.addAll(annotated(
                    buckets,
                    input.documents().s3Uri(),
                    input.documents().inputFormat(),
                    input.annotations().s3Uri(),
                    types));
            if (input.documents().testS3Uri() != null) {
                test.addAll(annotated(
                        buckets,
                        input.documents().testS3Uri(),
                        input.documents().inputFormat(),
                        input.annotations().testS3Uri(),
                        types));
            }
        }
    }

    /** Training and test texts as they were given; without test texts some of the others become such. */
    static RecognizerData of(
            List<AnnotatedText> train, List<AnnotatedText> test, Map<String, String> phrases, Set<String> types) {
        if (train.size() < FEWEST_DOCUMENTS) {
            throw AwsError.validation("The training data must have at least " + FEWEST_DOCUMENTS + " documents.");
        }
        for (String type : new TreeSet<>(types)) {
            long count = train.stream()
                    .flatMap(text -> text.annotations().stream())
                    .filter(annotation -> annotation.type().equals(type))
                    .count();
            if (count < FEWEST_ANNOTATIONS) {
                throw AwsError.validation("The training data has " + count + " mentions of the entity type " + type
                        + ". Each type must have at least " + FEWEST_ANNOTATIONS + ".");
            }
        }
        if (!test.isEmpty()) {
            return new RecognizerData(train, test, phrases);
        }
        List<AnnotatedText> sorted = new ArrayList<>(train);
        sorted.sort(Comparator.comparingInt(text -> text.text().hashCode() * 0x9E3779B1));
        int tested = Math.max(1, sorted.size() / TENTH);
        return new RecognizerData(
                List.copyOf(sorted.subList(tested, sorted.size())), List.copyOf(sorted.subList(0, tested)), phrases);
    }

    private static DocumentSource source(RoleBuckets buckets, String uri, InputFormat format) {
        InputDataConfig input = InputDataConfig.builder()
                .s3Uri(uri)
                .inputFormat(format == null ? InputFormat.ONE_DOC_PER_LINE : format)
                .build();
        return new DocumentSource(buckets, input, new DocumentSource.Limits(LARGEST_DOCUMENT, MOST_DOCUMENTS));
    }

    private static Document checked(Document document) {
        if (document.problem().isPresent()) {
            throw AwsError.validation("The document " + document.file()
                    + (document.line().isPresent() ? ", line " + document.line().getAsInt() + "," : "")
                    + " cannot be learned from: " + document.problem().get().message());
        }
        return document;
    }

    private static List<String> texts(RoleBuckets buckets, String uri, InputFormat format) throws IOException {
        List<String> texts = new ArrayList<>();
        try (DocumentSource source = source(buckets, uri, format)) {
            for (Optional<Document> next = source.next(); next.isPresent(); next = source.next()) {
                texts.add(checked(next.get()).text());
            }
        }
        return texts;
    }

    private static List<AnnotatedText> annotated(
            RoleBuckets buckets, String documents, InputFormat format, String annotations, Set<String> types)
            throws IOException {
        Map<String, List<Annotation>> places = annotations(buckets, annotations, types);
        List<AnnotatedText> texts = new ArrayList<>();
        try (DocumentSource source = source(buckets, documents, format)) {
            for (Optional<Document> next = source.next(); next.isPresent(); next = source.next()) {
                Document document = checked(next.get());
                String place = document.file()
                        + (document.line().isPresent() ? ":" + document.line().getAsInt() : "");
                List<Annotation> found = places.remove(place);
                texts.add(new AnnotatedText(
                        document.text(), found == null ? List.of() : units(document.text(), found, place)));
            }
        }
        if (!places.isEmpty()) {
            throw AwsError.validation("There are annotations of documents that were not found, such as "
                    + places.keySet().iterator().next() + ".");
        }
        return texts;
    }

    /** The annotations, with offsets in code points, of each file, or of {@code file:line}. */
    private static Map<String, List<Annotation>> annotations(RoleBuckets buckets, String uri, Set<String> types)
            throws IOException {
        Map<String, List<Annotation>> places = new HashMap<>();
        S3Place place = S3Place.of(uri);
        for (S3Object object : buckets.objects(place)) {
            try (CsvRecords records = new CsvRecords(buckets.open(place.bucket(), object.key()), object.key())) {
                Columns columns =
                        Columns.of(records, object.key(), Set.of("file", "begin offset", "end offset", "type"));
                for (Optional<List<String>> row = records.next(); row.isPresent(); row = records.next()) {
                    String type = columns.value(row.get(), "type", records);
                    if (!types.contains(type)) {
                        continue; // The request says which types are to be learned.
                    }
                    String line = columns.has("line") ? columns.value(row.get(), "line", records) : "";
                    String file = columns.value(row.get(), "file", records);
                    places.computeIfAbsent(line.isEmpty() ? file : file + ":" + line, _ -> new ArrayList<>())
                            .add(new Annotation(
                                    columns.number(row.get(), "begin offset", records),
                                    columns.number(row.get(), "end offset", records),
                                    type));
                }
            }
        }
        return places;
    }

    /** The annotations with offsets in UTF-16 units. */
    private static List<Annotation> units(String text, List<Annotation> inCodePoints, String place) {
        int length = text.codePointCount(0, text.length());
        List<Annotation> annotations = new ArrayList<>();
        for (Annotation annotation : inCodePoints) {
            if (annotation.start() < 0 || annotation.end() <= annotation.start() || annotation.end() > length) {
                throw AwsError.validation("An annotation of " + place + " is outside of its document: "
                        + annotation.start() + " to " + annotation.end() + " of " + length + ".");
            }
            annotations.add(new Annotation(
                    text.offsetByCodePoints(0, annotation.start()),
                    text.offsetByCodePoints(0, annotation.end()),
                    annotation.type()));
        }
        return annotations;
    }

    private static Map<String, String> list(RoleBuckets buckets, String uri, Set<String> types) throws IOException {
        Map<String, String> phrases = new TreeMap<>();
        S3Place place = S3Place.of(uri);
        for (S3Object object : buckets.objects(place)) {
            try (CsvRecords records = new CsvRecords(buckets.open(place.bucket(), object.key()), object.key())) {
                Columns columns = Columns.of(records, object.key(), Set.of("text", "type"));
                for (Optional<List<String>> row = records.next(); row.isPresent(); row = records.next()) {
                    String type = columns.value(row.get(), "type", records);
                    if (types.contains(type)) {
                        phrases.put(columns.value(row.get(), "text", records), type);
                    }
                    if (phrases.size() > MOST_PHRASES) {
                        throw AwsError.validation("The entity list has more than " + MOST_PHRASES + " items.");
                    }
                }
            }
        }
        return phrases;
    }

    private static AnnotatedText annotated(String text, String attribute, JsonNode line, Set<String> types) {
        List<Annotation> found = new ArrayList<>();
        for (JsonNode entity : line.path(attribute).path("annotations").path("entities")) {
            String type = entity.path("label").asText();
            if (types.contains(type)) {
                found.add(new Annotation(
                        entity.path("startOffset").asInt(-1),
                        entity.path("endOffset").asInt(-1),
                        type));
            }
        }
        return new AnnotatedText(text, units(text, found, "a manifest's text"));
    }

    /** The columns of a file by their names in its first line. */
    private record Columns(Map<String, Integer> places, String file) {
        static Columns of(CsvRecords records, String file, Set<String> required) throws IOException {
            Map<String, Integer> places = new HashMap<>();
            List<String> names = records.next().orElse(List.of());
            for (int i = 0; i < names.size(); i++) {
                places.put(names.get(i).strip().toLowerCase(Locale.ROOT), i);
            }
            if (!places.keySet().containsAll(required)) {
                throw AwsError.validation(
                        "The first line of " + file + " must name the columns " + new TreeSet<>(required) + ".");
            }
            return new Columns(places, file);
        }

        boolean has(String name) {
            return places.containsKey(name);
        }

        String value(List<String> row, String name, CsvRecords records) {
            int place = places.get(name);
            if (place >= row.size()) {
                throw AwsError.validation("Line " + records.line() + " of " + file + " has no " + name + ".");
            }
            return row.get(place).strip();
        }

        int number(List<String> row, String name, CsvRecords records) {
            String value = value(row, name, records);
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException noNumber) {
                throw AwsError.validation("Line " + records.line() + " of " + file + ": the " + name
                        + " must be a number, but is " + value + ".");
            }
        }
    }
}
