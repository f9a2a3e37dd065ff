package dev.outcrop.shapes.codec;

import com.fasterxml.jackson.core.io.SerializedString;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.core.traits.DefaultValueTrait;
import software.amazon.awssdk.core.traits.JsonValueTrait;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.core.traits.PayloadTrait;
import software.amazon.awssdk.core.traits.TimestampFormatTrait;
import software.amazon.awssdk.core.traits.XmlAttributeTrait;
import software.amazon.awssdk.core.traits.XmlAttributesTrait;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/** A member of a shape, or the element of a list or the value of a map, with all that its SDK field says, resolved once. */
public final class ShapeMember {
    private final SdkField<?> field;
    private final String name;
    private final MarshallingKnownType type;
    private final Optional<TimestampFormatTrait.Format> timestampFormat;
    private final ShapeMember element;
    private final boolean flattened;
    private final String elementName;
    private final String keyName;
    private final Map<String, XmlAttributesTrait.AttributeAccessors> attributes;
    private final boolean attribute;
    private final boolean payload;
    private final boolean generated;
    private final SerializedString jsonName;
    private final SerializedString storageName;
    private volatile ShapeFields structure;

    ShapeMember(SdkField<?> field) {
        this.field = field;
        name = field.memberName() == null ? "" : field.memberName();
        type = field.marshallingType().getKnownType();
        timestampFormat = field.getOptionalTrait(TimestampFormatTrait.class).map(TimestampFormatTrait::format);
        ListTrait list = field.getTrait(ListTrait.class);
        MapTrait map = field.getTrait(MapTrait.class);
        if (list != null) {
            element = new ShapeMember(list.memberFieldInfo());
            flattened = list.isFlattened();
            elementName = elementName(list, element.field);
            keyName = "";
        } else if (map != null) {
            element = new ShapeMember(map.valueFieldInfo());
            flattened = map.isFlattened();
            elementName = map.valueLocationName();
            keyName = map.keyLocationName();
        } else {
            element = null;
            flattened = false;
            elementName = "";
            keyName = "";
        }
        attributes = field.getOptionalTrait(XmlAttributesTrait.class)
                .map(XmlAttributesTrait::attributes)
                .orElse(Map.of());
        attribute = field.containsTrait(XmlAttributeTrait.class);
        payload = field.containsTrait(PayloadTrait.class);
        generated = field.containsTrait(DefaultValueTrait.class);
        jsonName = new SerializedString(field.locationName() == null ? name : field.locationName());
        storageName = new SerializedString(name);
    }

    private static String elementName(ListTrait list, SdkField<?> element) {
        if (list.memberLocationName() != null) {
            return list.memberLocationName();
        }
        return element.locationName() == null ? "member" : element.locationName();
    }

    /** The SDK's own field. */
    public SdkField<?> field() {
        return field;
    }

    /** The member's name in the service description; empty for elements of lists and maps. */
    public String name() {
        return name;
    }

    /** What kind of value it holds. */
    public MarshallingKnownType type() {
        return type;
    }

    /** Where it travels; the SDK also says {@code HEADER} of maps that are bound to a prefix of header names. */
    public MarshallLocation location() {
        return field.location();
    }

    /** Its name in requests: of the JSON member, XML element, parameter, header or label. */
    public String requestName() {
        return field.locationName();
    }

    /** Its name in responses, which EC2 spells another way. */
    public String responseName() {
        return field.unmarshallLocationName();
    }

    /** How it writes timestamps, if its shape says so. */
    public Optional<TimestampFormatTrait.Format> timestampFormat() {
        return timestampFormat;
    }

    /** Whether it is the whole body, or the whole payload of an event. */
    public boolean isPayload() {
        return payload;
    }

    /** Whether its text is JSON, which is Base64 in headers. */
    public boolean isJsonValue() {
        return field.containsTrait(JsonValueTrait.class);
    }

    /** The element of a list, or the value of a map. Only for these. */
    public ShapeMember element() {
        if (element == null) {
            throw new IllegalStateException(this + " is no list or map");
        }
        return element;
    }

    /** Whether a list's or map's entries stand without an element around them. */
    boolean isFlattened() {
        return flattened;
    }

    /** The XML or Query name of a list's elements or a map's values. */
    String elementName() {
        return elementName;
    }

    /** The XML or Query name of a map's keys. */
    String keyName() {
        return keyName;
    }

    /** The XML attributes that stand on this structure's element, by name. */
    Map<String, XmlAttributesTrait.AttributeAccessors> attributes() {
        return attributes;
    }

    /** Whether it is an XML attribute of its structure's element. */
    boolean isAttribute() {
        return attribute;
    }

    SerializedString jsonName() {
        return jsonName;
    }

    SerializedString storageName() {
        return storageName;
    }

    /** A builder of the structure that this holds. Only for structures. */
    public SdkPojo newBuilder() {
        return field.constructor().get();
    }

    /** The fields of the structure that {@code builder}, made by {@link #newBuilder}, builds. */
    ShapeFields structure(SdkPojo builder) {
        ShapeFields known = structure;
        if (known == null) {
            known = ShapeFields.of(builder);
            structure = known;
        }
        return known;
    }

    /** Sets it on a builder of its shape. */
    public void set(SdkPojo builder, Object value) {
        field.set(builder, value);
    }

    /** Its value in {@code shape}; empty where it was never set, which for lists and maps is not the same as empty ones. */
    public Optional<Object> get(SdkPojo shape) {
        return Optional.ofNullable(value(shape));
    }

    /** Its value in {@code shape}, or null where it was never set: hot paths do without the Optional. */
    Object value(SdkPojo shape) {
        Object value = generated ? GeneratedMembers.value(shape, name) : field.getValueOrDefault(shape);
        return value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap ? null : value;
    }

    @Override
    public String toString() {
        return (name.isEmpty() ? "element" : name) + " (" + type + ")";
    }

    /** The SDK fills idempotency tokens when it reads them from a shape; these are read as they were set. */
    private static final class GeneratedMembers {
        private static final MethodType GETTER = MethodType.methodType(Optional.class, String.class, Class.class);
        private static final ClassValue<MethodHandle> GETTERS = new ClassValue<>() {
            @Override
            protected MethodHandle computeValue(Class<?> type) {
                try {
                    return MethodHandles.publicLookup()
                            .findVirtual(type, "getValueForField", GETTER)
                            .asType(MethodType.methodType(Optional.class, SdkPojo.class, String.class, Class.class));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(type + " is not a shape of the SDK", e);
                }
            }
        };

        static Object value(SdkPojo shape, String name) {
            try {
                Optional<?> value = (Optional<?>) GETTERS.get(shape.getClass()).invokeExact(shape, name, Object.class);
                return value.orElse(null);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("cannot read " + name + " of " + shape.getClass(), e);
            }
        }
    }
}
