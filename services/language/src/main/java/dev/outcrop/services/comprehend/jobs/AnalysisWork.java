package dev.outcrop.services.comprehend.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.services.comprehend.Analyses;
import dev.outcrop.services.comprehend.custom.CustomModels;
import dev.outcrop.services.comprehend.documents.Document;
import dev.outcrop.services.comprehend.documents.DocumentSource;
import dev.outcrop.services.comprehend.documents.ReadDocument;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.services.comprehend.documents.S3Place;
import dev.outcrop.services.comprehend.documents.SemiStructuredDocuments;
import dev.outcrop.services.comprehend.documents.TarGz;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.comprehend.model.EntitiesDetectionJobProperties;
import software.amazon.awssdk.services.comprehend.model.InputDataConfig;
import software.amazon.awssdk.services.comprehend.model.JobStatus;
import software.amazon.awssdk.services.comprehend.model.TopicsDetectionJobProperties;
import software.amazon.awssdk.services.textract.TextractClient;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Does analysis jobs: each document becomes a line, which is kept until all are done and then delivered. A job that was
 * killed goes on behind the last piece that was kept.
 */
public final class AnalysisWork {
    private static final Logger LOG = LoggerFactory.getLogger(AnalysisWork.class);
    private static final int PIECE_DOCUMENTS = 64;
    private static final int PIECE_BYTES = 256 << 10;
    private static final int MOST_PAGES = 100;
    private static final long PIECE_NANOS = 2_000_000_000L;

    private final AnalysisJobs jobs;
    private final Analyses analyses;
    private final CustomModels models;
    private final Supplier<Clients> clients;
    private final FinishedPieces finished;
    private final SemiStructuredDocuments documents = new SemiStructuredDocuments();

    public AnalysisWork(
            AnalysisJobs jobs,
            Analyses analyses,
            CustomModels models,
            Supplier<Clients> clients,
            Records records,
            Secrets secrets,
            InstantSource clock) {
        this.jobs = jobs;
        this.analyses = analyses;
        this.models = models;
        this.clients = clients;
        finished = new FinishedPieces(records, secrets, clock);
    }

    /** The work of all kinds of jobs. */
    public Background background() {
        Map<String, Work> work = new HashMap<>();
        for (JobKind<?, ?> kind : JobKind.ALL) {
            work.put(kind.work(), new OfKind<>(kind));
        }
        return new Background(work, List.of());
    }

    private final class OfKind<B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo> implements Work {
        private final JobKind<B, P> kind;

        OfKind(JobKind<B, P> kind) {
            this.kind = kind;
        }

        @Override
        public void run(JobRun run) throws Exception {
            String id = new String(run.job().input(), UTF_8);
            jobs.change(kind, id, JobStatus.IN_PROGRESS, Optional.empty());
            EntitiesDetectionJobProperties common = jobs.common(kind, id);
            RoleBuckets buckets = new RoleBuckets(clients, common.dataAccessRoleArn(), common.jobArn());
            CallContext named = CallContext.current().toBuilder()
                    .sourceArn(Optional.of(common.jobArn()))
                    .build();
            named.<Void, Exception>call(() -> {
                if (jobs.get(kind, id) instanceof TopicsDetectionJobProperties topics) {
                    new TopicWork(topics, buckets).run(run);
                } else {
                    analyse(run, kind, id, common, buckets);
                }
                return null;
            });
        }

        @Override
        public void ended(Job job) {
            String id = new String(job.input(), UTF_8);
            switch (job.status()) {
                case COMPLETED -> jobs.change(kind, id, JobStatus.COMPLETED, Optional.empty());
                case STOPPED -> jobs.change(kind, id, JobStatus.STOPPED, Optional.empty());
                default -> jobs.change(kind, id, JobStatus.FAILED, job.reason());
            }
            finished.forget(id);
        }
    }

