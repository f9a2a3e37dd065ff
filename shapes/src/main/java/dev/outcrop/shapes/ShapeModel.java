package dev.outcrop.shapes;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A shape with its constraints. What the SDK's classes say of themselves (locations, formats) is not repeated here. */
public sealed interface ShapeModel {
    /** The shape's name in the description. */
    String name();

    /**
     * A structure or union, or an error, or an event stream.
     *
     * @param members     by member name, in the order of the description
     * @param union       whether exactly one member must be set
     * @param error       what is known of it as an error, if it is one
     * @param eventStream whether its members are the events of a stream
     * @param payload     the member that is the whole body, if one is
     * @param document    whether it is free-form JSON
     */
    record Structure(
            String name,
            Map<String, Member> members,
            boolean union,
            Optional<ErrorTrait> error,
            boolean eventStream,
            Optional<String> payload,
            boolean document)
            implements ShapeModel {}

    /** A list with the bounds of its size. */
    record ListOf(String name, Member member, OptionalLong minimumSize, OptionalLong maximumSize, boolean flattened)
            implements ShapeModel {}

    /** A map with the bounds of its size. */
    record MapOf(
            String name,
            Member key,
            Member value,
            OptionalLong minimumSize,
            OptionalLong maximumSize,
            boolean flattened)
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
            implements ShapeModel {}

    /** An integer, long, float or double with its bounds. */
    record Numeric(String name, NumberType type, OptionalDouble minimum, OptionalDouble maximum)
            implements ShapeModel {}

    /** Bytes, with bounds of their count; {@code streaming} ones are never held in memory. */
    record Blob(
            String name, OptionalLong minimumLength, OptionalLong maximumLength, boolean streaming, boolean sensitive)
            implements ShapeModel {}

    /** True or false. */
    record Bool(String name) implements ShapeModel {}

    /** A point in time. */
    record Timestamp(String name) implements ShapeModel {}

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
     */
    record Member(
            String shape,
            boolean required,
            boolean idempotencyToken,
            Optional<String> locationName,
            boolean hostLabel) {}

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
