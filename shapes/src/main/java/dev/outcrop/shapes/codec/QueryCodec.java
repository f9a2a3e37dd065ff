package dev.outcrop.shapes.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.utils.builder.Buildable;

/**
 * Reads shapes from the parameters of Query and EC2 Query requests; their responses are XML.
 *
 * <p>Source: Smithy's
 * <a href="https://smithy.io/2.0/aws/protocols/aws-query-protocol.html">awsQuery</a> and
 * <a href="https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html">ec2Query</a>.
 */
public enum QueryCodec {
    /** Lists stand below {@code member}, or below the name that the model gives. */
    QUERY,
    /** Lists stand directly below their member. */
    EC2;

    private static final int LONGEST_INDEX = 7;

    /**
     * Reads all members that have parameters.
     *
     * @return {@code builder}
     * @throws SerializationFailure if a parameter is not what the shape asks for
     */
    public <B extends SdkPojo> B read(QueryParameters parameters, B builder) {
        readMembers(parameters, builder, ShapeFields.of(builder));
        return builder;
    }

    private void readMembers(QueryParameters parameters, SdkPojo builder, ShapeFields fields) {
        for (ShapeMember member : fields.members()) {
            QueryParameters child = parameters.child(member.requestName());
            if (child != null) {
                try {
                    Object value = readValue(member, child);
                    if (value != null) {
                        member.set(builder, value);
                    }
                } catch (SerializationFailure failure) {
                    throw failure.inside(member.requestName());
                }
            }
        }
    }

    private Object readValue(ShapeMember member, QueryParameters parameters) {
        return switch (member.type()) {
            case SDK_POJO -> {
                SdkPojo builder = member.newBuilder();
                readMembers(parameters, builder, member.structure(builder));
                yield ((Buildable) builder).build();
            }
            case LIST -> readList(member, parameters);
            case MAP -> readMap(member, parameters);
            case DOCUMENT, NULL -> throw new IllegalArgumentException(member + " has no place in a Query request");
            case STRING, INTEGER, LONG, SHORT, BYTE, FLOAT, DOUBLE, BIG_DECIMAL, BOOLEAN, INSTANT, SDK_BYTES ->
                parameters.value() == null
                        ? null
                        : TextValues.read(member, parameters.value(), MarshallLocation.PAYLOAD);
        };
    }

    private List<Object> readList(ShapeMember member, QueryParameters parameters) {
        QueryParameters elements =
                this == EC2 || member.isFlattened() ? parameters : elements(parameters, member.elementName());
        List<Object> values = new ArrayList<>();
        for (QueryParameters element : inOrder(elements)) {
            Object value = readValue(member.element(), element);
            if (value == null) {
                throw new SerializationFailure("/" + (values.size() + 1), "Expected a value");
            }
            values.add(value);
        }
        return values;
    }

    /** Some clients write {@code member} whatever the model says. */
    private static QueryParameters elements(QueryParameters parameters, String name) {
        QueryParameters named = parameters.child(name);
        if (named != null) {
            return named;
        }
        QueryParameters member = parameters.child("member");
        return member == null ? parameters : member;
    }

    private Map<String, Object> readMap(ShapeMember member, QueryParameters parameters) {
        QueryParameters entries =
                member.isFlattened() || parameters.child("entry") == null ? parameters : parameters.child("entry");
        Map<String, Object> values = new LinkedHashMap<>();
        for (QueryParameters entry : inOrder(entries)) {
            QueryParameters key = entry.child(member.keyName());
            QueryParameters child = entry.child(member.elementName());
            Object value = child == null ? null : readValue(member.element(), child);
            if (key == null || key.value() == null || value == null) {
                throw new SerializationFailure("", "Map entry without key or value");
            }
            values.put(key.value(), value);
        }
        return values;
    }

    /** The children that are called by numbers, by these. */
    private static Iterable<QueryParameters> inOrder(QueryParameters parameters) {
        TreeMap<Integer, QueryParameters> byIndex = new TreeMap<>();
        parameters.children().forEach((name, child) -> {
            if (name.length() <= LONGEST_INDEX
                    && !name.isEmpty()
                    && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                byIndex.put(Integer.parseInt(name), child);
            }
        });
        return byIndex.values();
    }
}
