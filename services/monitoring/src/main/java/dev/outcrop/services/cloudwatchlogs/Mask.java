package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.engines.logs.LogEvent;

/** What readers are shown in the place of a message. */
@FunctionalInterface
interface Mask {
    /** The message itself. */
    Mask NONE = (_, message) -> message;

    /**
     * What is shown.
     *
     * @param ingestedAt when the message came, in milliseconds since 1970
     * @param message    in UTF-8; not changed
     */
    byte[] shown(long ingestedAt, byte[] message);

    /** An event as it is shown. */
    default LogEvent shown(LogEvent event) {
        return new LogEvent(
                event.timestamp(),
                event.sequence(),
                event.ingestedAt(),
                event.stream(),
                shown(event.ingestedAt(), event.message()));
    }
}
