package dev.outcrop.wire.signature;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * The signatures of the messages of an event stream, each chained to the one before, the first to the request's.
 *
 * <p>Source: Amazon Transcribe Developer Guide, "Event stream encoding", and Smithy, "Amazon Event Stream Specification".
 * A message is signed over its {@code :date} header in event-stream encoding, and its payload, which is the whole
 * message that it wraps.
 */
public final class EventSignatures {
    private static final byte TIMESTAMP = 8;
    private static final String DATE = ":date";

    private final VerifiedSignature signature;
    private String previous;

    /** The signatures that follow {@code signature}. */
    public EventSignatures(VerifiedSignature signature) {
        this.signature = signature;
        previous = signature.signature();
    }

    /**
     * Checks the next message.
     *
     * @param date           value of its {@code :date} header
     * @param chunkSignature value of its {@code :chunk-signature} header
     * @param payload        its payload, the wrapped message; empty in the last one
     * @throws AuthenticationException if the signature is another one
     */
    public void verify(Instant date, byte[] chunkSignature, byte[] payload) {
        String expected = signature.ofEvent(previous, new SignatureTime(date).basic(), dateHeader(date), payload);
        String given = HexFormat.of().formatHex(chunkSignature);
        if (!SignatureVerifier.same(expected, given)) {
            throw signature
                    .dialect()
                    .invalidSignature(
                            "The request signature we calculated does not match the signature you provided. Check your"
                                    + " AWS Secret Access Key and signing method. Consult the service documentation for"
                                    + " details.");
        }
        previous = expected;
    }

    private static byte[] dateHeader(Instant date) {
        byte[] name = DATE.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + name.length + 1 + Long.BYTES)
                .put((byte) name.length)
                .put(name)
                .put(TIMESTAMP)
                .putLong(date.truncatedTo(ChronoUnit.MILLIS).toEpochMilli())
                .array();
    }
}
