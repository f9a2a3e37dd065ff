package dev.outcrop.shapes.codec;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.stax.WstxInputFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.XMLInputFactory2;
import software.amazon.awssdk.core.SdkPojo;

/**
 * Shapes as XML: the bodies of REST-XML, and the responses of Query and EC2 Query.
 *
 * <p>Reading ignores elements that the shape does not have, whatever their namespace, and refuses document type
 * declarations and with them all entities but XML's own five. Safe for concurrent use.
 */
public final class XmlCodec implements BodyFormat {
    /** XML with the default limits. */
    public static final XmlCodec XML = new XmlCodec(ReadLimits.DEFAULT);

    private static final int MOST_ATTRIBUTES = 100;
    private static final int LONGEST_ATTRIBUTE = 64 << 10;

    private final WstxInputFactory factory = new WstxInputFactory();
    private final ReadLimits limits;

    public XmlCodec(ReadLimits limits) {
        this.limits = limits;
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, false);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, MOST_ATTRIBUTES);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, LONGEST_ATTRIBUTE);
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, limits.depth() + 1);
        factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_COUNT, limits.values());
        factory.setProperty(WstxInputProperties.P_MAX_CHARACTERS, limits.bytes());
        factory.setProperty(WstxInputProperties.P_MAX_TEXT_LENGTH, limits.stringLength());
    }

    @Override
    public String mediaType() {
        return "application/xml";
    }

    /** Reads from the children of the root element, whatever that is called. */
    @Override
    public <B extends SdkPojo> B read(InputStream body, B builder) throws IOException {
        readRoot(body, reader -> reader.readMembers(builder, ShapeFields.of(builder), true));
        return builder;
    }

    @Override
    public <B extends SdkPojo> B read(byte[] body, B builder) {
        try {
            return read(new ByteArrayInputStream(body), builder);
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be read", e);
        }
    }

    @Override
    public void readMember(InputStream body, SdkPojo builder, ShapeMember member) throws IOException {
        readRoot(body, reader -> member.set(builder, reader.readValue(member)));
    }

    private void readRoot(InputStream body, RootReading reading) throws IOException {
        Source source = new Source(body);
        PushbackInputStream document = new PushbackInputStream(source);
        int first = document.read();
        while (first == ' ' || first == '\n' || first == '\r' || first == '\t') {
            first = document.read();
        }
        if (first < 0) {
            return;
        }
        document.unread(first);
        try {
            XMLStreamReader stream = factory.createXMLStreamReader(document);
            XmlReader reader = new XmlReader(stream, limits.depth());
            reader.toRoot();
            reading.read(reader);
            reader.toEnd();
            stream.close();
        } catch (XMLStreamException e) {
            throw source.failure(e.getMessage());
        }
    }

    /** Writes the members that travel in the body as children of a root element. */
    public void write(SdkPojo shape, String element, Optional<String> namespace, BodyBuffer out) {
        XmlOutput xml = new XmlOutput(out);
        xml.declaration();
        xml.startOpen(element);
        namespace.ifPresent(name -> xml.attribute("xmlns", name));
        xml.startClose();
        new XmlWriter(xml).writeMembers(shape, ShapeFields.of(shape).body());
        xml.end(element);
    }

    /** Writes a root element that holds a text and no members. */
    public void writeText(String text, String element, Optional<String> namespace, BodyBuffer out) {
        XmlOutput xml = new XmlOutput(out);
        xml.declaration();
        xml.startOpen(element);
        namespace.ifPresent(name -> xml.attribute("xmlns", name));
        xml.startClose();
        xml.text(text);
        xml.end(element);
    }

    /** Writes one member, a structure, as the root element; nothing where it is not set. */
    public void writeMember(SdkPojo shape, ShapeMember member, Optional<String> namespace, BodyBuffer out) {
        if (member.value(shape) instanceof SdkPojo structure) {
            XmlOutput xml = new XmlOutput(out);
            XmlWriter writer = new XmlWriter(xml);
            xml.declaration();
            writer.startStructure(member, member.responseName(), structure, namespace.orElse(""));
            writer.writeMembers(structure, ShapeFields.of(structure).members());
            xml.end(member.responseName());
        }
    }

    /**
     * Writes a Query response: {@code <XResponse><XResult>…</XResult><ResponseMetadata>…}.
     *
     * @param operation the operation's name
     * @param wrapper   the result's element; operations without output have none
     */
    public void writeQueryResponse(
            SdkPojo shape,
            String operation,
            Optional<String> wrapper,
            Optional<String> namespace,
            String requestId,
            BodyBuffer out) {
        XmlOutput xml = new XmlOutput(out);
        String root = operation + "Response";
        xml.startOpen(root);
        namespace.ifPresent(name -> xml.attribute("xmlns", name));
        xml.startClose();
        wrapper.ifPresent(xml::start);
        new XmlWriter(xml).writeMembers(shape, ShapeFields.of(shape).body());
        wrapper.ifPresent(xml::end);
        xml.start("ResponseMetadata");
        xml.element("RequestId", requestId);
        xml.end("ResponseMetadata");
        xml.end(root);
    }

    /** Writes an EC2 response: {@code <XResponse><requestId>…</requestId>…}. */
    public void writeEc2Response(
            SdkPojo shape, String operation, Optional<String> namespace, String requestId, BodyBuffer out) {
        XmlOutput xml = new XmlOutput(out);
        String root = operation + "Response";
        xml.declaration();
        xml.startOpen(root);
        namespace.ifPresent(name -> xml.attribute("xmlns", name));
        xml.startClose();
        xml.element("requestId", requestId);
        new XmlWriter(xml).writeMembers(shape, ShapeFields.of(shape).body());
        xml.end(root);
    }

    /**
     * Writes an error of Query and REST-XML services: {@code <ErrorResponse><Error>…}.
     *
     * @param exception the exception as the SDK models it, or a shape without members
     */
    public void writeError(
            XmlError error, SdkPojo exception, Optional<String> namespace, String requestId, BodyBuffer out) {
        XmlOutput xml = new XmlOutput(out);
        xml.startOpen("ErrorResponse");
        namespace.ifPresent(name -> xml.attribute("xmlns", name));
        xml.startClose();
        xml.start("Error");
        xml.element("Type", error.senderFault() ? "Sender" : "Receiver");
        xml.element("Code", error.code());
        xml.element(error.message().memberName(), error.message().text());
        new XmlWriter(xml).writeMembers(exception, ShapeFields.of(exception).body());
        xml.end("Error");
        xml.element("RequestId", requestId);
        xml.end("ErrorResponse");
    }

    /** Writes the exception of an event stream, whose type stands in the message's headers. */
    public void writeEventException(String element, ErrorMessage message, SdkPojo exception, BodyBuffer out) {
        XmlOutput xml = new XmlOutput(out);
        xml.start(element);
        xml.element(message.memberName(), message.text());
        new XmlWriter(xml).writeMembers(exception, ShapeFields.of(exception).body());
        xml.end(element);
    }

    /**
     * Writes an error of Amazon S3: {@code <Error><Code>…}.
     *
     * @param exception the exception as the SDK models it, or a shape without members
     * @param details   further elements in their order, such as {@code StringToSign}
     */
    public void writeS3Error(
            XmlError error,
            SdkPojo exception,
            Map<String, String> details,
            String requestId,
            String hostId,
            BodyBuffer out) {
        XmlOutput xml = new XmlOutput(out);
        xml.declaration();
        xml.start("Error");
        xml.element("Code", error.code());
        xml.element(error.message().memberName(), error.message().text());
        new XmlWriter(xml).writeMembers(exception, ShapeFields.of(exception).body());
        details.forEach(xml::element);
        xml.element("RequestId", requestId);
        xml.element("HostId", hostId);
        xml.end("Error");
    }

    /** Writes an error of Amazon EC2: {@code <Response><Errors><Error>…}. */
    public void writeEc2Error(XmlError error, String requestId, BodyBuffer out) {
        XmlOutput xml = new XmlOutput(out);
        xml.declaration();
        xml.start("Response");
        xml.start("Errors");
        xml.start("Error");
        xml.element("Code", error.code());
        xml.element(error.message().memberName(), error.message().text());
        xml.end("Error");
        xml.end("Errors");
        xml.element("RequestID", requestId);
        xml.end("Response");
    }

    /** What is done at the root element. */
    private interface RootReading {
        void read(XmlReader reader) throws XMLStreamException;
    }
}
