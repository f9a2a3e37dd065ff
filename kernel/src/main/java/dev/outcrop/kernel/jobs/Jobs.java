package dev.outcrop.kernel.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StaleRecordException;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.utils.Lazy;

/**
 * Queues jobs and runs them, here or on another server that shares the database. db-scheduler says which server runs
 * which job, by a row with a heartbeat; what the job is, is in the records. A job whose server died is begun again.
 */
public final class Jobs implements AutoCloseable {
    /** How often a job is begun without getting any further before it is given up: its work seems to kill servers. */
    public static final int MOST_ATTEMPTS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
    private static final String ACTIVE = "outcrop:job";
    private static final String ENDED = "outcrop:ended-job";
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final int MISSED_HEARTBEATS = 4;

    private final Records records;
    private final Supplier<Background> background;
    private final InstantSource clock;
    private final DataSource schedulerTables;
    private final Settings settings;
    private final ReentrantLock starting = new ReentrantLock();
    private final CountDownLatch ending = new CountDownLatch(1);
    private final ConcurrentMap<RecordKey, AtomicBoolean> changedWhileRunning = new ConcurrentHashMap<>();
    private volatile Optional<Running> running = Optional.empty();
    private volatile boolean closing;

    /**
     * How jobs are run.
     *
     * @param threads   how many may run here at once
     * @param heartbeat how often a server says that it is alive; after four in silence its jobs are begun elsewhere
     */
    public record Settings(int threads, Duration heartbeat) {
        /** Four at once, and a heartbeat every five seconds. */
        public static final Settings DEFAULT = new Settings(4, Duration.ofSeconds(5));
    }

    /**
     * Jobs.
     *
     * @param background what they do; asked for when they begin to run or the first is submitted, so that a start need
     *     not wait for it
     */
    public Jobs(
            Records records,
            DataSource schedulerTables,
            Supplier<Background> background,
            Settings settings,
            InstantSource clock) {
        this.records = records;
        this.background = new Lazy<>(background)::getValue;
        this.clock = clock;
        records.watch(
                ACTIVE,
                key -> changedWhileRunning.computeIfPresent(key, (same, flag) -> raised(flag)),
                () -> changedWhileRunning.values().forEach(Jobs::raised));
        this.schedulerTables = schedulerTables;
        this.settings = settings;
    }

    /** What runs the jobs, once they are run. */
    private record Running(Scheduler scheduler, OneTimeTask<Void> task) {}

