package dev.outcrop.services.textract;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.ocr.Page;
import dev.outcrop.engines.ocr.ReadingLimits;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.shapes.codec.StoredShapes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.textract.model.Block;
import software.amazon.awssdk.services.textract.model.ExpenseDocument;
import software.amazon.awssdk.services.textract.model.GetDocumentAnalysisResponse;
import software.amazon.awssdk.services.textract.model.GetDocumentTextDetectionResponse;
import software.amazon.awssdk.services.textract.model.GetExpenseAnalysisResponse;
import software.amazon.awssdk.services.textract.model.JobStatus;
import software.amazon.awssdk.services.textract.model.TextractException;
import software.amazon.awssdk.services.textract.model.UnsupportedDocumentException;

/**
 * Reads the document of a job page by page. What a page holds is kept at once, so that after a kill the job goes on with the
 * next page. Results are copied to the caller's bucket before the job counts as ended, and the topic is told after that.
 */
final class DocumentWork implements Work {
    /** The kind of its jobs. */
    static final String KIND = "textract:document";

    /** So many blocks are in a file of results. */
    static final int BLOCKS_A_FILE = 1000;

    /** So many invoices or receipts are in a file of results. */
    static final int EXPENSES_A_FILE = 20;

    private final JobStore store;
    private final Documents documents;
    private final OutputBucket output;
    private final JobNotices notices;

    DocumentWork(JobStore store, Documents documents, OutputBucket output, JobNotices notices) {
        this.store = store;
        this.documents = documents;
        this.output = output;
        this.notices = notices;
    }

    /** The job as it is after each page. */
    private static final class Progress {
        private StoredJob job;

        Progress(StoredJob job) {
            this.job = job;
        }
    }

    @Override
    public void run(JobRun run) {
        String id = id(run.job());
        Optional<StoredJob> present = store.find(id);
        if (present.isEmpty()) {
            return; // It waited for longer than results are kept.
        }
        Progress progress = new Progress(present.get());
        if (!progress.job.hasEnded()) {
            read(run, progress);
        }
        if (!progress.job.told()) {
            notices.tell(progress.job);
            store.change(id, StoredJob::asTold);
        }
    }

    private static String id(Job job) {
        return new String(job.input(), UTF_8);
    }

    private void read(JobRun run, Progress progress) {
        String id = progress.job.id();
        try {
            byte[] bytes =
                    documents.object(progress.job.request().documentLocation().s3Object(), ReadingLimits.ASYNCHRONOUS);
            documents.read(bytes, ReadingLimits.ASYNCHRONOUS, page -> {
                run.proceed();
                if (page.number() > progress.job.pieces().size()) {
                    progress.job = add(progress.job, page);
                }
            });
            end(progress, JobStatus.SUCCEEDED, Optional.empty(), Optional.empty());
        } catch (TextractException refusal) {
            int read = progress.job.pieces().size();
            String why = refusal instanceof UnsupportedDocumentException
                    ? "INVALID_IMAGE_TYPE"
                    : refusal.awsErrorDetails() == null
                            ? refusal.getMessage()
                            : refusal.awsErrorDetails().errorMessage();
            if (read == 0) {
                progress.job = store.change(id, job -> job.ended(JobStatus.FAILED, Optional.of(why), Optional.empty()));
            } else {
                end(progress, JobStatus.PARTIAL_SUCCESS, Optional.of(why), Optional.of(read + 1));
            }
        }
    }

    private StoredJob add(StoredJob job, Page page) {
        return switch (job.kind()) {
            case TEXT_DETECTION -> {
                List<Block> blocks = new BlockList(page).all();
                yield store.add(
                        job,
                        blocks.size(),
                        GetDocumentTextDetectionResponse.builder()
                                .blocks(blocks)
                                .build());
            }
            case ANALYSIS -> {
                Queries queries =
                        Queries.of(job.request().queriesConfig(), job.request().featureTypes(), Queries.ASYNCHRONOUS);
                List<Block> blocks =
                        Analysis.of(page, new HashSet<>(job.request().featureTypes()), queries);
                yield store.add(
                        job,
                        blocks.size(),
                        GetDocumentAnalysisResponse.builder().blocks(blocks).build());
            }
            case EXPENSE -> {
                ExpenseDocument expense = ExpenseAnswers.of(page);
                yield store.add(
                        job,
                        1,
                        GetExpenseAnalysisResponse.builder()
                                .expenseDocuments(expense)
                                .build());
            }
        };
    }

    private void end(Progress progress, JobStatus status, Optional<String> why, Optional<Integer> unread) {
        StoredJob ended = progress.job.ended(status, why, unread);
        if (ended.request().outputConfig() != null) {
            switch (ended.kind()) {
                case TEXT_DETECTION ->
                    deliver(
                            ended,
                            BLOCKS_A_FILE,
                            piece -> store.result(ended, piece, GetDocumentTextDetectionResponse::builder)
                                    .blocks(),
                            blocks -> Answers.text(ended, blocks, null, List.of()));
                case ANALYSIS ->
                    deliver(
                            ended,
                            BLOCKS_A_FILE,
                            piece -> store.result(ended, piece, GetDocumentAnalysisResponse::builder)
                                    .blocks(),
                            blocks -> Answers.analysis(ended, blocks, null, List.of()));
                case EXPENSE ->
                    deliver(
                            ended,
                            EXPENSES_A_FILE,
                            piece -> store.result(ended, piece, GetExpenseAnalysisResponse::builder)
                                    .expenseDocuments(),
                            expenses -> Answers.expense(ended, expenses, null, List.of()));
            }
        }
        progress.job = store.change(ended.id(), job -> job.ended(status, why, unread));
    }

    private <T> void deliver(
            StoredJob job, int most, Function<Integer, List<T>> piece, Function<List<T>, SdkPojo> answer) {
        List<T> waiting = new ArrayList<>();
        int file = 1;
        for (int i = 0; i < job.pieces().size(); i++) {
            waiting.addAll(piece.apply(i));
            while (waiting.size() >= most) {
                put(job, file++, () -> answer.apply(List.copyOf(waiting.subList(0, most))));
                waiting.subList(0, most).clear();
            }
        }
        if (!waiting.isEmpty()) {
            put(job, file, () -> answer.apply(List.copyOf(waiting)));
        }
    }

    private void put(StoredJob job, int file, Supplier<SdkPojo> answer) {
        output.put(job.id(), job.request(), file, StoredShapes.write(answer.get()));
    }

    @Override
    public void ended(Job job) {
        store.find(id(job)).filter(found -> !found.hasEnded()).ifPresent(found -> {
            StoredJob failed = store.change(
                    found.id(),
                    present -> present.ended(
                            JobStatus.FAILED,
                            Optional.of(job.reason().orElse("The job was stopped")),
                            Optional.empty()));
            notices.tell(failed);
        });
    }
}
