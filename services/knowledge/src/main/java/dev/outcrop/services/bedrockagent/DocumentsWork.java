package dev.outcrop.services.bedrockagent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.VectorStoreException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.StoredRecord;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.bedrockagent.model.ByteContentDoc;
import software.amazon.awssdk.services.bedrockagent.model.CustomContent;
import software.amazon.awssdk.services.bedrockagent.model.CustomS3Location;
import software.amazon.awssdk.services.bedrockagent.model.CustomSourceType;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.DocumentContent;
import software.amazon.awssdk.services.bedrockagent.model.DocumentMetadata;
import software.amazon.awssdk.services.bedrockagent.model.DocumentStatus;
import software.amazon.awssdk.services.bedrockagent.model.InlineContentType;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseDocument;
import software.amazon.awssdk.services.bedrockagent.model.MetadataSourceType;

/**
 * Does what {@link Documents} has accepted, a request of one to ten documents at a time. Requests for one data source wait
 * for each other, so that no document is written by two.
 */
final class DocumentsWork implements Work {
    /** The kind of its jobs. */
    static final String KIND = "bedrock-agent:documents";

    private final KnowledgeRecords records;
    private final Manifest manifest;
    private final PendingBodies bodies;
    private final KnowledgeStores stores;
    private final Indexing indexing;
    private final Supplier<Clients> clients;
    private final InstantSource clock;
    private final Turns turns;

    DocumentsWork(
            KnowledgeRecords records,
            Manifest manifest,
            PendingBodies bodies,
            KnowledgeStores stores,
            Indexing indexing,
            Supplier<Clients> clients,
            Turns turns,
            InstantSource clock) {
        this.records = records;
        this.manifest = manifest;
        this.bodies = bodies;
        this.stores = stores;
        this.indexing = indexing;
        this.clients = clients;
        this.turns = turns;
        this.clock = clock;
    }

    @Override
    public void run(JobRun run) throws InterruptedException {
        String[] input = new String(run.job().input(), UTF_8).split(" ", 3);
        try (Turns.Turn _ = turns.await(run, input[1])) {
            Optional<DataSource> source = records.sources().find(input[1]);
            Optional<KnowledgeBase> base = records.bases().find(input[0]);
            if (source.isPresent() && base.isPresent()) {
                all(run, base.get(), source.get(), input[2]);
            }
        }
    }

    private void all(JobRun run, KnowledgeBase base, DataSource source, String batch) {
        List<StoredRecord> requests = pending(batch);
        try (VectorStore store = stores.open(base)) {
            Indexing.Place place = new Indexing.Place(base, source, store);
            int done = 0;
            for (StoredRecord request : requests) {
                run.progress((double) done++ / requests.size());
                one(place, request);
            }
        } catch (VectorStoreException failure) {
            throw new AwsError(
                    "IngestionFailed", 400, Indexing.unstorable(base, failure).getMessage());
        }
    }

    private List<StoredRecord> pending(String batch) {
        CallContext call = CallContext.current();
        return records.records()
                .list(new RecordQuery(
                        Documents.PENDING,
                        Optional.of(call.account()),
                        Optional.of(call.region()),
                        Optional.of(batch),
                        RecordQuery.Order.ID,
                        Optional.empty(),
                        RecordQuery.MAXIMUM_LIMIT));
    }

    private void one(Indexing.Place place, StoredRecord request) {
        String id = request.key().id().substring(request.key().id().indexOf('/') + 1);
        Optional<StoredDocument> document = manifest.get(id)
                .filter(found -> found.pending().equals(request.key().id()));
        if (document.isEmpty()) {
            records.records().write(transaction -> transaction.delete(request.key()));
        } else if (request.body().length == 0) {
            manifest.change(
                    document.get(), present -> present.with(DocumentStatus.DELETE_IN_PROGRESS, "", clock.instant()));
            Lifecycle.remove(place.store(), document.get());
            manifest.remove(document.get(), transaction -> transaction.delete(request.key()));
        } else {
            ingest(place, document.get(), request);
        }
    }