    private Running running() {
        OneTimeTask<Void> task = Tasks.oneTime("outcrop-job", Void.class)
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, clock.instant().plusSeconds(closing ? 0 : 5)))
                .onDeadExecutionRevive()
                .execute(this::execute);
        Scheduler scheduler = Scheduler.create(schedulerTables, task)
                .startTasks(
                        background.get().chores().stream().map(this::recurring).toList())
                .threads(settings.threads)
                .pollingInterval(settings.heartbeat)
                .heartbeatInterval(settings.heartbeat)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .enableImmediateExecution()
                .shutdownMaxWait(Duration.ofSeconds(10))
                .build();
        return new Running(scheduler, task);
    }

    private RecurringTask<Void> recurring(Chore chore) {
        return Tasks.recurring("outcrop-" + chore.name(), FixedDelay.of(chore.interval()))
                .execute((instance, execution) -> chore.body()
                        .run(() -> closing || execution.getSchedulerState().isShuttingDown()));
    }

    /** Begins to run jobs on a thread of its own, so that a start of the server does not wait for it. */
    public void startInBackground() {
        Thread.ofVirtual().name("outcrop-jobs-start").start(() -> {
            try {
                boolean started = false;
                while (!started && !closing) {
                    started = tryStart();
                    if (!started && ending.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private boolean tryStart() {
        try {
            start();
            return true;
        } catch (RuntimeException failure) {
            LOG.error("jobs cannot be run yet; the next attempt is in {}", RETRY, failure);
            return false;
        }
    }

    /** Begins to run jobs, first of all those that an earlier process left. */
    public void start() {
        starting.lock();
        try {
            if (closing) {
                return;
            }
            if (running.isEmpty()) {
                Running fresh = running();
                fresh.scheduler.start();
                running = Optional.of(fresh);
            }
            // What was submitted before schedules itself no more, and what is submitted from here on does.
            scheduleAll();
        } finally {
            starting.unlock();
        }
    }

    private void scheduleAll() {
        records.all(ACTIVE, Optional.empty()).forEach(record -> schedule(record.key()));
    }

    /**
     * Queues a job, in the account, region and name of the current call. It is on disk when this returns.
     *
     * @param id unique in the account and region
     * @throws AwsError {@code ConflictException} if there is a job of that id
     */
    public Job submit(String kind, String id, byte[] input) {
        if (!background.get().work().containsKey(kind)) {
            throw new IllegalArgumentException("no work is known for jobs of kind " + kind);
        }
        CallContext context = CallContext.current();
        Job job = new Job(
                context.account(),
                context.region(),
                id,
                kind,
                Job.Status.QUEUED,
                context.principal(),
                input.clone(),
                Optional.empty(),
                0,
                Optional.empty(),
                0,
                clock.instant(),
                Optional.empty(),
                Optional.empty());
        RecordKey key = key(ACTIVE, job);
        try {
            records.write(transaction -> {
                if (transaction.get(key(ENDED, job)).isPresent()) {
                    throw new DuplicateRecordException("job " + id + " has ended");
                }
                transaction.insert(key, "", Optional.empty(), clock.instant(), JobCodec.write(job));
                return null;
            });
        } catch (DuplicateRecordException taken) {
            throw new AwsError("ConflictException", 409, "The job " + id + " already exists");
        }
        schedule(key);
        return job;
    }

    /** The job with {@code id} of the current call's account and region, running or ended. */
    public Optional<Job> find(String id) {
        CallContext context = CallContext.current();
        return records.get(new RecordKey(ACTIVE, context.account(), context.region(), id))
                .or(() -> records.get(new RecordKey(ENDED, context.account(), context.region(), id)))
                .map(record -> JobCodec.read(record.key(), record.body()));
    }

    /** Asks for a job to be stopped, which it will be soon; says whether there was one that could be. */
    public boolean stop(String id) {
        CallContext context = CallContext.current();
        RecordKey key = new RecordKey(ACTIVE, context.account(), context.region(), id);
        boolean stopping = records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            if (present.isEmpty()) {
                return false;
            }
            Job job = JobCodec.read(key, present.get().body());
            if (!job.status().isEnd()) {
                transaction.update(
                        key,
                        present.get().version(),
                        Optional.empty(),
                        clock.instant(),
                        JobCodec.write(job.with(Job.Status.STOPPING)));
            }
            return !job.status().isEnd();
        });
        return stopping;
    }

    /** Waits for the running jobs to reach a checkpoint, ten seconds at most, and ends; they go on at the next start. */
    @Override
    public void close() {
        closing = true;
        ending.countDown();
        starting.lock();
        try {
            running.ifPresent(present -> present.scheduler.stop());
        } finally {
            starting.unlock();
        }
    }

    private void schedule(RecordKey key) {
        String instance = key.account() + "/" + key.region() + "/" + key.id();
        running.ifPresent(
                present -> present.scheduler.scheduleIfNotExists(present.task.instance(instance), clock.instant()));
    }

    private void execute(TaskInstance<Void> instance, ExecutionContext execution) {
        List<String> parts = List.of(instance.getId().split("/", 3));
        RecordKey key = new RecordKey(ACTIVE, parts.get(0), parts.get(1), parts.get(2));
        Optional<StoredRecord> record = records.get(key);
        if (record.isEmpty()) {
            return;
        }
        Job job = JobCodec.read(key, record.get().body());
        CallContext context = CallContext.builder()
                .account(job.account())
                .region(job.region())
                .principal(job.principal())
                .requestId(UUID.randomUUID().toString())
                .callingService(Optional.of(job.kind().split(":", 2)[0]))
                .build();
        context.run(() -> attempt(job, execution));
    }

    private void attempt(Job found, ExecutionContext execution) {
        Work work = background.get().work().get(found.kind());
        if (work == null) {
            end(found, job -> {}, Job.Status.FAILED, Optional.of("This server does not know " + found.kind()));
        } else if (found.status().isEnd()) {
            conclude(found, work);
        } else if (found.status() == Job.Status.STOPPING) {
            end(found, work::ended, Job.Status.STOPPED, Optional.empty());
        } else if (found.attempts() >= MOST_ATTEMPTS) {
            end(
                    found,
                    work::ended,
                    Job.Status.FAILED,
                    Optional.of("The server ended " + found.attempts()
                            + " times while the job ran, without its getting any further"));
        } else {
            run(change(found, job -> job.begun(clock.instant())), work, execution);
        }
    }

    private void run(Job job, Work work, ExecutionContext execution) {
        RecordKey key = key(ACTIVE, job);
        changedWhileRunning.put(key, new AtomicBoolean(true));
        JobRun run = new JobRun(
                this, job, () -> closing || execution.getSchedulerState().isShuttingDown());
        try {
            work.run(run);
            end(run.job(), work::ended, Job.Status.COMPLETED, Optional.empty());
        } catch (JobStopped stopped) {
            end(run.job(), work::ended, Job.Status.STOPPED, Optional.empty());
        } catch (JobInterrupted interrupted) {
            change(run.job(), Job::returned);
            throw interrupted;
        } catch (Exception failure) {
            if (closing) {
                change(run.job(), Job::returned);
                throw new JobInterrupted(job.id());
            }
            end(run.job(), work::ended, Job.Status.FAILED, Optional.of(reason(job, failure)));
        } finally {
            changedWhileRunning.remove(key);
        }
    }

    private static String reason(Job job, Exception failure) {
        return switch (failure) {
            case AwsServiceException error
            when error.awsErrorDetails() != null -> error.awsErrorDetails().errorMessage();
            case AwsServiceException error -> error.getMessage();
            case AwsError error -> error.getMessage();
            default -> {
                LOG.error("job {} of {} failed", job.id(), job.kind(), failure);
                yield "An internal error ended the job; the server's log says why under its id " + job.id();
            }
        };
    }

    private interface Ending {
        void tell(Job job);
    }

    /** The end is written first, then told, then the job put away: a crash in between repeats, and loses nothing. */
    private void end(Job job, Ending ending, Job.Status status, Optional<String> reason) {
        Job ended = change(job, present -> present.ended(status, reason, clock.instant()));
        ending.tell(ended);
        putAway(ended);
    }

    private void conclude(Job job, Work work) {
        work.ended(job);
        putAway(job);
    }

    private void putAway(Job job) {
        records.write(transaction -> {
            transaction.delete(key(ACTIVE, job));
            transaction.insert(key(ENDED, job), "", Optional.empty(), job.submittedAt(), JobCodec.write(job));
            return null;
        });
    }

    /** Changes a job's record, whatever it has become; a stop that was asked for meanwhile is kept. */
    Job change(Job job, UnaryOperator<Job> change) {
        RecordKey key = key(ACTIVE, job);
        return records.write(transaction -> {
            StoredRecord present =
                    transaction.get(key).orElseThrow(() -> new StaleRecordException("job " + job.id() + " is gone"));
            Job before = JobCodec.read(key, present.body());
            Job after = change.apply(before);
            Job kept = before.status() == Job.Status.STOPPING && !after.status().isEnd()
                    ? after.with(Job.Status.STOPPING)
                    : after;
            transaction.update(key, present.version(), Optional.empty(), clock.instant(), JobCodec.write(kept));
            return kept;
        });
    }

    /** Asks the disk only when the record has changed since the last time. */
    boolean isStopping(Job job) {
        RecordKey key = key(ACTIVE, job);
        AtomicBoolean changed = changedWhileRunning.get(key);
        if (job.status() != Job.Status.STOPPING && (changed == null || !changed.getAndSet(false))) {
            return false;
        }
        return records.get(key)
                .map(record -> JobCodec.read(key, record.body()).status() == Job.Status.STOPPING)
                .orElse(false);
    }

    private static AtomicBoolean raised(AtomicBoolean flag) {
        flag.set(true);
        return flag;
    }

    private static RecordKey key(String type, Job job) {
        return new RecordKey(type, job.account(), job.region(), job.id());
    }
}
