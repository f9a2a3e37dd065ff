package dev.outcrop.shapes.eventstream;

import dev.outcrop.shapes.codec.BodyBuffer;
import dev.outcrop.shapes.codec.BodyFormat;
import dev.outcrop.shapes.codec.ErrorMessage;
import dev.outcrop.shapes.codec.SerializationFailure;
import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.shapes.codec.XmlCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;

/**
 * Turns events, exceptions and initial messages into messages, and messages into events.
 *
 * <p>Source: Smithy's <a href="https://smithy.io/2.0/aws/amazon-eventstream.html">Amazon event stream specification</a>.
 */
public final class EventCodec {
    private static final String EVENT = "event";
    private static final String EXCEPTION = "exception";
    private static final String ERROR = "error";
    private static final String INITIAL_RESPONSE = "initial-response";
    private static final String OCTETS = "application/octet-stream";
    private static final String PLAIN_TEXT = "text/plain";

    private final BodyFormat bodies;

    /** A codec whose payloads are in the format of the service's bodies. */
    public EventCodec(BodyFormat bodies) {
        this.bodies = bodies;
    }

    /**
     * The message of an event.
     *
     * @param type the member of the event stream that the event is
     */
    public Message event(String type, SdkPojo event) {
        Map<String, HeaderValue> headers = headers(EVENT, Message.EVENT_TYPE, type);
        ShapeFields fields = ShapeFields.of(event);
        Payload payload = fields.payload().isPresent()
                ? payload(event, fields.payload().get())
                : new Payload(bodies.mediaType(), body(type, event));
        for (ShapeMember member : fields.members()) {
            if (member.location() == MarshallLocation.HEADER) {
                member.get(event).ifPresent(value -> headers.put(member.requestName(), header(member, value)));
            }
        }
        headers.put(Message.CONTENT_TYPE, new HeaderValue.OfString(payload.mediaType));
        return new Message(headers, payload.bytes);
    }

    /** The message that AWS JSON services begin a stream with: the members of the response that are no stream. */
    public Message initialResponse(SdkPojo response) {
        Map<String, HeaderValue> headers = headers(EVENT, Message.EVENT_TYPE, INITIAL_RESPONSE);
        headers.put(Message.CONTENT_TYPE, new HeaderValue.OfString(bodies.mediaType()));
        return new Message(headers, body(INITIAL_RESPONSE, response));
    }

    /**
     * The message of a modeled exception, which ends a stream.
     *
     * @param type      the member of the event stream that the exception is, such as {@code throttlingException}
     * @param message   for people
     * @param exception the exception as the SDK models it
     */
    public Message exception(String type, ErrorMessage message, SdkPojo exception) {
        Map<String, HeaderValue> headers = headers(EXCEPTION, Message.EXCEPTION_TYPE, type);
        headers.put(Message.CONTENT_TYPE, new HeaderValue.OfString(bodies.mediaType()));
        BodyBuffer body = new BodyBuffer();
        switch (bodies) {
            case StructuredCodec codec -> codec.writeEventException(message, exception, body);
            case XmlCodec codec -> codec.writeEventException(type, message, exception, body);
        }
        return new Message(headers, body.toByteArray());
    }

    /** The message of an error that the event stream does not model, which ends a stream. */
    public static Message error(String code, String message) {
        Map<String, HeaderValue> headers = headers(ERROR, Message.ERROR_CODE, code);
        headers.put(Message.ERROR_MESSAGE, new HeaderValue.OfString(message));
        return new Message(headers, new byte[0]);
    }

    /**
     * Reads an event.
     *
     * @param builder a builder of the event that {@link Message#EVENT_TYPE} names
     * @return {@code builder}
     * @throws SerializationFailure if the message is not what the event asks for
     */
    public <B extends SdkPojo> B read(Message message, B builder) {
        ShapeFields fields = ShapeFields.of(builder);
        if (fields.payload().isPresent()) {
            readPayload(message.payload(), builder, fields.payload().get());
        } else {
            bodies.read(message.payload(), builder);
        }
        for (ShapeMember member : fields.members()) {
            HeaderValue value = message.headers().get(member.requestName());
            if (member.location() == MarshallLocation.HEADER && value != null) {
                member.set(builder, value(member, value));
            }
        }
        return builder;
    }

