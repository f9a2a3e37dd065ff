package dev.outcrop.services.batch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.JobStopped;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.model.GetModelInvocationJobResponse;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobS3InputDataConfig;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobS3OutputDataConfig;
import software.amazon.awssdk.services.bedrock.model.ModelInvocationJobStatus;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ModelNotReadyException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * Does batch inference jobs: looks through the whole input first, then asks the model record by record, and puts the output
 * at the end, whichever way the job ends.
 */
public final class BatchWork implements Work {
    /** How many records are asked at once. */
    static final int CONCURRENCY = 2;

    private static final int FEWEST_RECORDS = 100;
    private static final int MOST_RECORDS = 50_000;
    private static final long LARGEST_FILE = 1L << 30;
    private static final long LARGEST_INPUT = 5L << 30;
    private static final int LONGEST_LINE = 25 << 20;
    private static final int PIECE_RECORDS = 16;
    private static final int PIECE_BYTES = 4 << 20;
    private static final int MOST_ATTEMPTS = 6;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BatchJobs jobs;
    private final BatchMetering metering;
    private final FinishedRecords finished;
    private final Supplier<Clients> clients;
    private final Ids ids;
    private final InstantSource clock;

    public BatchWork(
            BatchJobs jobs,
            BatchMetering metering,
            Records records,
            Secrets secrets,
            Supplier<Clients> clients,
            Ids ids,
            InstantSource clock) {
        this.jobs = jobs;
        this.metering = metering;
        this.finished = new FinishedRecords(records, secrets, clock);
        this.clients = clients;
        this.ids = ids;
        this.clock = clock;
    }

    /** A file of the input. */
    private record InputFile(int number, String key, long records) {
        String name() {
            return key.substring(key.lastIndexOf('/') + 1);
        }
    }

    /** One record's line of the output. */
    private record Answered(ObjectNode line, boolean failed) {}

    @Override
    public void run(JobRun run) throws Exception {
        String id = run.job().id();
        GetModelInvocationJobResponse job = jobs.get(id);
        if (BatchJobs.hasEnded(job)) {
            return; // All was put before the server was killed.
        }
        CallContext call = CallContext.current();
        CallContext own =
                CallContext.ofService("bedrock.amazonaws.com", "bedrock", call.account(), call.region(), job.jobArn());
        own.<Void, Exception>call(() -> {
            infer(run, id, job);
            return null;
        });
    }

    private void infer(JobRun run, String id, GetModelInvocationJobResponse job) throws Exception {
        jobs.change(id, ModelInvocationJobStatus.VALIDATING, Optional.empty());
        List<InputFile> files = validated(run, job);
        jobs.change(id, ModelInvocationJobStatus.SCHEDULED, Optional.empty());
        jobs.change(id, ModelInvocationJobStatus.IN_PROGRESS, Optional.empty());
        long total = files.stream().mapToLong(InputFile::records).sum();
        boolean complete = true;
        try {
            for (InputFile file : files) {
                complete = complete && infer(run, id, job, file, total);
            }
        } catch (JobStopped stopped) {
            deliver(id, job, files, total);
            throw stopped;
        }
        long done = deliver(id, job, files, total);
        ModelInvocationJobStatus end = complete
                ? ModelInvocationJobStatus.COMPLETED
                : done == 0 ? ModelInvocationJobStatus.EXPIRED : ModelInvocationJobStatus.PARTIALLY_COMPLETED;
        jobs.change(
                id,
                end,
                complete ? Optional.empty() : Optional.of("The job expired before all records were processed."));
    }

    @Override
    public void ended(Job job) {
        switch (job.status()) {
            case STOPPED -> jobs.change(job.id(), ModelInvocationJobStatus.STOPPED, Optional.empty());
            case FAILED -> jobs.change(job.id(), ModelInvocationJobStatus.FAILED, job.reason());
            case QUEUED, RUNNING, STOPPING, COMPLETED -> {
                // The work itself has said how it ended.
            }
        }
        finished.forget(job.id());
    }

    private S3Client s3(GetModelInvocationJobResponse job) {
        return clients.get().as(job.roleArn()).of(S3Client.class);
    }

