package dev.outcrop.services.comprehend.custom;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.services.comprehend.documents.S3Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.comprehend.model.AugmentedManifestsDocumentTypeFormat;
import software.amazon.awssdk.services.comprehend.model.AugmentedManifestsListItem;

/**
 * Augmented manifests of SageMaker Ground Truth: a line of JSON for each text, with what a labelling job said of it.
 *
 * <p>Source: Amazon Comprehend developer guide, "Augmented manifest file".
 */
final class Manifests {
    private static final int MOST = 5;
    private static final int LONGEST_LINE = 10 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RoleBuckets buckets;

    Manifests(RoleBuckets buckets) {
        this.buckets = buckets;
    }

    /** What is told of each text. */
    interface Reader {
        /**
         * @param attribute that the manifest was given for
         * @param line      with the attribute and its metadata
         */
        void read(String text, String attribute, JsonNode line);
    }

    /**
     * Makes sure that manifests can be read.
     *
     * @throws AwsError {@code NotImplementedException} for those of documents that are no plain texts
     */
    static void check(List<AugmentedManifestsListItem> manifests) {
        if (manifests.isEmpty() || manifests.size() > MOST) {
            throw Failures.invalid("AugmentedManifests must have 1 to " + MOST + " items.");
        }
        for (AugmentedManifestsListItem manifest : manifests) {
            if (manifest.attributeNames().isEmpty() || manifest.attributeNames().size() > MOST) {
                throw Failures.invalid("AttributeNames must have 1 to " + MOST + " items.");
            }
            if (manifest.documentType() == AugmentedManifestsDocumentTypeFormat.SEMI_STRUCTURED_DOCUMENT) {
                throw AwsError.notImplemented("comprehend", "augmented manifests of semi-structured documents");
            }
        }
    }

    void read(AugmentedManifestsListItem manifest, Reader reader) throws IOException {
        S3Place place = S3Place.of(manifest.s3Uri());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(buckets.open(place.bucket(), place.key()), UTF_8))) {
            read(manifest, lines, reader);
        }
    }

    void read(AugmentedManifestsListItem manifest, BufferedReader lines, Reader reader) throws IOException {
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (!line.isBlank()) {
                read(manifest, line, number, reader);
            }
        }
    }

    private void read(AugmentedManifestsListItem manifest, String line, int number, Reader reader) throws IOException {
        JsonNode node = parsed(manifest, line, number);
        String text = node.hasNonNull("source") ? node.path("source").asText() : referred(manifest, node, number);
        Optional<String> attribute =
                manifest.attributeNames().stream().filter(node::has).findFirst();
        // Texts that nobody has labelled yet have none.
        attribute.ifPresent(name -> reader.read(text, name, node));
    }

    private static JsonNode parsed(AugmentedManifestsListItem manifest, String line, int number) {
        if (line.length() > LONGEST_LINE) {
            throw wrong(manifest, number, "is longer than " + LONGEST_LINE + " characters");
        }
        try {
            JsonNode node = JSON.readTree(line);
            if (node.isObject()) {
                return node;
            }
        } catch (IOException notJson) {
            // Told below.
        }
        throw wrong(manifest, number, "is no JSON object");
    }

    private String referred(AugmentedManifestsListItem manifest, JsonNode node, int number) throws IOException {
        String uri = node.path("source-ref").asText();
        if (!uri.startsWith("s3://")) {
            throw wrong(manifest, number, "has neither source nor source-ref");
        }
        S3Place place = S3Place.of(uri);
        return new String(buckets.read(place.bucket(), place.key(), LONGEST_LINE), UTF_8);
    }

    static AwsError wrong(AugmentedManifestsListItem manifest, int number, String what) {
        return AwsError.validation("Line " + number + " of " + manifest.s3Uri() + " " + what + ".");
    }
}
