package dev.outcrop.wire.signature;

import java.time.Instant;
import java.util.Optional;

/**
 * The signature of a form that uploads to S3.
 *
 * @param claim       its parts; of one of version 2 only the key's id and the signature
 * @param version     4, or 2 for what browsers have been given since before there was another
 */
public record FormSignature(SignatureClaim claim, int version) {
    /** A signature of version 4. */
    public static FormSignature of(String credential, String time, String signature, Optional<String> token) {
        return new FormSignature(new SignatureClaim(false, credential, "", signature, time, "", token, ""), 4);
    }

    /** When a form says that it was signed. */
    public static Optional<Instant> time(String text) {
        return SignatureTime.parse(text).map(SignatureTime::instant);
    }

    /** A signature of version 2. */
    public static FormSignature ofVersion2(String accessKeyId, String signature, Optional<String> token) {
        return new FormSignature(new SignatureClaim(false, accessKeyId, "", signature, "", "", token, ""), 2);
    }
}