    /** The files of the input, each with the number of its records. */
    private List<InputFile> validated(JobRun run, GetModelInvocationJobResponse job) throws IOException {
        ModelInvocationJobS3InputDataConfig input = job.inputDataConfig().s3InputDataConfig();
        S3Place place = S3Place.of(
                input.s3Uri(),
                Optional.ofNullable(input.s3BucketOwner()),
                CallContext.current().account());
        List<S3Object> objects = objects(job, place);
        List<InputFile> files = new ArrayList<>();
        long size = 0;
        long total = 0;
        for (S3Object object : objects) {
            if (object.size() > LARGEST_FILE) {
                throw AwsError.validation("The input file " + object.key() + " is larger than 1 GB.");
            }
            size += object.size();
            long records = 0;
            try (LineReader lines = lines(job, place, object.key())) {
                while (lines.next().isPresent()) {
                    records++;
                    run.proceed();
                }
            }
            if (records > MOST_RECORDS) {
                throw AwsError.validation(
                        "The input file " + object.key() + " holds more than " + MOST_RECORDS + " records.");
            }
            total += records;
            files.add(new InputFile(files.size(), object.key(), records));
        }
        if (size > LARGEST_INPUT) {
            throw AwsError.validation("The input files are larger than 5 GB in sum.");
        }
        if (total < FEWEST_RECORDS) {
            throw AwsError.validation(
                    "Batch job contains less records (" + total + ") than the required minimum of: " + FEWEST_RECORDS);
        }
        return files;
    }

    private List<S3Object> objects(GetModelInvocationJobResponse job, S3Place place) {
        boolean one = place.key().endsWith(".jsonl");
        List<S3Object> objects = s3(job)
                .listObjectsV2Paginator(request ->
                        request.bucket(place.bucket()).prefix(place.key()).expectedBucketOwner(place.owner()))
                .contents()
                .stream()
                .filter(object ->
                        one ? object.key().equals(place.key()) : object.key().endsWith(".jsonl"))
                .toList();
        if (objects.isEmpty()) {
            throw AwsError.validation(
                    "No input files that end in .jsonl were found at s3://" + place.bucket() + "/" + place.key() + ".");
        }
        return objects;
    }

    private LineReader lines(GetModelInvocationJobResponse job, S3Place place, String key) {
        InputStream content = s3(job).getObject(
                        request -> request.bucket(place.bucket()).key(key).expectedBucketOwner(place.owner()));
        return new LineReader(content, LONGEST_LINE);
    }

    /** Does what is left of a file; false if the time of the job is over before that. */
    private boolean infer(JobRun run, String id, GetModelInvocationJobResponse job, InputFile file, long total)
            throws Exception {
        ModelInvocationJobS3InputDataConfig input = job.inputDataConfig().s3InputDataConfig();
        S3Place place = S3Place.of(
                input.s3Uri(),
                Optional.ofNullable(input.s3BucketOwner()),
                CallContext.current().account());
        FinishedRecords.Counts done = finished.counts(id, file.number);
        if (done.records() >= file.records) {
            return true;
        }
        try (LineReader lines = lines(job, place, file.key);
                ExecutorService threads = Executors.newFixedThreadPool(
                        CONCURRENCY, Thread.ofVirtual().name("batch-" + id).factory())) {
            for (long skipped = 0; skipped < done.records(); skipped++) {
                lines.next();
            }
            List<LineReader.Line> piece = piece(lines);
            while (!piece.isEmpty()) {
                run.proceed();
                if (!clock.instant().isBefore(job.jobExpirationTime())) {
                    return false;
                }
                FinishedRecords.Counts counts = answer(run, id, job, file, done, piece, threads);
                done = done.plus(counts);
                run.progress(Math.min(1, (double) done.records() / total));
                piece = piece(lines);
            }
        }
        return true;
    }

    private static List<LineReader.Line> piece(LineReader lines) throws IOException {
        List<LineReader.Line> piece = new ArrayList<>();
        long size = 0;
        while (piece.size() < PIECE_RECORDS && size < PIECE_BYTES) {
            Optional<LineReader.Line> line = lines.next();
            if (line.isEmpty()) {
                return piece;
            }
            size += line.get().text().map(String::length).orElse(0);
            piece.add(line.get());
        }
        return piece;
    }

    private FinishedRecords.Counts answer(
            JobRun run,
            String id,
            GetModelInvocationJobResponse job,
            InputFile file,
            FinishedRecords.Counts before,
            List<LineReader.Line> piece,
            ExecutorService threads)
            throws Exception {
        CallContext call = CallContext.current();
        List<Callable<Answered>> tasks = new ArrayList<>();
        for (LineReader.Line line : piece) {
            tasks.add(() -> call.call(() -> answered(run, job, line)));
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        long failed = 0;
        for (Future<Answered> future : threads.invokeAll(tasks)) {
            Answered answered = result(future);
            failed += answered.failed ? 1 : 0;
            output.writeBytes((answered.line.toString() + "\n").getBytes(UTF_8));
        }
        BatchMetering.Tokens used = metering.taken(job.jobArn());
        FinishedRecords.Counts counts =
                new FinishedRecords.Counts(piece.size(), failed, used.input(), used.output(), output.size());
        finished.add(id, file.number, before, counts, output.toByteArray());
        return counts;
    }

    private static Answered result(Future<Answered> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof Exception exception ? exception : failure;
        }
    }

