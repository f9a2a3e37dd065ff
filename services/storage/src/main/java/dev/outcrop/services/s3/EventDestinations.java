package dev.outcrop.services.s3;

/** Whom S3 can tell of events: the queues, topics and functions that there are. */
@FunctionalInterface
public interface EventDestinations {
    /** Nobody: there are no such services yet. */
    EventDestinations NONE = _ -> false;

    /**
     * Whether there is a destination that lets S3 send to it.
     *
     * @param arn of a queue, a topic or a function
     */
    boolean exists(String arn);
}
