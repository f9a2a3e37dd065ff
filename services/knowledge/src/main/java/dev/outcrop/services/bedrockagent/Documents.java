package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.model.ContentDataSourceType;
import software.amazon.awssdk.services.bedrockagent.model.CustomContent;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceStatus;
import software.amazon.awssdk.services.bedrockagent.model.DataSourceType;
import software.amazon.awssdk.services.bedrockagent.model.DeleteKnowledgeBaseDocumentsRequest;
import software.amazon.awssdk.services.bedrockagent.model.DeleteKnowledgeBaseDocumentsResponse;
import software.amazon.awssdk.services.bedrockagent.model.DocumentContent;
import software.amazon.awssdk.services.bedrockagent.model.DocumentIdentifier;
import software.amazon.awssdk.services.bedrockagent.model.DocumentMetadata;
import software.amazon.awssdk.services.bedrockagent.model.DocumentStatus;
import software.amazon.awssdk.services.bedrockagent.model.GetKnowledgeBaseDocumentsRequest;
import software.amazon.awssdk.services.bedrockagent.model.GetKnowledgeBaseDocumentsResponse;
import software.amazon.awssdk.services.bedrockagent.model.IngestKnowledgeBaseDocumentsRequest;
import software.amazon.awssdk.services.bedrockagent.model.IngestKnowledgeBaseDocumentsResponse;
import software.amazon.awssdk.services.bedrockagent.model.InlineContent;
import software.amazon.awssdk.services.bedrockagent.model.InlineContentType;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseDocument;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseDocumentDetail;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseStatus;
import software.amazon.awssdk.services.bedrockagent.model.ListKnowledgeBaseDocumentsRequest;
import software.amazon.awssdk.services.bedrockagent.model.ListKnowledgeBaseDocumentsResponse;
import software.amazon.awssdk.services.bedrockagent.model.MetadataSourceType;

/**
 * Documents that are ingested and deleted one by one. What is asked for is on disk before the caller is answered, and
 * {@link DocumentsWork} does it; of several requests for one document the last counts.
 *
 * <p>Source: Amazon Bedrock User Guide, "Ingest changes directly into a knowledge base".
 */
final class Documents {
    /** Requests that are still to be done. */
    static final String PENDING = "bedrock:pending-document";

    private static final Set<DataSourceType> DIRECT = Set.of(DataSourceType.CUSTOM, DataSourceType.S3);

    private final KnowledgeRecords records;
    private final Manifest manifest;
    private final PendingBodies bodies;
    private final Supplier<Jobs> jobs;
    private final IdempotencyTokens tokens;
    private final Ids ids;
    private final InstantSource clock;

    Documents(
            KnowledgeRecords records,
            Manifest manifest,
            PendingBodies bodies,
            Supplier<Jobs> jobs,
            IdempotencyTokens tokens,
            Ids ids,
            InstantSource clock) {
        this.records = records;
        this.manifest = manifest;
        this.bodies = bodies;
        this.jobs = jobs;
        this.tokens = tokens;
        this.ids = ids;
        this.clock = clock;
    }

    IngestKnowledgeBaseDocumentsResponse ingest(IngestKnowledgeBaseDocumentsRequest request) {
        DataSource source = usable(request.knowledgeBaseId(), request.dataSourceId());
        for (KnowledgeBaseDocument document : request.documents()) {
            check(source, document.content());
            check(document.metadata());
        }
        refuseTwice(request.documents().stream()
                .map(document -> identifier(document.content()))
                .toList());
        return tokens.once(
                "bedrock:IngestKnowledgeBaseDocuments",
                request.clientToken(),
                request.toBuilder().clientToken(null).build(),
                IngestKnowledgeBaseDocumentsResponse::builder,
                () -> IngestKnowledgeBaseDocumentsResponse.builder()
                        .documentDetails(begin(
                                source,
                                request.documents().stream()
                                        .map(document -> new Request(
                                                identifier(document.content()),
                                                StoredShapes.write(document),
                                                DocumentStatus.STARTING))
                                        .toList()))
                        .build());
    }