    private Answered answered(JobRun run, GetModelInvocationJobResponse job, LineReader.Line line)
            throws InterruptedException {
        ObjectNode output = JSON.createObjectNode();
        if (line.text().isEmpty()) {
            return failed(output.put("recordId", ids.uppercase(11)), 400, "The record is too long.");
        }
        JsonNode record;
        try {
            record = JSON.readTree(line.text().get());
        } catch (IOException notJson) {
            return failed(output.put("recordId", ids.uppercase(11)), 400, "The record is no valid JSON.");
        }
        output.put(
                "recordId",
                record.path("recordId").isTextual() ? record.path("recordId").asText() : ids.uppercase(11));
        JsonNode input = record.path("modelInput");
        if (!input.isObject()) {
            return failed(output, 400, "The record must hold a modelInput that is a JSON object.");
        }
        output.set("modelInput", input);
        try {
            output.set("modelOutput", JSON.readTree(invoked(run, job, input).asByteArrayUnsafe()));
            return new Answered(output, false);
        } catch (BedrockRuntimeException refusal) {
            return failed(
                    output,
                    refusal.statusCode(),
                    refusal.awsErrorDetails() == null
                            ? refusal.getMessage()
                            : refusal.awsErrorDetails().errorMessage());
        } catch (IOException notJson) {
            return failed(output, 500, "The model did not answer with JSON.");
        }
    }

    private static Answered failed(ObjectNode output, int code, String message) {
        output.putObject("error").put("errorCode", code).put("errorMessage", message);
        return new Answered(output, true);
    }

    /** Asks the model; while it has no room, interactive calls go first. */
    private SdkBytes invoked(JobRun run, GetModelInvocationJobResponse job, JsonNode input)
            throws InterruptedException {
        boolean profile = job.modelId().contains("inference-profile/");
        Clients callers = profile ? clients.get().as(job.roleArn()) : clients.get();
        InvokeModelRequest request = InvokeModelRequest.builder()
                .modelId(job.modelId())
                .contentType("application/json")
                .body(SdkBytes.fromUtf8String(input.toString()))
                .build();
        for (int attempt = 1; true; attempt++) {
            try {
                return callers.of(BedrockRuntimeClient.class)
                        .invokeModel(request)
                        .body();
            } catch (ThrottlingException | ServiceUnavailableException | ModelNotReadyException busy) {
                if (attempt == MOST_ATTEMPTS) {
                    throw busy;
                }
                run.proceed();
                Thread.sleep(250L << attempt);
            }
        }
    }

    /** Puts what was done, and says how many records that are. */
    private long deliver(String id, GetModelInvocationJobResponse job, List<InputFile> files, long total)
            throws IOException {
        ModelInvocationJobS3OutputDataConfig configuration =
                job.outputDataConfig().s3OutputDataConfig();
        S3Place place = S3Place.of(
                configuration.s3Uri(),
                Optional.ofNullable(configuration.s3BucketOwner()),
                CallContext.current().account());
        String folder = place.below(id + "/");
        FinishedRecords.Counts sum = FinishedRecords.Counts.NONE;
        for (InputFile file : files) {
            FinishedRecords.Counts counts = finished.counts(id, file.number);
            sum = sum.plus(counts);
            if (counts.records() > 0) {
                try (InputStream output = finished.output(id, file.number)) {
                    put(job, place, folder + file.name() + ".out", RequestBody.fromInputStream(output, counts.bytes()));
                }
            }
        }
        ObjectNode manifest = JSON.createObjectNode()
                .put("totalRecordCount", total)
                .put("processedRecordCount", sum.records())
                .put("successRecordCount", sum.records() - sum.failed())
                .put("errorRecordCount", sum.failed())
                .put("inputTokenCount", sum.inputTokens())
                .put("outputTokenCount", sum.outputTokens());
        put(job, place, folder + "manifest.json.out", RequestBody.fromString(manifest.toString()));
        return sum.records();
    }

    private void put(GetModelInvocationJobResponse job, S3Place place, String key, RequestBody body) {
        String kmsKey = job.outputDataConfig().s3OutputDataConfig().s3EncryptionKeyId();
        s3(job).putObject(
                        request -> request.bucket(place.bucket())
                                .key(key)
                                .expectedBucketOwner(place.owner())
                                .serverSideEncryption(kmsKey == null ? null : ServerSideEncryption.AWS_KMS)
                                .ssekmsKeyId(kmsKey),
                        body);
    }
}
