package dev.outcrop.wire.form;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.wire.http.PercentEncoding;
import java.io.StringReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The tags in a form, which are XML there and a query string in a header. */
public final class FormTags {
    private static final XMLInputFactory FACTORY = factory();

    private FormTags() {}

    /** Without entities and types of documents, in which XML can be made to grow. */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        return factory;
    }

    /**
     * The header that says what {@code xml} says.
     *
     * @throws AwsError if it is not the XML of tags
     */
    public static String header(String xml) {
        StringBuilder header = new StringBuilder();
        try {
            XMLStreamReader reader = FACTORY.createXMLStreamReader(new StringReader(xml));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    if (reader.getLocalName().equals("Key")) {
                        header.append(header.isEmpty() ? "" : "&");
                        PercentEncoding.encode(reader.getElementText(), false, header);
                    } else if (reader.getLocalName().equals("Value")) {
                        header.append('=');
                        PercentEncoding.encode(reader.getElementText(), false, header);
                    }
                }
            }
            return header.toString();
        } catch (XMLStreamException malformed) {
            throw new AwsError(
                    "MalformedXML",
                    400,
                    "The XML you provided was not well-formed or did not validate against our published schema");
        }
    }
}
