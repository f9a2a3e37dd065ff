package dev.outcrop.services.textract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.ocr.ReadingLimits;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Pages;
import dev.outcrop.kernel.jobs.Jobs;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.textract.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.textract.model.JobStatus;
import software.amazon.awssdk.services.textract.model.LimitExceededException;
import software.amazon.awssdk.services.textract.model.StartDocumentAnalysisRequest;
import software.amazon.awssdk.services.textract.model.StartDocumentAnalysisResponse;
import software.amazon.awssdk.services.textract.model.Warning;

/**
 * Starts jobs and tells what they found; {@link DocumentWork} does them.
 *
 * <p>Source: "Processing Documents Asynchronously" of the Amazon Textract Developer Guide, and the operations' pages of the API
 * reference; the number of jobs at once is a default quota.
 */
final class DocumentJobs {
    private static final int MOST_ACTIVE = 600;

    private final JobStore store;
    private final Documents documents;
    private final OutputBucket output;
    private final IdempotencyTokens idempotency;
    private final Pages pages;
    private final Supplier<Jobs> jobs;
    private final Ids ids;
    private final InstantSource clock;

    DocumentJobs(
            JobStore store,
            Documents documents,
            OutputBucket output,
            IdempotencyTokens idempotency,
            Pages pages,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        this.store = store;
        this.documents = documents;
        this.output = output;
        this.idempotency = idempotency;
        this.pages = pages;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    /** Starts a job and tells its id. */
    String start(JobKind kind, StartDocumentAnalysisRequest request) {
        if (kind == JobKind.ANALYSIS) {
            if (request.featureTypes().isEmpty()) {
                throw TextractFailures.invalid("FeatureTypes must not be empty");
            }
            Queries.of(request.queriesConfig(), request.featureTypes(), Queries.ASYNCHRONOUS);
        }
        if (request.adaptersConfig() != null) {
            throw AwsError.notImplemented("textract", kind.operation() + " with adapters");
        }
        try {
            return idempotency
                    .once(
                            "textract:" + kind.operation(),
                            request.clientRequestToken(),
                            request.toBuilder().clientRequestToken(null).build(),
                            StartDocumentAnalysisResponse::builder,
                            () -> StartDocumentAnalysisResponse.builder()
                                    .jobId(submit(kind, request))
                                    .build())
                    .jobId();
        } catch (AwsError conflict) {
            if (!conflict.code().equals("ConflictException")) {
                throw conflict;
            }
            throw IdempotentParameterMismatchException.builder()
                    .message(
                            "A ClientRequestToken input parameter was reused with an operation, but at least one of the"
                                    + " other input parameters is different from the previous call to the operation.")
                    .build();
        }
    }

    private String submit(JobKind kind, StartDocumentAnalysisRequest request) {
        if (store.active(MOST_ACTIVE) >= MOST_ACTIVE) {
            throw LimitExceededException.builder()
                    .message("An Amazon Textract service limit was exceeded: " + MOST_ACTIVE
                            + " asynchronous jobs are in progress. Retry once the number of concurrently running jobs is"
                            + " below the limit.")
                    .build();
        }
        if (request.documentLocation() == null) {
            throw TextractFailures.invalid("DocumentLocation must be given");
        }
        documents.check(request.documentLocation().s3Object(), ReadingLimits.ASYNCHRONOUS);
        String id = ids.hexadecimal(64);
        output.check(id, request);
        store.insert(new StoredJob(
                id,
                kind,
                request,
                clock.instant(),
                JobStatus.IN_PROGRESS,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false));
        jobs.get().submit(DocumentWork.KIND, id, id.getBytes(UTF_8));
        return id;
    }

    /**
     * A page of what a job found.
     *
     * @param next null on the last page, as responses have it
     */
    record Found<T>(StoredJob job, List<T> items, String next, List<Warning> warnings) {}

    /**
     * A page of what the job with {@code id} found; nothing as long as it runs.
     *
     * @param most how many items a page has at most
     * @param page the items of one page of the document
     */
    <T> Found<T> get(JobKind kind, String id, Integer wanted, int most, String token, Function<Piece, List<T>> page) {
        StoredJob job = store.find(id).filter(found -> found.kind() == kind).orElseThrow(TextractFailures::unknownJob);
        boolean readable = job.status() == JobStatus.SUCCEEDED || job.status() == JobStatus.PARTIAL_SUCCESS;
        if (!readable) {
            return new Found<>(job, List.of(), null, List.of());
        }
        int limit = Math.min(wanted == null ? most : wanted, most);
        String list = CallContext.current().account() + " " + id;
        int from = pages.begin(list, token);
        int total = job.pieces().stream().mapToInt(Integer::intValue).sum();
        List<T> items = new ArrayList<>();
        int begin = 0;
        for (int piece = 0; piece < job.pieces().size() && items.size() < limit; piece++) {
            int end = begin + job.pieces().get(piece);
            if (end > from) {
                List<T> all = page.apply(new Piece(job, piece));
                int first = Math.max(0, from - begin);
                items.addAll(all.subList(first, Math.min(all.size(), first + limit - items.size())));
            }
            begin = end;
        }
        List<Warning> warnings = job.unread().stream()
                .map(unread -> Warning.builder()
                        .errorCode("UNREADABLE_PAGE")
                        .pages(unread)
                        .build())
                .toList();
        return new Found<>(
                job, items, pages.next(list, from + items.size(), total).orElse(null), warnings);
    }

    /** One page of a document that a job has read. */
    record Piece(StoredJob job, int number) {}
}