    private void analyse(
            JobRun run, JobKind<?, ?> kind, String id, EntitiesDetectionJobProperties common, RoleBuckets buckets)
            throws IOException {
        DocumentAnalysis analysis = DocumentAnalysis.of(kind, jobs.get(kind, id), common, analyses, models);
        try (DocumentSource source = source(kind, id, common, buckets)) {
            FinishedPieces.Place place = finished.last(id);
            Optional<Document> next = resume(source, place);
            while (next.isPresent()) {
                ByteArrayOutputStream lines = new ByteArrayOutputStream();
                int file = next.get().fileNumber();
                int last = -1;
                int count = 0;
                long began = System.nanoTime();
                while (next.isPresent()
                        && count < PIECE_DOCUMENTS
                        && lines.size() < PIECE_BYTES
                        && System.nanoTime() - began < PIECE_NANOS
                        && (!kind.equals(JobKind.PII) || next.get().fileNumber() == file)) {
                    run.proceed();
                    lines.writeBytes((line(analysis, next.get()) + "\n").getBytes(UTF_8));
                    file = next.get().fileNumber();
                    last = next.get().line().orElse(-1);
                    count++;
                    next = source.next();
                }
                Optional<FinishedPieces.Place> added = finished.add(
                        id, kind.equals(JobKind.PII) ? file : 0, place, file, last, count, lines.toByteArray());
                if (added.isPresent()) {
                    place = added.get();
                } else {
                    place = finished.last(id);
                    next = resume(source, place);
                }
                run.progress(Math.min(0.99, (double) source.filesRead() / source.files()));
            }
            deliver(kind, id, common, buckets, place.piece(), source.names());
        }
    }

    /** Models that users trained read more than plain texts. */
    private DocumentSource source(
            JobKind<?, ?> kind, String id, EntitiesDetectionJobProperties common, RoleBuckets buckets) {
        InputDataConfig input = common.inputDataConfig();
        if (!AnalysisJobs.isCustom(jobs.get(kind, id))) {
            return new DocumentSource(buckets, input, kind.limits());
        }
        Function<byte[], ReadDocument> reader = file -> documents.read(
                file,
                Optional.ofNullable(input.documentReaderConfig()),
                MOST_PAGES,
                operation -> buckets.as(TextractClient.class, operation));
        return new DocumentSource(buckets, input, kind.limits(), Optional.of(reader));
    }

    /** The first document that is not done yet. */
    private static Optional<Document> resume(DocumentSource source, FinishedPieces.Place place) throws IOException {
        if (place.piece() == 0) {
            source.skipToFile(0);
            return source.next();
        }
        source.skipToFile(place.line() < 0 ? place.file() + 1 : place.file());
        Optional<Document> next = source.next();
        while (next.isPresent()
                && next.get().fileNumber() == place.file()
                && next.get().line().orElse(-1) <= place.line()) {
            next = source.next();
        }
        return next;
    }

    private static String line(DocumentAnalysis analysis, Document document) {
        if (document.problem().isPresent()) {
            return DocumentAnalysis.problem(document, document.problem().get());
        }
        try {
            return analysis.line(document);
        } catch (AwsServiceException | AwsError refused) {
            throw refused; // The language, say: it would be so with all documents.
        } catch (RuntimeException failure) {
            LOG.error("a document of the file {} could not be analysed", document.file(), failure);
            return DocumentAnalysis.problem(
                    document,
                    new Document.Problem("INTERNAL_SERVER_ERROR", "An internal error occurred with the document."));
        }
    }

    private void deliver(
            JobKind<?, ?> kind,
            String id,
            EntitiesDetectionJobProperties common,
            RoleBuckets buckets,
            int pieces,
            List<String> names)
            throws IOException {
        S3Place target = S3Place.of(common.outputDataConfig().s3Uri());
        Optional<String> key = Optional.ofNullable(common.outputDataConfig().kmsKeyId());
        if (!kind.equals(JobKind.PII)) {
            FinishedPieces.Place lengths = finished.lengths(id, 0);
            if (lengths.piece() != pieces) {
                return; // Another server did the job, too, and has delivered all of it.
            }
            try (InputStream content = finished.compressed(id, 0)) {
                TarGz.Joined archive = TarGz.joined("output", lengths.bytes(), lengths.compressed(), content);
                buckets.put(target, key, RequestBody.fromInputStream(archive.content(), archive.size()));
            }
            return;
        }
        List<FinishedPieces.Place> lengths = IntStream.range(0, names.size())
                .mapToObj(file -> finished.lengths(id, file))
                .toList();
        if (lengths.stream().mapToInt(FinishedPieces.Place::piece).sum() != pieces) {
            return;
        }
        for (int file = 0; file < names.size(); file++) {
            long size = lengths.get(file).bytes();
            try (InputStream content =
                    size == 0 ? InputStream.nullInputStream() : new GZIPInputStream(finished.compressed(id, file))) {
                buckets.put(target.below(names.get(file) + ".out"), key, RequestBody.fromInputStream(content, size));
            }
        }
    }
}
