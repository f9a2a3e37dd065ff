package dev.outcrop.shapes.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;

/** The members of a shape, looked up once a class. */
public final class ShapeFields {
    private static final ClassValue<Holder> BY_CLASS = new ClassValue<>() {
        @Override
        protected Holder computeValue(Class<?> type) {
            return new Holder();
        }
    };

    private final List<ShapeMember> members;
    private final List<ShapeMember> body;
    private final Optional<ShapeMember> payload;
    private final Map<String, ShapeMember> byRequestName = new HashMap<>();
    private final Map<String, ShapeMember> byName = new HashMap<>();
    private final List<ShapeMember> attributes;

    private ShapeFields(List<SdkField<?>> fields) {
        List<ShapeMember> all = new ArrayList<>();
        for (SdkField<?> field : fields) {
            ShapeMember member = new ShapeMember(field);
            all.add(member);
            byName.put(member.name(), member);
            byRequestName.put(member.requestName(), member);
        }
        members = List.copyOf(all);
        payload = members.stream().filter(ShapeMember::isPayload).findFirst();
        body = members.stream()
                .filter(member -> member.location() == MarshallLocation.PAYLOAD && !member.isPayload())
                .toList();
        attributes = members.stream().filter(ShapeMember::isAttribute).toList();
    }

    /** The members of a shape or of a builder of one. */
    public static ShapeFields of(SdkPojo shape) {
        Holder holder = BY_CLASS.get(shape.getClass());
        ShapeFields fields = holder.fields;
        if (fields == null) {
            fields = new ShapeFields(shape.sdkFields());
            holder.fields = fields;
        }
        return fields;
    }

    /** All members, in the SDK's order. */
    public List<ShapeMember> members() {
        return members;
    }

    /** The members that together make the body, unless one member is all of it. */
    public List<ShapeMember> body() {
        return body;
    }

    /** The member that is the whole body, if one is. */
    public Optional<ShapeMember> payload() {
        return payload;
    }

    /** The member that is called {@code name} in the service description. */
    public Optional<ShapeMember> member(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    List<ShapeMember> attributes() {
        return attributes;
    }

    /** The member called {@code name} in the description, or null. */
    ShapeMember named(String name) {
        return byName.get(name);
    }

    /** The member called {@code name} on the wire, or null. */
    ShapeMember onWire(String name) {
        return byRequestName.get(name);
    }

    private static final class Holder {
        private volatile ShapeFields fields;
    }
}
