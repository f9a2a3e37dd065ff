package dev.outcrop.wire.server;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Names of requests. They need not be secret, so they do not wait for the system's entropy. */
final class RequestId {
    private RequestId() {}

    /** A version 4 UUID. */
    static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
        return new UUID(high, low).toString();
    }
}
