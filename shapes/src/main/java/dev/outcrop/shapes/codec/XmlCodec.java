package dev.outcrop.shapes.codec;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.exc.WstxIOException;
import com.ctc.wstx.stax.WstxInputFactory;
import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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
public final class XmlCodec {
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
        factory.setProperty(WstxInputProperties.P_MAX_ENTITY_COUNT, 0L);
    }

    /**
     * Reads the members that travel in the body from the children of the root element, whatever it is called; other
     * members are left as they are. An empty body sets none.
     *
     * @return {@code builder}
     * @throws SerializationFailure if the body is not what the shape asks for
     * @throws IOException          if {@code body} cannot be read
     */
    public <B extends SdkPojo> B read(InputStream body, B builder) throws IOException {
        readRoot(body, reader -> reader.readMembers(builder, ShapeFields.of(builder), true));
        return builder;
    }

    /** As {@link #read(InputStream, SdkPojo)}. */
    public <B extends SdkPojo> B read(byte[] body, B builder) {
        try {
            return read(new ByteArrayInputStream(body), builder);
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be read", e);
        }
    }

    /**
     * Reads a body whose root element is one member, and sets it on {@code builder}. An empty body sets nothing.
     *
     * @throws SerializationFailure if the body is not what the member asks for
     * @throws IOException          if {@code body} cannot be read
     */
    public void readMember(InputStream body, SdkPojo builder, ShapeMember member) throws IOException {
        readRoot(body, reader -> member.set(builder, reader.readValue(member)));
    }

    private void readRoot(InputStream body, RootReading reading) throws IOException {
        LookAhead lookAhead = LookAhead.of(body);
        if (lookAhead.isEmpty()) {
            return;
        }
        try {
            XMLStreamReader stream = factory.createXMLStreamReader(lookAhead);
            XmlReader reader = new XmlReader(stream, limits.depth());
            reader.toRoot();
            reading.read(reader);
            reader.toEnd();
            stream.close();
        } catch (WstxIOException e) {
            if (e.getCause() instanceof CharConversionException) {
                throw failure(e);
            }
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
        } catch (XMLStreamException e) {
            throw failure(e);
        }
    }

    private static SerializationFailure failure(XMLStreamException e) {
        String message = e.getMessage() == null ? "Malformed XML" : e.getMessage();
        int end = message.indexOf('\n');
        return new SerializationFailure("", end < 0 ? message : message.substring(0, end));
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

    /** Writes an error of Amazon S3: {@code <Error><Code>…}. */
    public void writeS3Error(XmlError error, SdkPojo exception, String requestId, String hostId, BodyBuffer out) {
        XmlOutput xml = new XmlOutput(out);
        xml.declaration();
        xml.start("Error");
        xml.element("Code", error.code());
        xml.element(error.message().memberName(), error.message().text());
        new XmlWriter(xml).writeMembers(exception, ShapeFields.of(exception).body());
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