    private static Map<String, HeaderValue> headers(String messageType, String typeHeader, String type) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put(Message.MESSAGE_TYPE, new HeaderValue.OfString(messageType));
        headers.put(typeHeader, new HeaderValue.OfString(type));
        return headers;
    }

    private byte[] body(String type, SdkPojo shape) {
        return switch (bodies) {
            case StructuredCodec codec -> codec.write(shape);
            case XmlCodec codec -> {
                BodyBuffer body = new BodyBuffer();
                codec.write(shape, type, Optional.empty(), body);
                yield body.toByteArray();
            }
        };
    }

    private Payload payload(SdkPojo event, ShapeMember member) {
        Optional<Object> value = member.get(event);
        return switch (member.type()) {
            case SDK_BYTES ->
                new Payload(
                        OCTETS,
                        value.map(bytes -> ((SdkBytes) bytes).asByteArray()).orElse(new byte[0]));
            case STRING -> new Payload(PLAIN_TEXT, ((String) value.orElse("")).getBytes(StandardCharsets.UTF_8));
            default -> {
                BodyBuffer body = new BodyBuffer();
                switch (bodies) {
                    case StructuredCodec codec -> codec.writeMember(event, member, body);
                    case XmlCodec codec -> codec.writeMember(event, member, Optional.empty(), body);
                }
                yield new Payload(bodies.mediaType(), body.toByteArray());
            }
        };
    }

    private void readPayload(byte[] payload, SdkPojo builder, ShapeMember member) {
        switch (member.type()) {
            case SDK_BYTES -> member.set(builder, SdkBytes.fromByteArray(payload));
            case STRING -> member.set(builder, new String(payload, StandardCharsets.UTF_8));
            default -> {
                try {
                    bodies.readMember(new ByteArrayInputStream(payload), builder, member);
                } catch (IOException e) {
                    throw new UncheckedIOException("an array cannot fail to be read", e);
                }
            }
        }
    }

    private static HeaderValue header(ShapeMember member, Object value) {
        return switch (value) {
            case String text -> new HeaderValue.OfString(text);
            case Boolean bool -> new HeaderValue.OfBoolean(bool);
            case Byte number -> new HeaderValue.OfByte(number);
            case Short number -> new HeaderValue.OfShort(number);
            case Integer number -> new HeaderValue.OfInteger(number);
            case Long number -> new HeaderValue.OfLong(number);
            case SdkBytes bytes -> new HeaderValue.OfBytes(bytes.asByteArray());
            case Instant instant -> new HeaderValue.OfTimestamp(instant);
            default -> throw new IllegalArgumentException(member + " has no place in an event's header");
        };
    }

    private static Object value(ShapeMember member, HeaderValue header) {
        Object value = switch (header) {
            case HeaderValue.OfBoolean(boolean bool) -> bool;
            case HeaderValue.OfByte(byte number) -> number;
            case HeaderValue.OfShort(short number) -> number;
            case HeaderValue.OfInteger(int number) -> number;
            case HeaderValue.OfLong(long number) -> number;
            case HeaderValue.OfBytes(byte[] bytes) -> SdkBytes.fromByteArray(bytes);
            case HeaderValue.OfString(String text) -> text;
            case HeaderValue.OfTimestamp(Instant instant) -> instant;
            case HeaderValue.OfUuid(var uuid) -> uuid;
        };
        if (!member.field().marshallingType().getTargetClass().isInstance(value)) {
            throw new SerializationFailure(
                    "/" + member.name(), "The header " + member.requestName() + " has another type");
        }
        return value;
    }

    /** A payload and what it is. */
    private record Payload(String mediaType, byte[] bytes) {}
}
