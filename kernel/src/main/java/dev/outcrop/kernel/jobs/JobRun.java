package dev.outcrop.kernel.jobs;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One attempt at a job, as the work sees it. */
public final class JobRun {
    private final Jobs jobs;
    private final BooleanSupplier shuttingDown;
    private volatile Job job;

    JobRun(Jobs jobs, Job job, BooleanSupplier shuttingDown) {
        this.jobs = jobs;
        this.job = job;
        this.shuttingDown = shuttingDown;
    }

    /** The job as it was when last written. */
    public Job job() {
        return job;
    }

    /** What the last attempt left, if it left something. */
    public Optional<byte[]> checkpoint() {
        return job.checkpoint();
    }

    /**
     * To be called often: returns if the work shall go on.
     *
     * @throws JobStopped     if somebody asked for a stop
     * @throws JobInterrupted if the server is going down
     */
    public void proceed() {
        if (jobs.isStopping(job)) {
            throw new JobStopped(job.id());
        }
        if (shuttingDown.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw new JobInterrupted(job.id());
        }
    }

    /**
     * Writes down how far the work is, and asks whether it shall go on.
     *
     * @param progress from 0 to 1
     */
    public void progress(double progress) {
        job = jobs.change(job, present -> present.at(progress, present.checkpoint()));
        proceed();
    }

    /** Writes down how far the work is and what the next attempt needs to go on from here, and asks whether it shall. */
    public void progress(double progress, byte[] checkpoint) {
        job = jobs.change(job, present -> present.at(progress, Optional.of(checkpoint.clone())));
        proceed();
    }
}
