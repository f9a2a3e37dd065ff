package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.services.bedrockagent.ChunkMetadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockagentruntime.model.KnowledgeBaseRetrievalResult;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultContent;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultContentColumn;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultContentType;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultLocation;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultLocationType;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievedReference;

/**
 * A piece of a document that was found.
 *
 * @param id       by which it is known again: its key in the store, or its parent's id
 * @param text     what it says
 * @param metadata that of its document, and Bedrock's own
 * @param location where the document is, if that is told
 * @param score    the greater the better
 * @param row      the row of a table that it is; empty of a text
 */
record Passage(
        String id,
        String text,
        Map<String, MetadataValue> metadata,
        Optional<RetrievalResultLocation> location,
        double score,
        List<RetrievalResultContentColumn> row) {
    /** What nobody outside is told. */
    private static final Set<String> HIDDEN =
            Set.of(ChunkMetadata.DATA_SOURCE_TYPE, ChunkMetadata.PARENT_TEXT, ChunkMetadata.PARENT_ID);

    Passage {
        row = List.copyOf(row);
    }

    /** A text. */
    Passage(
            String id,
            String text,
            Map<String, MetadataValue> metadata,
            Optional<RetrievalResultLocation> location,
            double score) {
        this(id, text, metadata, location, score, List.of());
    }

    /** What a store found, as it is. */
    static Passage of(Match match) {
        return new Passage(match.key(), match.text(), match.metadata(), location(match.metadata()), match.score());
    }

    /** The parent that it was cut from, in its place; itself where it has none. */
    Passage parent() {
        Optional<String> id = text(metadata, ChunkMetadata.PARENT_ID);
        Optional<String> whole = text(metadata, ChunkMetadata.PARENT_TEXT);
        return id.isPresent() && whole.isPresent()
                ? new Passage(id.get(), whole.get(), metadata, location, score)
                : this;
    }

    Passage scored(double newScore) {
        return new Passage(id, text, metadata, location, newScore, row);
    }

    /** Whether it is a row of which {@code sentence} tells a value. */
    boolean isRowToldBy(String sentence) {
        return row.stream()
                .map(RetrievalResultContentColumn::columnValue)
                .filter(value -> !value.isBlank())
                .anyMatch(value -> Pattern.compile(
                                "(?<![\\p{L}\\p{N}])" + Pattern.quote(value.strip()) + "(?![\\p{L}\\p{N}])",
                                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(sentence)
                        .find());
    }

    KnowledgeBaseRetrievalResult result() {
        return KnowledgeBaseRetrievalResult.builder()
                .content(content())
                .location(location.orElse(null))
                .metadata(documents())
                .score(score)
                .build();
    }

    RetrievedReference reference() {
        return RetrievedReference.builder()
                .content(content())
                .location(location.orElse(null))
                .metadata(documents())
                .build();
    }

    private RetrievalResultContent content() {
        if (!row.isEmpty()) {
            return RetrievalResultContent.builder()
                    .type(RetrievalResultContentType.ROW)
                    .row(row)
                    .build();
        }
        return RetrievalResultContent.builder()
                .type(RetrievalResultContentType.TEXT)
                .text(text)
                .build();
    }

    private Map<String, Document> documents() {
        Map<String, Document> documents = new HashMap<>();
        metadata.forEach((key, value) -> {
            if (!HIDDEN.contains(key)) {
                documents.put(key, document(value));
            }
        });
        return documents.isEmpty() ? null : documents;
    }

    private static Document document(MetadataValue value) {
        return switch (value) {
            case MetadataValue.Text(String text) -> Document.fromString(text);
            case MetadataValue.Numeric(double number) ->
                number == Math.rint(number) && Math.abs(number) < 1L << 53
                        ? Document.fromNumber((long) number)
                        : Document.fromNumber(number);
            case MetadataValue.Flag(boolean flag) -> Document.fromBoolean(flag);
            case MetadataValue.Items(List<MetadataValue> items) ->
                Document.fromList(items.stream().map(Passage::document).toList());
        };
    }

    private static Optional<String> text(Map<String, MetadataValue> metadata, String key) {
        return metadata.get(key) instanceof MetadataValue.Text(String value) ? Optional.of(value) : Optional.empty();
    }

    private static Optional<RetrievalResultLocation> location(Map<String, MetadataValue> metadata) {
        return text(metadata, ChunkMetadata.SOURCE_URI)
                .map(uri ->
                        location(text(metadata, ChunkMetadata.DATA_SOURCE_TYPE).orElseGet(() -> guessed(uri)), uri));
    }

    /** Of what a store of the caller's own holds, the URI alone tells. */
    private static String guessed(String uri) {
        if (uri.startsWith("s3://")) {
            return "S3";
        }
        return uri.startsWith("http://") || uri.startsWith("https://") ? "WEB" : "CUSTOM";
    }

    private static RetrievalResultLocation location(String type, String uri) {
        RetrievalResultLocation.Builder location = RetrievalResultLocation.builder();
        switch (type) {
            case "S3" -> location.type(RetrievalResultLocationType.S3).s3Location(place -> place.uri(uri));
            case "WEB" -> location.type(RetrievalResultLocationType.WEB).webLocation(place -> place.url(uri));
            case "CONFLUENCE" ->
                location.type(RetrievalResultLocationType.CONFLUENCE).confluenceLocation(place -> place.url(uri));
            case "SALESFORCE" ->
                location.type(RetrievalResultLocationType.SALESFORCE).salesforceLocation(place -> place.url(uri));
            case "SHAREPOINT" ->
                location.type(RetrievalResultLocationType.SHAREPOINT).sharePointLocation(place -> place.url(uri));
            default -> location.type(RetrievalResultLocationType.CUSTOM).customDocumentLocation(place -> place.id(uri));
        }
        return location.build();
    }
}