    DeleteKnowledgeBaseDocumentsResponse delete(DeleteKnowledgeBaseDocumentsRequest request) {
        DataSource source = usable(request.knowledgeBaseId(), request.dataSourceId());
        request.documentIdentifiers().forEach(identifier -> check(source, identifier));
        refuseTwice(request.documentIdentifiers());
        return tokens.once(
                "bedrock:DeleteKnowledgeBaseDocuments",
                request.clientToken(),
                request.toBuilder().clientToken(null).build(),
                DeleteKnowledgeBaseDocumentsResponse::builder,
                () -> DeleteKnowledgeBaseDocumentsResponse.builder()
                        .documentDetails(begin(
                                source,
                                request.documentIdentifiers().stream()
                                        .map(identifier ->
                                                new Request(identifier, new byte[0], DocumentStatus.DELETING))
                                        .toList()))
                        .build());
    }

    /**
     * What is asked for one document.
     *
     * @param body     what is to be ingested; empty where it is to be deleted
     * @param accepted the status that says so
     */
    private record Request(DocumentIdentifier identifier, byte[] body, DocumentStatus accepted) {}

    private List<KnowledgeBaseDocumentDetail> begin(DataSource source, List<Request> requests) {
        CallContext call = CallContext.current();
        String batch = ids.lowercase(16);
        List<KnowledgeBaseDocumentDetail> details = requests.stream()
                .map(request -> accept(source, request, call, batch))
                .toList();
        boolean any = details.stream().anyMatch(detail -> detail.status() != DocumentStatus.NOT_FOUND);
        if (any) {
            jobs.get()
                    .submit(
                            DocumentsWork.KIND,
                            "bedrock-agent-documents-" + batch,
                            (source.knowledgeBaseId() + " " + source.dataSourceId() + " " + batch).getBytes(UTF_8));
        }
        return details;
    }

    private KnowledgeBaseDocumentDetail accept(DataSource source, Request request, CallContext call, String batch) {
        String identifier = name(request.identifier());
        boolean custom = request.identifier().dataSourceType() == ContentDataSourceType.CUSTOM;
        StoredDocument fresh =
                StoredDocument.fresh(source.knowledgeBaseId(), source.dataSourceId(), custom, identifier);
        if (request.accepted() == DocumentStatus.DELETING
                && manifest.find(source.dataSourceId(), identifier).isEmpty()) {
            return fresh.with(DocumentStatus.NOT_FOUND, "", clock.instant()).detail();
        }
        String pending = batch + "/" + Manifest.id(source.dataSourceId(), identifier);
        byte[] body = request.body().length == 0
                ? request.body()
                : bodies.seal(records.base(source.knowledgeBaseId()), source, pending, request.body());
        RecordKey key = new RecordKey(PENDING, call.account(), call.region(), pending);
        return manifest.change(
                        fresh,
                        present -> present.pending(pending).with(request.accepted(), "", clock.instant()),
                        transaction -> transaction.insert(key, batch, Optional.empty(), clock.instant(), body))
                .detail();
    }

    private DataSource usable(String base, String source) {
        KnowledgeBase found = records.base(base);
        DataSource usable = direct(base, source);
        if (found.status() != KnowledgeBaseStatus.ACTIVE) {
            throw Errors.invalid(
                    "The knowledge base with ID " + base + " must be ACTIVE, but is " + found.statusAsString() + ".");
        }
        if (usable.status() != DataSourceStatus.AVAILABLE) {
            throw Errors.invalid("The data source with ID " + source + " must be AVAILABLE, but is "
                    + usable.statusAsString() + ".");
        }
        return usable;
    }

    private DataSource direct(String base, String source) {
        records.base(base);
        DataSource found = records.source(base, source);
        if (!DIRECT.contains(found.dataSourceConfiguration().type())) {
            throw Errors.invalid("Documents of data sources of type "
                    + found.dataSourceConfiguration().typeAsString()
                    + " can't be ingested, listed or deleted one by one. Only CUSTOM and S3 are supported.");
        }
        return found;
    }

    private static void check(DataSource source, DocumentIdentifier identifier) {
        checkType(source, identifier.dataSourceType());
        boolean told = identifier.dataSourceType() == ContentDataSourceType.CUSTOM
                ? identifier.custom() != null
                : identifier.s3() != null;
        if (!told) {
            throw Errors.invalid("The document identifier must hold the field of its dataSourceType.");
        }
    }

    private static void checkType(DataSource source, ContentDataSourceType type) {
        if (!source.dataSourceConfiguration().typeAsString().equals(String.valueOf(type))) {
            throw Errors.invalid("The dataSourceType " + type + " does not match the type of the data source, "
                    + source.dataSourceConfiguration().typeAsString() + ".");
        }
    }

