package dev.outcrop.shapes.eventstream;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A message of an event stream.
 *
 * @param headers by name, in the order of the wire
 * @param payload the bytes, which whoever holds the message must not change
 */
public record Message(Map<String, HeaderValue> headers, byte[] payload) {
    /** Header that says {@code event}, {@code exception} or {@code error}. */
    public static final String MESSAGE_TYPE = ":message-type";

    /** Header that names the event. */
    public static final String EVENT_TYPE = ":event-type";

    /** Header that names the exception. */
    public static final String EXCEPTION_TYPE = ":exception-type";

    /** Header with the media type of the payload. */
    public static final String CONTENT_TYPE = ":content-type";

    /** Header with the code of an error that is not modeled. */
    public static final String ERROR_CODE = ":error-code";

    /** Header with the message of an error that is not modeled. */
    public static final String ERROR_MESSAGE = ":error-message";

    /** Header with the time of a signed message. */
    public static final String DATE = ":date";

    /** Header with the signature of a signed message. */
    public static final String CHUNK_SIGNATURE = ":chunk-signature";

    public Message {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** The text of the header {@code name}, if it is there and is text. */
    public Optional<String> text(String name) {
        return headers.get(name) instanceof HeaderValue.OfString(String value) ? Optional.of(value) : Optional.empty();
    }

    /**
     * The time and signature of a signed message, whose payload is the message that was signed, or empty at the end of
     * the stream. Empty if the message is not signed. The signature is not checked here.
     */
    public Optional<Signature> signature() {
        return headers.get(DATE) instanceof HeaderValue.OfTimestamp date
                        && headers.get(CHUNK_SIGNATURE) instanceof HeaderValue.OfBytes signature
                ? Optional.of(new Signature(date, signature))
                : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Message(Map<String, HeaderValue> otherHeaders, byte[] otherPayload)
                && headers.equals(otherHeaders)
                && Arrays.equals(payload, otherPayload);
    }

    @Override
    public int hashCode() {
        return 31 * headers.hashCode() + Arrays.hashCode(payload);
    }

    /**
     * What a signed message says of its signature.
     *
     * @param date      when it was signed
     * @param signature the signature
     */
    public record Signature(HeaderValue.OfTimestamp date, HeaderValue.OfBytes signature) {}
}
