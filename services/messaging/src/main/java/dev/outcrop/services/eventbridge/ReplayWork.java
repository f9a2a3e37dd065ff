package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.patterns.JsonValue;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.eventbridge.model.DescribeReplayResponse;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;

/** Sends archived events to a bus once more, some at a time, each time writing down how far it is. */
final class ReplayWork implements Work {
    /** The kind of its jobs. */
    static final String KIND = "events:replay";
    /** The type of the records of replays. */
    static final String TYPE = "events:replay";

    private static final int BATCH = 100;

    private final Records records;
    private final ArchivedEvents events;
    private final Intake intake;
    private final InstantSource clock;

    ReplayWork(Records records, ArchivedEvents events, Intake intake, InstantSource clock) {
        this.records = records;
        this.events = events;
        this.intake = intake;
        this.clock = clock;
    }

    /** The id of the job of a replay. */
    static String job(String replay) {
        return "events-replay-" + replay;
    }

    private static RecordKey key(Job job) {
        return new RecordKey(TYPE, job.account(), job.region(), job.id().substring(job("").length()));
    }

    @Override
    public void run(JobRun run) {
        RecordKey key = key(run.job());
        change(
                key,
                replay -> replay.state() == ReplayState.STARTING
                        ? replay.toBuilder().state(ReplayState.RUNNING).build()
                        : replay);
        DescribeReplayResponse replay = records.get(key)
                .map(record -> StoredShapes.read(record.body(), DescribeReplayResponse::builder))
                .orElseThrow();
        ArchivedEvents.Name archive = ArchivedEvents.Name.ofArn(replay.eventSourceArn());
        Optional<String> after = run.checkpoint().map(place -> new String(place, UTF_8));
        List<ArchivedEvents.Kept> batch =
                events.read(archive, after, replay.eventStartTime(), replay.eventEndTime(), BATCH);
        while (!batch.isEmpty()) {
            run.proceed();
            Instant last = batch.getLast().event().time();
            List<BusEvent> named = batch.stream()
                    .map(kept -> kept.event().with("replay-name", new JsonValue.Text(replay.replayName())))
                    .toList();
            intake.acceptAgain(
                    BusName.ofArn(replay.destination().arn()),
                    named,
                    replay.destination().filterArns(),
                    transaction -> change(
                            transaction,
                            key,
                            present -> present.toBuilder()
                                    .eventLastReplayedTime(last)
                                    .build()));
            String place = batch.getLast().place();
            run.progress(progress(replay, last), place.getBytes(UTF_8));
            batch = events.read(archive, Optional.of(place), replay.eventStartTime(), replay.eventEndTime(), BATCH);
        }
    }

    private static double progress(DescribeReplayResponse replay, Instant last) {
        double whole =
                replay.eventEndTime().toEpochMilli() - replay.eventStartTime().toEpochMilli();
        return Math.clamp((last.toEpochMilli() - replay.eventStartTime().toEpochMilli()) / whole, 0, 1);
    }

    @Override
    public void ended(Job job) {
        change(
                key(job),
                replay -> replay.toBuilder()
                        .state(
                                switch (job.status()) {
                                    case COMPLETED -> ReplayState.COMPLETED;
                                    case STOPPED -> ReplayState.CANCELLED;
                                    default -> ReplayState.FAILED;
                                })
                        .stateReason(job.reason().orElse(null))
                        .replayEndTime(clock.instant())
                        .build());
    }

    private void change(RecordKey key, UnaryOperator<DescribeReplayResponse> change) {
        records.write(transaction -> change(transaction, key, change));
    }

    private boolean change(RecordTransaction transaction, RecordKey key, UnaryOperator<DescribeReplayResponse> change) {
        Optional<StoredRecord> present = transaction.get(key);
        if (present.isEmpty()) {
            return false;
        }
        DescribeReplayResponse changed =
                change.apply(StoredShapes.read(present.get().body(), DescribeReplayResponse::builder));
        transaction.update(
                key, present.get().version(), Optional.empty(), clock.instant(), StoredShapes.write(changed));
        return true;
    }
}