    private static void check(DataSource source, DocumentContent content) {
        checkType(source, content.dataSourceType());
        if (content.dataSourceType() == ContentDataSourceType.S3) {
            if (content.s3() == null) {
                throw Errors.invalid("The content must hold the field s3 for the dataSourceType S3.");
            }
            String bucket = source.dataSourceConfiguration().s3Configuration().bucketArn();
            String prefix = "s3://" + bucket.substring(bucket.lastIndexOf(':') + 1) + "/";
            if (!content.s3().s3Location().uri().startsWith(prefix)) {
                throw Errors.invalid("The document " + content.s3().s3Location().uri()
                        + " is not in the bucket of the data source.");
            }
            return;
        }
        CustomContent custom = content.custom();
        if (custom == null) {
            throw Errors.invalid("The content must hold the field custom for the dataSourceType CUSTOM.");
        }
        boolean told = switch (custom.sourceType()) {
            case IN_LINE -> custom.inlineContent() != null && isWhole(custom.inlineContent());
            case S3_LOCATION -> custom.s3Location() != null;
            default -> false;
        };
        if (!told) {
            throw Errors.invalid(
                    "The content must hold the field of its sourceType " + custom.sourceTypeAsString() + ".");
        }
    }

    private static boolean isWhole(InlineContent content) {
        return content.type() == InlineContentType.TEXT ? content.textContent() != null : content.byteContent() != null;
    }

    private static void check(DocumentMetadata metadata) {
        if (metadata == null) {
            return;
        }
        boolean inline = metadata.type() == MetadataSourceType.IN_LINE_ATTRIBUTE;
        if (inline ? !metadata.hasInlineAttributes() : metadata.s3Location() == null) {
            throw Errors.invalid("The metadata must hold the field of its type " + metadata.typeAsString() + ".");
        }
        if (inline) {
            Attributes.of(metadata.inlineAttributes());
        }
    }

    private static void refuseTwice(List<DocumentIdentifier> identifiers) {
        Set<String> names = new HashSet<>();
        for (DocumentIdentifier identifier : identifiers) {
            if (!names.add(name(identifier))) {
                throw Errors.invalid("The document " + name(identifier) + " is given more than once.");
            }
        }
    }

    private static DocumentIdentifier identifier(DocumentContent content) {
        return content.dataSourceType() == ContentDataSourceType.S3
                ? DocumentIdentifier.builder()
                        .dataSourceType(ContentDataSourceType.S3)
                        .s3(content.s3().s3Location())
                        .build()
                : DocumentIdentifier.builder()
                        .dataSourceType(ContentDataSourceType.CUSTOM)
                        .custom(content.custom().customDocumentIdentifier())
                        .build();
    }

    private static String name(DocumentIdentifier identifier) {
        return identifier.dataSourceType() == ContentDataSourceType.CUSTOM
                ? identifier.custom().id()
                : identifier.s3().uri();
    }

    GetKnowledgeBaseDocumentsResponse get(GetKnowledgeBaseDocumentsRequest request) {
        DataSource source = direct(request.knowledgeBaseId(), request.dataSourceId());
        request.documentIdentifiers().forEach(identifier -> check(source, identifier));
        return GetKnowledgeBaseDocumentsResponse.builder()
                .documentDetails(request.documentIdentifiers().stream()
                        .map(identifier -> detail(source, identifier))
                        .toList())
                .build();
    }

    private KnowledgeBaseDocumentDetail detail(DataSource source, DocumentIdentifier identifier) {
        return manifest.find(source.dataSourceId(), name(identifier))
                .map(StoredDocument::detail)
                .orElseGet(() -> KnowledgeBaseDocumentDetail.builder()
                        .knowledgeBaseId(source.knowledgeBaseId())
                        .dataSourceId(source.dataSourceId())
                        .identifier(identifier)
                        .status(DocumentStatus.NOT_FOUND)
                        .build());
    }

    ListKnowledgeBaseDocumentsResponse list(ListKnowledgeBaseDocumentsRequest request) {
        DataSource source = direct(request.knowledgeBaseId(), request.dataSourceId());
        Page<StoredDocument> page = manifest.page(source.dataSourceId(), request.maxResults(), request.nextToken());
        return ListKnowledgeBaseDocumentsResponse.builder()
                .documentDetails(
                        page.items().stream().map(StoredDocument::detail).toList())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }
}
