package dev.outcrop.wire.signature;

import dev.outcrop.kernel.AccessKey;
import java.nio.charset.StandardCharsets;

/**
 * A signature that was found right, and what the chunks or events that follow it are signed with.
 *
 * @param key        whose it is
 * @param signingKey the key of its day, region and service
 * @param time       {@code X-Amz-Date}
 * @param scope      {@code 20150830/us-east-1/service/aws4_request}
 * @param signature  the signature itself, the first of the chain
 * @param dialect    how refusals are worded
 */
public record VerifiedSignature(
        AccessKey key,
        SigningKey signingKey,
        String time,
        String scope,
        String signature,
        AuthenticationDialect dialect) {
    /** What is signed of a chunk with hash {@code contentHash} that follows the one signed {@code previous}. */
    String chunkToSign(String previous, String contentHash) {
        return "AWS4-HMAC-SHA256-PAYLOAD\n" + time + '\n' + scope + '\n' + previous + '\n' + PayloadHash.EMPTY + '\n'
                + contentHash;
    }

    /** What is signed of the trailers, each as {@code name:value\n}, that follow the last chunk. */
    String trailersToSign(String previous, String trailers) {
        return "AWS4-HMAC-SHA256-TRAILER\n" + time + '\n' + scope + '\n' + previous + '\n'
                + PayloadHash.of(trailers.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The signature of a message of an event stream.
     *
     * @param previous  signature of the message before, of the request for the first
     * @param date      value of the message's {@code :date} header in ISO 8601 basic format
     * @param headers   the message's headers but the signature, encoded as in the message
     * @param payload   the message's payload
     */
    String ofEvent(String previous, String date, byte[] headers, byte[] payload) {
        return signingKey.sign("AWS4-HMAC-SHA256-PAYLOAD\n" + date + '\n' + scope + '\n' + previous + '\n'
                + PayloadHash.of(headers) + '\n' + PayloadHash.of(payload));
    }
}
