package dev.outcrop.wire.server;

import java.io.IOException;

/** A body that is longer than what is held in memory. */
final class BodyTooLargeException extends IOException {
    BodyTooLargeException(long limit) {
        super("Request body is too large: the limit is " + limit + " bytes.");
    }
}
