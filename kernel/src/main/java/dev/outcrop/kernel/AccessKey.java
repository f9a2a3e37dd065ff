package dev.outcrop.kernel;

import java.time.Instant;
import java.util.Optional;

/**
 * A key that signs calls.
 *
 * @param accessKeyId     its name, such as {@code AKIA…}
 * @param secretAccessKey the shared secret
 * @param principal       whom it speaks for
 * @param sessionToken    the token that must come with it, if it is a temporary key
 * @param expiresAt       when it stops being valid, if it does
 */
public record AccessKey(
        String accessKeyId,
        String secretAccessKey,
        Principal principal,
        Optional<String> sessionToken,
        Optional<Instant> expiresAt) {
    /** The key without its secret and token, for logs. */
    @Override
    public String toString() {
        return "AccessKey[" + accessKeyId + " of " + principal.arn() + "]";
    }
}
