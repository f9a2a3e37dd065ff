package dev.outcrop.kernel;

import java.time.Instant;

/**
 * How a request was signed.
 *
 * @param carrier  where the signature stood
 * @param signedAt when the request says that it was signed
 * @param content  what it was signed with in the place of its body's hash
 */
public record RequestSignature(Carrier carrier, Instant signedAt, String content) {
    /** Where a signature can stand. */
    public enum Carrier {
        HEADER,
        QUERY,
        FORM
    }
}
