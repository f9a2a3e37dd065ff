package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.engines.documents.Chunking;
import dev.outcrop.engines.documents.Document;
import dev.outcrop.engines.documents.DocumentParser;
import dev.outcrop.engines.documents.FileFormat;
import dev.outcrop.engines.documents.Limits;
import dev.outcrop.engines.retrieval.LexicalOverlap;
import dev.outcrop.engines.retrieval.Reranker;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.kernel.Clients;
import dev.outcrop.services.bedrockagent.ChunkMetadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.bedrockagentruntime.model.ByteContentDoc;
import software.amazon.awssdk.services.bedrockagentruntime.model.ExternalSource;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultLocation;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrievalResultLocationType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Passages of a document that comes with the question, or that the caller may read in S3. A document of more than
 * {@value #MOST_PASSAGES} passages gives those that fit the question best, in their order.
 *
 * <p>Source: "Chat with your document without a knowledge base" and {@code ExternalSource} of the API reference.
 */
final class ExternalSources {
    private static final int MOST_PASSAGES = 10;
    private static final int MOST_READ_CLOSELY = 200;
    private static final int LARGEST = 10 * 1024 * 1024;
    private static final Pattern URI = Pattern.compile("s3://([^/]{1,63})/(.{1,1024})");
    private static final DocumentParser PARSER =
            new DocumentParser(new Limits(LARGEST, 4_000_000, 2_000, 100, Duration.ofSeconds(60)));

    private final Supplier<Clients> clients;
    private final Reranking reranking;

    ExternalSources(Supplier<Clients> clients, Reranking reranking) {
        this.clients = clients;
        this.reranking = reranking;
    }

    /** A file and where it is. */
    private record File(String name, byte[] content, FileFormat format, Optional<RetrievalResultLocation> location) {}

    List<Passage> passages(String question, List<ExternalSource> sources) {
        List<Passage> passages = new ArrayList<>();
        for (ExternalSource source : sources) {
            File file = file(source);
            Document document = Errors.depending(file.name(), () -> PARSER.parse(file.content(), file.format()));
            Chunking.FixedSize.DEFAULT
                    .chunks(document)
                    .forEach(chunk -> passages.add(new Passage(
                            file.name() + "#" + passages.size(),
                            chunk.text(),
                            metadata(file, chunk.firstPage()),
                            file.location(),
                            0)));
        }
        return chosen(question, passages);
    }

    private static Map<String, MetadataValue> metadata(File file, int page) {
        Map<String, MetadataValue> metadata = new HashMap<>();
        metadata.put(ChunkMetadata.SOURCE_URI, MetadataValue.of(file.name()));
        if (page > 0) {
            metadata.put(ChunkMetadata.PAGE_NUMBER, MetadataValue.of(page));
        }
        return metadata;
    }

    private List<Passage> chosen(String question, List<Passage> passages) {
        if (passages.size() <= MOST_PASSAGES) {
            return passages;
        }
        List<Passage> likely = best(passages, new LexicalOverlap(), question, MOST_READ_CLOSELY);
        return best(likely, reranking.reader().orElseGet(LexicalOverlap::new), question, MOST_PASSAGES);
    }

    /** Those with the highest scores, in the order of the document. */
    private static List<Passage> best(List<Passage> passages, Reranker reranker, String question, int most) {
        if (passages.size() <= most) {
            return passages;
        }
        double[] scores = Errors.depending(
                reranker.name(),
                () -> reranker.scores(
                        question, passages.stream().map(Passage::text).toList()));
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer index) -> scores[index])
                        .reversed())
                .limit(most)
                .sorted()
                .map(passages::get)
                .toList();
    }

    private File file(ExternalSource source) {
        return switch (source.sourceType()) {
            case S3 -> {
                if (source.s3Location() == null) {
                    throw Errors.invalid("A source of type S3 must have an s3Location.");
                }
                yield object(source.s3Location().uri());
            }
            case BYTE_CONTENT -> {
                if (source.byteContent() == null) {
                    throw Errors.invalid("A source of type BYTE_CONTENT must have a byteContent.");
                }
                yield given(source.byteContent());
            }
            case UNKNOWN_TO_SDK_VERSION -> throw Errors.invalid("A source must be of type S3 or BYTE_CONTENT.");
        };
    }

    private static File given(ByteContentDoc document) {
        FileFormat format = FileFormat.ofMediaType(document.contentType())
                .or(() -> FileFormat.ofName(document.identifier()))
                .orElseThrow(() -> Errors.invalid("The content type " + document.contentType() + " is not supported."));
        return new File(document.identifier(), document.data().asByteArray(), format, Optional.empty());
    }

    private File object(String uri) {
        Matcher place = URI.matcher(uri);
        if (!place.matches()) {
            throw Errors.invalid("The S3 URI " + uri + " is not valid.");
        }
        byte[] content;
        String mediaType;
        try (ResponseInputStream<GetObjectResponse> object = Errors.depending(
                uri,
                () -> clients.get()
                        .of(S3Client.class)
                        .getObject(request -> request.bucket(place.group(1)).key(place.group(2))))) {
            mediaType = object.response().contentType();
            content = object.readNBytes(LARGEST + 1);
        } catch (IOException failure) {
            throw new UncheckedIOException(uri + " was not read to its end", failure);
        }
        if (content.length > LARGEST) {
            throw Errors.invalid("The document " + uri + " is larger than 10 MB.");
        }
        FileFormat format = FileFormat.ofName(uri)
                .or(() -> Optional.ofNullable(mediaType).flatMap(FileFormat::ofMediaType))
                .orElseThrow(() -> Errors.invalid("The format of the document " + uri + " is not supported."));
        return new File(
                uri,
                content,
                format,
                Optional.of(RetrievalResultLocation.builder()
                        .type(RetrievalResultLocationType.S3)
                        .s3Location(location -> location.uri(uri))
                        .build()));
    }
}
