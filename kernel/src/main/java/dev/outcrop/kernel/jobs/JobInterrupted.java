package dev.outcrop.kernel.jobs;

/** The server is going down; the job goes on from its last checkpoint when it is back. */
public final class JobInterrupted extends RuntimeException {
    JobInterrupted(String id) {
        super("job " + id + " pauses until the server is back");
    }
}
