package dev.outcrop.kernel.jobs;

/** Somebody asked for the job to be stopped. */
public final class JobStopped extends RuntimeException {
    JobStopped(String id) {
        super("job " + id + " was asked to stop");
    }
}
