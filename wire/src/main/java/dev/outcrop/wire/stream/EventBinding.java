package dev.outcrop.wire.stream;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ShapeModel;
import dev.outcrop.shapes.ShapeModel.Member;
import dev.outcrop.shapes.codec.BodyBuffer;
import dev.outcrop.shapes.codec.SerializationFailure;
import dev.outcrop.shapes.codec.ShapeFields;
import dev.outcrop.shapes.codec.ShapeMember;
import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.shapes.codec.XmlCodec;
import dev.outcrop.shapes.eventstream.HeaderValue;
import dev.outcrop.shapes.eventstream.Message;
import dev.outcrop.shapes.eventstream.MessageEncoder;
import dev.outcrop.wire.binding.ErrorAnswer;
import dev.outcrop.wire.binding.ErrorWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Events of one operation as messages: the event's name, members and payload in the message's headers and payload.
 *
 * <p>Source: Smithy, "Event streams" and "Amazon Event Stream Specification".
 */
public final class EventBinding {
    private static final String UNKNOWN = "null";

    private final ServiceModel service;
    private final Protocol protocol;
    private final Optional<ShapeModel.Structure> events;

    /** The events that {@code operation} sends. */
    public static EventBinding ofOutput(ServiceModel service, OperationModel operation, Protocol protocol) {
        return new EventBinding(service, protocol, operation.output().flatMap(name -> events(service, name)));
    }

    /** The events that {@code operation} takes. */
    public static EventBinding ofInput(ServiceModel service, OperationModel operation, Protocol protocol) {
        return new EventBinding(service, protocol, operation.input().flatMap(name -> events(service, name)));
    }

    /** Whether {@code operation} sends events. */
    public static boolean sendsEvents(ServiceModel service, OperationModel operation) {
        return operation.output().flatMap(name -> events(service, name)).isPresent();
    }

    private EventBinding(ServiceModel service, Protocol protocol, Optional<ShapeModel.Structure> events) {
        this.service = service;
        this.protocol = protocol;
        this.events = events;
    }

