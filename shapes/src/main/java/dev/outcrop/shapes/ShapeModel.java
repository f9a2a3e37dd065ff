package dev.outcrop.shapes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A shape with its constraints. What the SDK's classes say of themselves (timestamp formats, XML names) is not repeated. */
public sealed interface ShapeModel {
    /** The shape's name in the description. */
    String name();

    /** Whether its values must not be logged. */
    boolean sensitive();

    /**
     * A structure or union, or an error, or an event stream.
     *
     * @param members     by member name, in the order of the description
     * @param union       whether exactly one member must be set
     * @param error       what is known of it as an error, if it is one
     * @param eventStream whether its members are the events of a stream
     * @param payload     the member that is the whole body, if one is
     * @param document    whether it is free-form JSON
     * @param elementName the XML element that it is written as, where that is not the shape's name
     */
    record Structure(
            String name,
            Map<String, Member> members,
            boolean union,
            Optional<ErrorTrait> error,
            boolean eventStream,
            Optional<String> payload,
            boolean document,
            Optional<String> elementName,
            boolean sensitive)
            implements ShapeModel {
        public Structure {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    /** A list with the bounds of its size. */
    record ListOf(
            String name,
            Member member,
            OptionalLong minimumSize,
            OptionalLong maximumSize,
            boolean flattened,
            boolean sensitive)
            implements ShapeModel {}

    /** A map with the bounds of its size. */
    record MapOf(
            String name,
            Member key,
            Member value,
            OptionalLong minimumSize,
            OptionalLong maximumSize,
            boolean flattened,
            boolean sensitive)
            implements ShapeModel {}

    /**
     * A string.
     *
     * @param minimumLength in characters
     * @param maximumLength in characters
     * @param pattern       regular expression that the whole value must match
     * @param values        the values that it may take; empty if it is no enumeration
     */
    record Text(
            String name,
            OptionalLong minimumLength,
            OptionalLong maximumLength,
            Optional<String> pattern,
            List<String> values,
            boolean sensitive)
            implements ShapeModel {
        public Text {
            values = List.copyOf(values);
        }
    }

    /** An integer, long, float or double with its bounds. */
    record Numeric(String name, NumberType type, OptionalDouble minimum, OptionalDouble maximum, boolean sensitive)
            implements ShapeModel {}

    /** Bytes, with bounds of their count; {@code streaming} ones are never held in memory. */
    record Blob(
            String name, OptionalLong minimumLength, OptionalLong maximumLength, boolean streaming, boolean sensitive)
            implements ShapeModel {}

    /** True or false. */
    record Bool(String name, boolean sensitive) implements ShapeModel {}

    /** A point in time. */
    record Timestamp(String name, boolean sensitive) implements ShapeModel {}

    /** The number types of service descriptions. */
    enum NumberType {
        INTEGER,
        LONG,
        FLOAT,
        DOUBLE
    }

    /**
     * A member of a structure, list or map.
     *
     * @param shape            name of its shape
     * @param required         whether it must be given
     * @param idempotencyToken whether clients fill it with a token of their own
     * @param locationName     its name on the wire where that differs from the member's name
     * @param hostLabel        whether it is part of the host name
     * @param location         where it travels
     */
    record Member(
            String shape,
            boolean required,
            boolean idempotencyToken,
            Optional<String> locationName,
            boolean hostLabel,
            Location location) {}

    /** Where a member travels. */
    enum Location {
        /** In the body, or it is the whole body: {@link Structure#payload()}. */
        BODY,
        /** In a header of its own. */
        HEADER,
        /** In all headers that begin with the location name, a map. */
        PREFIX_HEADERS,
        /** In the query string. */
        QUERY,
        /** In a label of the path. */
        LABEL,
        /** It is the HTTP status of the response. */
        STATUS,
        /** In a header of an event's message. */
        EVENT_HEADER,
        /** It is the payload of an event's message. */
        EVENT_PAYLOAD
    }

    /**
     * A structure as an error.
     *
     * @param code      what clients tell it by, such as {@code ThrottlingException}
     * @param queryCode its code in the Query protocol, where that differs
     * @param status    HTTP status
     * @param fault     whether the server is to blame
     * @param retryable whether clients may try again
     * @param throttling whether it says that the client is too fast
     */
    record ErrorTrait(
            String code,
            Optional<String> queryCode,
            int status,
            boolean fault,
            boolean retryable,
            boolean throttling) {}
}
