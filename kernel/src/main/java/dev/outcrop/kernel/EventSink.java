package dev.outcrop.kernel;

/** Where a service sends the events of a stream to. */
@FunctionalInterface
public interface EventSink<E> {
    /**
     * Sends one event; waits while the reader is slower.
     *
     * @throws ClientGone if the reader cancelled, or has taken nothing for too long
     */
    void send(E event);
}