    private static Optional<ShapeModel.Structure> events(ServiceModel service, String shape) {
        if (service.shape(shape) instanceof ShapeModel.Structure structure) {
            for (Member member : structure.members().values()) {
                if (service.shape(member.shape()) instanceof ShapeModel.Structure candidate
                        && candidate.eventStream()) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether the stream's first message carries the response: the protocols without HTTP bindings need that. */
    boolean hasInitialResponse() {
        return protocol != Protocol.REST_JSON && protocol != Protocol.REST_XML;
    }

    /** The first message of a stream of an RPC protocol. */
    byte[] initialResponse(SdkPojo response) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put(Message.MESSAGE_TYPE, new HeaderValue.OfString("event"));
        headers.put(Message.EVENT_TYPE, new HeaderValue.OfString("initial-response"));
        headers.put(Message.CONTENT_TYPE, new HeaderValue.OfString(codec().mediaType()));
        return MessageEncoder.encode(new Message(headers, codec().write(response)));
    }

    /** The message that {@code event} travels in. */
    byte[] encode(Object event) {
        SdkPojo shape = (SdkPojo) event;
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put(Message.MESSAGE_TYPE, new HeaderValue.OfString("event"));
        headers.put(Message.EVENT_TYPE, new HeaderValue.OfString(name(event)));
        ShapeFields fields = ShapeFields.of(shape);
        for (ShapeMember member : fields.members()) {
            if (member.location() == MarshallLocation.HEADER) {
                member.get(shape).ifPresent(value -> headers.put(member.requestName(), header(value)));
            }
        }
        byte[] payload;
        if (fields.payload().isPresent()) {
            ShapeMember member = fields.payload().get();
            payload = payload(shape, member, headers);
        } else {
            payload = body(shape, headers);
        }
        return MessageEncoder.encode(new Message(headers, payload));
    }

    private byte[] payload(SdkPojo shape, ShapeMember member, Map<String, HeaderValue> headers) {
        Optional<Object> value = member.get(shape);
        return switch (member.type()) {
            case SDK_BYTES -> {
                headers.put(Message.CONTENT_TYPE, new HeaderValue.OfString("application/octet-stream"));
                yield value.map(bytes -> ((SdkBytes) bytes).asByteArrayUnsafe()).orElse(new byte[0]);
            }
            case STRING -> {
                headers.put(Message.CONTENT_TYPE, new HeaderValue.OfString("text/plain"));
                yield value.map(text -> ((String) text).getBytes(StandardCharsets.UTF_8))
                        .orElse(new byte[0]);
            }
            default -> body((SdkPojo) value.orElse(shape), headers);
        };
    }

    private byte[] body(SdkPojo shape, Map<String, HeaderValue> headers) {
        if (protocol == Protocol.REST_XML) {
            headers.put(Message.CONTENT_TYPE, new HeaderValue.OfString("text/xml"));
            BodyBuffer out = new BodyBuffer();
            XmlCodec.XML.write(
                    shape, shape.getClass().getSimpleName(), service.summary().xmlNamespace(), out);
            return out.toByteArray();
        }
        headers.put(Message.CONTENT_TYPE, new HeaderValue.OfString(codec().mediaType()));
        return codec().write(shape);
    }

    /** The message that ends a stream in an error. */
    byte[] encodeError(ErrorAnswer error) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        Optional<String> name = exceptionName(error.code());
        if (name.isEmpty()) {
            headers.put(Message.MESSAGE_TYPE, new HeaderValue.OfString("error"));
            headers.put(Message.ERROR_CODE, new HeaderValue.OfString(error.code()));
            headers.put(Message.ERROR_MESSAGE, new HeaderValue.OfString(error.message()));
            return MessageEncoder.encode(new Message(headers, new byte[0]));
        }
        headers.put(Message.MESSAGE_TYPE, new HeaderValue.OfString("exception"));
        headers.put(Message.EXCEPTION_TYPE, new HeaderValue.OfString(name.get()));
        headers.put(Message.CONTENT_TYPE, new HeaderValue.OfString(codec().mediaType()));
        BodyBuffer out = new BodyBuffer();
        codec().writeError(error.code(), ErrorWriter.message(service, error), error.exception(), out);
        return MessageEncoder.encode(new Message(headers, out.toByteArray()));
    }

    /** The name under which the stream has the error of {@code code}, if it has it. */
    private Optional<String> exceptionName(String code) {
        return events.flatMap(stream -> stream.members().entrySet().stream()
                .filter(member -> service.shape(member.getValue().shape()) instanceof ShapeModel.Structure shape
                        && shape.error()
                                .filter(trait -> trait.code().equals(code))
                                .isPresent())
                .map(Map.Entry::getKey)
                .findFirst());
    }

    /**
     * The event that {@code message} carries.
     *
     * @param type the SDK's interface of the stream's events
     * @return nothing for a message that is no event of this stream, such as the first one of an RPC protocol
     * @throws SerializationFailure if the message is not what the event asks for
     */
    Optional<Object> decode(Message message, Class<?> type) {
        Optional<String> name = message.text(Message.EVENT_TYPE);
        Optional<SdkPojo> builder = name.flatMap(event -> builder(type, event));
        if (builder.isEmpty()) {
            return Optional.empty();
        }
        SdkPojo shape = builder.get();
        ShapeFields fields = ShapeFields.of(shape);
        for (ShapeMember member : fields.members()) {
            HeaderValue header = message.headers().get(member.requestName());
            if (member.location() == MarshallLocation.HEADER && header != null) {
                member.set(shape, value(member, header));
            }
        }
        try {
            if (fields.payload().isPresent()) {
                readPayload(message, fields.payload().get(), shape);
            } else {
                codec().read(message.payload(), shape);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be read", e);
        }
        return Optional.of(((Buildable) shape).build());
    }

    private void readPayload(Message message, ShapeMember member, SdkPojo shape) throws IOException {
        switch (member.type()) {
            case SDK_BYTES -> member.set(shape, SdkBytes.fromByteArrayUnsafe(message.payload()));
            case STRING -> member.set(shape, new String(message.payload(), StandardCharsets.UTF_8));
            default -> codec().readMember(new ByteArrayInputStream(message.payload()), shape, member);
        }
    }

    private static Optional<SdkPojo> builder(Class<?> type, String event) {
        String wanted = event.toLowerCase(Locale.ROOT) + "builder";
        for (Method method : type.getMethods()) {
            if (method.getName().toLowerCase(Locale.ROOT).equals(wanted) && method.getParameterCount() == 0) {
                return Optional.of((SdkPojo) invoke(method, type));
            }
        }
        return Optional.empty();
    }

    private static Object invoke(Method method, Object target) {
        try {
            return method.invoke(target);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(method + " cannot be called", e);
        }
    }

    /** The event's name in the stream: the one that the SDK's class says, else that of the member of this shape. */
    private String name(Object event) {
        Optional<String> said = said(event);
        if (said.isPresent()) {
            return said.get();
        }
        String simple = event.getClass().getSimpleName();
        return events.flatMap(stream -> stream.members().entrySet().stream()
                        .filter(member -> member.getValue().shape().equalsIgnoreCase(simple))
                        .map(Map.Entry::getKey)
                        .findFirst())
                .orElseThrow(() -> new IllegalArgumentException(simple + " is no event of this stream"));
    }

    private static Optional<String> said(Object event) {
        for (Class<?> type = event.getClass(); type != null; type = type.getSuperclass()) {
            for (Class<?> candidate : type.getInterfaces()) {
                Optional<Method> method = Arrays.stream(candidate.getMethods())
                        .filter(each -> each.getName().equals("sdkEventType"))
                        .findFirst();
                if (method.isPresent()) {
                    return Optional.of(String.valueOf(invoke(method.get(), event)))
                            .filter(name -> !name.equals(UNKNOWN));
                }
            }
        }
        return Optional.empty();
    }

    private static HeaderValue header(Object value) {
        return switch (value) {
            case Boolean flag -> new HeaderValue.OfBoolean(flag);
            case Byte number -> new HeaderValue.OfByte(number);
            case Short number -> new HeaderValue.OfShort(number);
            case Integer number -> new HeaderValue.OfInteger(number);
            case Long number -> new HeaderValue.OfLong(number);
            case SdkBytes bytes -> new HeaderValue.OfBytes(bytes.asByteArrayUnsafe());
            case Instant instant -> new HeaderValue.OfTimestamp(instant);
            default -> new HeaderValue.OfString(value.toString());
        };
    }

    private static Object value(ShapeMember member, HeaderValue header) {
        Object value = switch (header) {
            case HeaderValue.OfBoolean flag -> flag.value();
            case HeaderValue.OfByte number -> number.value();
            case HeaderValue.OfShort number -> number.value();
            case HeaderValue.OfInteger number -> number.value();
            case HeaderValue.OfLong number -> number.value();
            case HeaderValue.OfBytes bytes -> SdkBytes.fromByteArrayUnsafe(bytes.value());
            case HeaderValue.OfString text -> text.value();
            case HeaderValue.OfTimestamp instant -> instant.value();
            case HeaderValue.OfUuid uuid -> uuid.value().toString();
        };
        if (!member.field().marshallingType().getTargetClass().isInstance(value)) {
            throw new SerializationFailure("/" + member.name(), "Unexpected type of event header");
        }
        return value;
    }

    private StructuredCodec codec() {
        return switch (protocol) {
            case RPC_V2_CBOR -> StructuredCodec.RPC_V2_CBOR;
            case JSON_CBOR -> StructuredCodec.AWS_CBOR;
            case REST_JSON, JSON, REST_XML, QUERY, EC2_QUERY -> StructuredCodec.JSON;
        };
    }
}
