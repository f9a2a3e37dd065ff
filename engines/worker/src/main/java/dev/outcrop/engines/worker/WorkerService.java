package dev.outcrop.engines.worker;

/**
 * What runs in a worker process. A class that implements it has a public constructor without parameters, and is named
 * in {@link WorkerSettings}.
 */
public interface WorkerService extends AutoCloseable {
    /**
     * Loads what the service needs. Called once, before any call.
     *
     * @param settings what {@link WorkerSettings} gave
     * @return what callers should know about what was loaded
     * @throws WorkerException to refuse; the process ends
     */
    byte[] start(byte[] settings);

    /**
     * Answers a call, on a virtual thread of its own: sends items and returns, or throws a {@link WorkerException}.
     *
     * @throws InterruptedException if the call was cancelled while it waited
     */
    void answer(String operation, byte[] request, WorkerAnswer answer) throws InterruptedException;

    @Override
    void close();
}