    private void ingest(Indexing.Place place, StoredDocument document, StoredRecord request) {
        boolean metadataOnly = false;
        try {
            byte[] body = bodies.open(place.base(), request.key().id(), request.body());
            KnowledgeBaseDocument wanted = StoredShapes.read(body, KnowledgeBaseDocument::builder);
            FoundDocument found = found(place.base(), document, wanted);
            boolean same = !document.version().isEmpty() && document.version().equals(found.version());
            metadataOnly = same && !document.metadataVersion().equals(found.metadataVersion());
            StoredDocument done = same
                    ? indexing.renewMetadata(place, document, found)
                    : indexing.index(place, document, found, document.job());
            end(done.with(DocumentStatus.INDEXED, "", clock.instant()), request);
        } catch (DocumentFailure failure) {
            StoredDocument present = manifest.get(document.id()).orElse(document);
            DocumentStatus status = metadataOnly ? DocumentStatus.METADATA_UPDATE_FAILED : failure.status();
            end(present.with(status, failure.getMessage(), clock.instant()), request);
        } catch (SourceFailure failure) {
            StoredDocument present = manifest.get(document.id()).orElse(document);
            end(present.with(DocumentStatus.FAILED, failure.getMessage(), clock.instant()), request);
        }
    }

    /** A request that came meanwhile keeps its place: the document's status is then for that one to say. */
    private void end(StoredDocument done, StoredRecord request) {
        String mine = request.key().id();
        manifest.change(
                done,
                present -> present.pending().equals(mine)
                        ? done.pending("")
                        : done.pending(present.pending()).with(present.state(), present.reason(), clock.instant()),
                (RecordTransaction transaction) -> transaction.delete(request.key()));
    }

    private FoundDocument found(KnowledgeBase base, StoredDocument document, KnowledgeBaseDocument wanted) {
        DocumentContent content = wanted.content();
        BaseRole role = new BaseRole(clients, base);
        FoundDocument found;
        if (!document.custom()) {
            found = object(role, document.identifier(), Optional.empty());
        } else if (content.custom().sourceType() == CustomSourceType.S3_LOCATION) {
            CustomS3Location location = content.custom().s3Location();
            FoundDocument object = object(role, location.uri(), Optional.ofNullable(location.bucketOwnerAccountId()));
            found = new FoundDocument(
                    document.identifier(),
                    true,
                    object.name(),
                    "",
                    object.version(),
                    "",
                    object.content(),
                    () -> Attributes.NONE);
        } else {
            found = inline(document, content.custom());
        }
        return wanted.metadata() == null ? found : with(role, found, wanted.metadata());
    }

    private static FoundDocument object(BaseRole role, String uri, Optional<String> owner) {
        String[] parts = uri.substring("s3://".length()).split("/", 2);
        if (parts.length < 2 || parts[1].isEmpty()) {
            throw DocumentFailure.failed("The URI " + uri + " names no object");
        }
        return S3Source.of(role, parts[0], owner).find(parts[1]);
    }

    private static FoundDocument inline(StoredDocument document, CustomContent content) {
        boolean text = content.inlineContent().type() == InlineContentType.TEXT;
        ByteContentDoc bytes = content.inlineContent().byteContent();
        byte[] data = text
                ? content.inlineContent().textContent().data().getBytes(UTF_8)
                : bytes.data().asByteArray();
        return new FoundDocument(
                document.identifier(),
                true,
                "",
                text ? "text/plain" : bytes.mimeType(),
                digest(data),
                "",
                () -> data,
                () -> Attributes.NONE);
    }

    private static FoundDocument with(BaseRole role, FoundDocument found, DocumentMetadata metadata) {
        Supplier<Attributes> attributes;
        String version;
        if (metadata.type() == MetadataSourceType.IN_LINE_ATTRIBUTE) {
            attributes = () -> Attributes.of(metadata.inlineAttributes());
            version = digest(StoredShapes.write(metadata));
        } else {
            CustomS3Location location = metadata.s3Location();
            FoundDocument file = object(role, location.uri(), Optional.ofNullable(location.bucketOwnerAccountId()));
            attributes = () -> Attributes.read(file.content().get());
            version = file.version();
        }
        return new FoundDocument(
                found.identifier(),
                found.custom(),
                found.name(),
                found.mediaType(),
                found.version(),
                version,
                found.content(),
                attributes);
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** What a job left that failed as a whole, such as for its store, has failed. */
    @Override
    public void ended(Job job) {
        String batch = new String(job.input(), UTF_8).split(" ", 3)[2];
        for (StoredRecord request : pending(batch)) {
            String id = request.key().id().substring(request.key().id().indexOf('/') + 1);
            manifest.get(id)
                    .filter(found -> found.pending().equals(request.key().id()))
                    .ifPresentOrElse(
                            found -> end(
                                    found.with(
                                            DocumentStatus.FAILED, job.reason().orElse(""), clock.instant()),
                                    request),
                            () -> records.records().write(transaction -> transaction.delete(request.key())));
        }
    }
}
