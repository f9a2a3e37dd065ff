package dev.outcrop.services.bedrockruntime.families;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The call that a body belongs to.
 *
 * @param modelId   the model that was asked for, as the answer names it
 * @param streaming whether the answer is streamed
 * @param random    what ids are made of
 */
public record Invocation(String modelId, boolean streaming, InstantSource clock, RandomGenerator random) {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /** A new id: the prefix and {@code length} letters and digits. */
    String id(String prefix, int length) {
        StringBuilder id = new StringBuilder(prefix);
        for (int i = 0; i < length; i++) {
            id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return id.toString();
    }

    /** A new random UUID (version 4). */
    String uuid() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() >>> 2) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    Instant now() {
        return clock.instant();
    }
}
