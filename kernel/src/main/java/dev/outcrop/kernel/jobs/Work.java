package dev.outcrop.kernel.jobs;

/** How jobs of one kind are done. The caller's context is bound to the thread. */
public interface Work {
    /**
     * Does the work. It may be begun again, after a crash or a restart, from the last checkpoint: what it does must be
     * right when done twice. Failing it throws; a message of an AWS error becomes the reason that the caller reads.
     *
     * @throws JobStopped     passed on from {@link JobRun#proceed()}
     * @throws JobInterrupted passed on from {@link JobRun#proceed()}
     */
    void run(JobRun run) throws Exception;

    /** Called when a job has ended, whichever way, to bring its resource to its last status. It may be called twice. */
    default void ended(Job job) {}
}
