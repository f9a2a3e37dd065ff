package dev.outcrop.shapes.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallLocation;
import software.amazon.awssdk.core.protocol.MarshallingKnownType;
import software.amazon.awssdk.utils.builder.Buildable;

/** Reads shapes from the elements of one XML body, under the names that requests have. */
final class XmlReader {
    private static final String ENTRY = "entry";

    private final XMLStreamReader reader;
    private final int deepest;
    private int depth;

    XmlReader(XMLStreamReader reader, int deepest) {
        this.reader = reader;
        this.deepest = deepest;
    }

    /** Goes to the root element. */
    void toRoot() throws XMLStreamException {
        while (reader.next() != XMLStreamConstants.START_ELEMENT) {
            if (reader.getEventType() == XMLStreamConstants.DTD) {
                throw new SerializationFailure("", "Document type declarations are not allowed");
            }
        }
    }

    /** Goes past the end of the document. */
    void toEnd() throws XMLStreamException {
        while (reader.hasNext()) {
            reader.next();
        }
    }

    /** Reads the structure whose start tag is current, up to its end tag. */
    void readMembers(SdkPojo builder, ShapeFields fields, boolean top) throws XMLStreamException {
        readAttributes(builder, fields);
        enter();
        Flattened flattened = null;
        while (nextChild()) {
            String name = reader.getLocalName();
            ShapeMember member = fields.onWire(name);
            if (member == null
                    || member.isAttribute()
                    || (top && (member.isPayload() || member.location() != MarshallLocation.PAYLOAD))) {
                skip();
                continue;
            }
            try {
                if (member.isFlattened()) {
                    flattened = flattened == null ? new Flattened() : flattened;
                    readFlattened(member, flattened);
                } else {
                    member.set(builder, readValue(member));
                }
            } catch (SerializationFailure failure) {
                throw failure.inside(name);
            }
        }
        if (flattened != null) {
            flattened.setOn(builder);
        }
        depth--;
    }

    private void readAttributes(SdkPojo builder, ShapeFields fields) {
        for (ShapeMember member : fields.attributes()) {
            String qualified = member.requestName();
            String local = qualified.substring(qualified.indexOf(':') + 1);
            for (int i = 0; i < reader.getAttributeCount(); i++) {
                if (reader.getAttributeLocalName(i).equals(local)) {
                    member.set(builder, TextValues.read(member, reader.getAttributeValue(i), MarshallLocation.PAYLOAD));
                }
            }
        }
    }

    private void readFlattened(ShapeMember member, Flattened flattened) throws XMLStreamException {
        if (member.type() == MarshallingKnownType.MAP) {
            readEntry(member, flattened.map(member));
        } else {
            flattened.list(member).add(readValue(member.element()));
        }
    }

    /** The value in the element whose start tag is current, up to its end tag. */
    Object readValue(ShapeMember member) throws XMLStreamException {
        return switch (member.type()) {
            case SDK_POJO -> {
                SdkPojo builder = member.newBuilder();
                readMembers(builder, member.structure(builder), false);
                yield ((Buildable) builder).build();
            }
            case LIST -> readList(member);
            case MAP -> readMap(member);
            case DOCUMENT, NULL -> throw new IllegalArgumentException(member + " has no place in XML");
            case STRING, INTEGER, LONG, SHORT, BYTE, FLOAT, DOUBLE, BIG_DECIMAL, BOOLEAN, INSTANT, SDK_BYTES ->
                TextValues.read(member, reader.getElementText(), MarshallLocation.PAYLOAD);
        };
    }

    private List<Object> readList(ShapeMember member) throws XMLStreamException {
        enter();
        List<Object> values = new ArrayList<>();
        while (nextChild()) {
            if (reader.getLocalName().equals(member.elementName())) {
                try {
                    values.add(readValue(member.element()));
                } catch (SerializationFailure failure) {
                    throw failure.inside(Integer.toString(values.size()));
                }
            } else {
                skip();
            }
        }
        depth--;
        return values;
    }

    private Map<String, Object> readMap(ShapeMember member) throws XMLStreamException {
        enter();
        Map<String, Object> values = new LinkedHashMap<>();
        while (nextChild()) {
            if (reader.getLocalName().equals(ENTRY)) {
                readEntry(member, values);
            } else {
                skip();
            }
        }
        depth--;
        return values;
    }

    private void readEntry(ShapeMember member, Map<String, Object> values) throws XMLStreamException {
        enter();
        String key = null;
        Object value = null;
        while (nextChild()) {
            String name = reader.getLocalName();
            if (name.equals(member.keyName())) {
                key = reader.getElementText();
            } else if (name.equals(member.elementName())) {
                value = readValue(member.element());
            } else {
                skip();
            }
        }
        depth--;
        if (key == null || value == null) {
            throw new SerializationFailure("", "Map entry without " + (key == null ? "key" : "value"));
        }
        values.put(key, value);
    }

    /** Goes to the next child's start tag, or to the end tag of the element around; false at the end tag. */
    private boolean nextChild() throws XMLStreamException {
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (!reader.isWhiteSpace()) {
                        throw new SerializationFailure("", "Unexpected text between elements");
                    }
                }
                default -> {
                    // Comments and processing instructions say nothing.
                }
            }
        }
    }

    private void enter() {
        if (++depth > deepest) {
            throw new SerializationFailure("", "More than " + deepest + " elements inside one another");
        }
    }

    private void skip() throws XMLStreamException {
        int open = 1;
        while (open > 0) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> open++;
                case XMLStreamConstants.END_ELEMENT -> open--;
                default -> {
                    // Whatever an unknown element holds is left out with it.
                }
            }
        }
    }

    /** Lists and maps whose elements stand directly in the structure, in several places perhaps. */
    private static final class Flattened {
        private final Map<ShapeMember, Object> collections = new HashMap<>();

        @SuppressWarnings("unchecked") // Only this puts values here, by the member's type.
        private List<Object> list(ShapeMember member) {
            return (List<Object>) collections.computeIfAbsent(member, _ -> new ArrayList<>());
        }

        @SuppressWarnings("unchecked") // Only this puts values here, by the member's type.
        private Map<String, Object> map(ShapeMember member) {
            return (Map<String, Object>) collections.computeIfAbsent(member, _ -> new LinkedHashMap<>());
        }

        private void setOn(SdkPojo builder) {
            collections.forEach((member, values) -> member.set(builder, values));
        }
    }
}
