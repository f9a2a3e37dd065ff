package dev.outcrop.engines.worker;

/** Where a service puts its answer to one call. */
public interface WorkerAnswer {
    /** Sends a part of the answer. Blocks while the server does not read. */
    void send(byte[] item);

    /** Sends a part of the answer if that can be done without blocking, and says whether it was. */
    boolean offer(byte[] item);

    /** Whether nobody waits for the answer any more. The thread that answers is interrupted, too. */
    boolean cancelled();
}
