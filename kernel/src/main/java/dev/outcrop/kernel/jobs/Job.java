package dev.outcrop.kernel.jobs;

import dev.outcrop.kernel.Principal;
import java.time.Instant;
import java.util.Optional;

/**
 * A piece of long work.
 *
 * @param id        unique in its account and region
 * @param kind      what is done, such as {@code comprehend:document-classifier-training}
 * @param principal on whose behalf
 * @param input     what the one who asked for it said, not to be changed
 * @param progress  from 0 to 1
 * @param reason    why it failed, if it did
 * @param attempts  how often it was begun since it last got any further
 */
public record Job(
        String account,
        String region,
        String id,
        String kind,
        Status status,
        Principal principal,
        byte[] input,
        Optional<byte[]> checkpoint,
        double progress,
        Optional<String> reason,
        int attempts,
        Instant submittedAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt) {
    /** Where a job is. */
    public enum Status {
        QUEUED(false),
        RUNNING(false),
        STOPPING(false),
        STOPPED(true),
        COMPLETED(true),
        FAILED(true);

        private final boolean end;

        Status(boolean end) {
            this.end = end;
        }

        /** Whether nothing happens after it. */
        public boolean isEnd() {
            return end;
        }
    }

    Job with(Status status) {
        return new Job(
                account,
                region,
                id,
                kind,
                status,
                principal,
                input,
                checkpoint,
                progress,
                reason,
                attempts,
                submittedAt,
                startedAt,
                endedAt);
    }

    Job begun(Instant now) {
        return new Job(
                account,
                region,
                id,
                kind,
                Status.RUNNING,
                principal,
                input,
                checkpoint,
                progress,
                reason,
                attempts + 1,
                submittedAt,
                startedAt.or(() -> Optional.of(now)),
                endedAt);
    }

    /** Put back: the server is going down, which is not the job's fault. */
    Job returned() {
        return new Job(
                account,
                region,
                id,
                kind,
                status == Status.STOPPING ? status : Status.QUEUED,
                principal,
                input,
                checkpoint,
                progress,
                reason,
                Math.max(0, attempts - 1),
                submittedAt,
                startedAt,
                endedAt);
    }

    Job ended(Status end, Optional<String> why, Instant now) {
        return new Job(
                account,
                region,
                id,
                kind,
                end,
                principal,
                input,
                checkpoint,
                end == Status.COMPLETED ? 1 : progress,
                why,
                attempts,
                submittedAt,
                startedAt,
                Optional.of(now));
    }

    Job at(double newProgress, Optional<byte[]> newCheckpoint) {
        return new Job(
                account,
                region,
                id,
                kind,
                status,
                principal,
                input,
                newCheckpoint,
                newProgress,
                reason,
                Math.min(attempts, 1),
                submittedAt,
                startedAt,
                endedAt);
    }
}
