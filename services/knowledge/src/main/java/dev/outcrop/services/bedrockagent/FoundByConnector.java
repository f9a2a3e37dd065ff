package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.sources.DocumentSource;
import dev.outcrop.engines.sources.SourceDocument;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.kernel.AwsError;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What connectors list, as ingestion takes it. */
final class FoundByConnector {
    private FoundByConnector() {}

    static Source.Found list(DocumentSource source) {
        DocumentSource.Listing listing;
        try {
            listing = source.list();
        } catch (SourceException | AwsServiceException | AwsError failure) {
            throw new SourceFailure(
                    "Encountered error: " + Errors.told(failure) + ". Call to Customer Source did not succeed.");
        }
        List<FoundDocument> documents =
                listing.documents().stream().map(FoundByConnector::document).toList();
        Map<String, String> failures = new LinkedHashMap<>();
        listing.failures().forEach(failure -> failures.put(failure.uri(), failure.reason()));
        return new Source.Found(documents, 0, failures, listing.complete());
    }

    private static FoundDocument document(SourceDocument document) {
        return new FoundDocument(
                document.uri(),
                false,
                document.name(),
                document.mediaType(),
                document.version(),
                "",
                () -> content(document),
                () -> attributes(document));
    }

    private static byte[] content(SourceDocument document) {
        try (InputStream content = document.content().open()) {
            byte[] bytes = content.readNBytes((int) S3Source.LARGEST + 1);
            if (bytes.length > S3Source.LARGEST) {
                throw DocumentFailure.ignored("Ignored 1 files as their file size was larger than the limit of 50 MB");
            }
            return bytes;
        } catch (SourceException | IOException unreadable) {
            throw DocumentFailure.failed(unreadable.getMessage() + ".");
        }
    }

    private static Attributes attributes(SourceDocument document) {
        Map<String, MetadataValue> values = new LinkedHashMap<>();
        document.metadata().forEach((key, value) -> values.put(key, MetadataValue.of(value)));
        return new Attributes(values, Set.of(), Optional.empty());
    }
}
