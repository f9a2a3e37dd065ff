package dev.outcrop.shapes.codec;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.traits.XmlAttributesTrait;

/** Writes the members of shapes as XML elements, under the names that responses have. */
final class XmlWriter {
    private static final String ENTRY = "entry";

    private final XmlOutput out;

    XmlWriter(XmlOutput out) {
        this.out = out;
    }

    void writeMembers(SdkPojo shape, List<ShapeMember> members) {
        for (ShapeMember member : members) {
            if (!member.isAttribute()) {
                Object value = member.value(shape);
                if (value != null) {
                    writeValue(member, member.responseName(), value);
                }
            }
        }
    }

    private void writeValue(ShapeMember member, String name, Object value) {
        switch (member.type()) {
            case SDK_POJO -> {
                startStructure(member, name, value, "");
                SdkPojo shape = (SdkPojo) value;
                writeMembers(shape, ShapeFields.of(shape).members());
                out.end(name);
            }
            case LIST -> writeList(member, name, (List<?>) value);
            case MAP -> writeMap(member, name, (Map<?, ?>) value);
            case DOCUMENT, NULL -> throw new IllegalArgumentException(member + " has no place in XML");
            case STRING, INTEGER, LONG, SHORT, BYTE, FLOAT, DOUBLE, BIG_DECIMAL, BOOLEAN, INSTANT, SDK_BYTES ->
                out.element(name, TextValues.write(member, value, MarshallLocation.PAYLOAD));
        }
    }

    /** Begins the element of a structure, with its attributes and, unless empty, a namespace. */
    void startStructure(ShapeMember member, String name, Object value, String namespace) {
        out.startOpen(name);
        if (!namespace.isEmpty()) {
            out.attribute("xmlns", namespace);
        }
        for (Map.Entry<String, XmlAttributesTrait.AttributeAccessors> attribute :
                member.attributes().entrySet()) {
            String text = attribute.getValue().attributeGetter().apply(value);
            if (text != null) {
                out.attribute(attribute.getKey(), text);
            }
        }
        out.startClose();
    }

    private void writeList(ShapeMember member, String name, List<?> values) {
        if (member.isFlattened()) {
            for (Object value : values) {
                writeElement(member.element(), name, value);
            }
        } else {
            out.start(name);
            for (Object value : values) {
                writeElement(member.element(), member.elementName(), value);
            }
            out.end(name);
        }
    }

    private void writeElement(ShapeMember element, String name, Object value) {
        if (value == null) {
            out.start(name);
            out.end(name);
        } else {
            writeValue(element, name, value);
        }
    }

    private void writeMap(ShapeMember member, String name, Map<?, ?> values) {
        String entryName = member.isFlattened() ? name : ENTRY;
        if (!member.isFlattened()) {
            out.start(name);
        }
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            out.start(entryName);
            out.element(member.keyName(), (String) entry.getKey());
            writeElement(member.element(), member.elementName(), entry.getValue());
            out.end(entryName);
        }
        if (!member.isFlattened()) {
            out.end(name);
        }
    }
}
