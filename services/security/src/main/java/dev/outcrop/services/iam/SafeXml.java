package dev.outcrop.services.iam;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * Reads XML of strangers: without document types, and so without entities; of limited size and depth.
 *
 * <p>Source: "XML External Entity Prevention" of the OWASP Cheat Sheet Series.
 */
public final class SafeXml {
    private static final int DEEPEST = 100;
    private static final int MOST_NODES = 500_000;

    private SafeXml() {}

    /** The text is no XML, or none that is read here. */
    public static final class MalformedXmlException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedXmlException(String message) {
            super(message);
        }
    }

    /**
     * Reads a document with namespaces.
     *
     * @throws MalformedXmlException if it is not well-formed, has a document type, or is too deep or too large
     */
    public static Document read(byte[] xml) throws MalformedXmlException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            Document document = builder.parse(new ByteArrayInputStream(xml));
            check(document);
            return document;
        } catch (SAXException malformed) {
            throw new MalformedXmlException(malformed.getMessage());
        } catch (ParserConfigurationException | IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Walks without recursion, so that what is too deep is found without going so deep. */
    private static void check(Document document) throws MalformedXmlException {
        int depth = 0;
        int nodes = 0;
        Node at = document.getDocumentElement();
        while (at != null) {
            nodes++;
            if (depth > DEEPEST || nodes > MOST_NODES) {
                throw new MalformedXmlException("the document is nested too deeply or too large");
            }
            if (at.getFirstChild() != null) {
                at = at.getFirstChild();
                depth++;
            } else {
                while (at != null && at.getNextSibling() == null) {
                    at = at.getParentNode();
                    depth--;
                }
                at = at == null ? null : at.getNextSibling();
            }
        }
    }

    /** The elements directly below {@code parent} with this namespace and name. */
    public static List<Element> children(Element parent, String namespace, String name) {
        List<Element> children = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element
                    && namespace.equals(element.getNamespaceURI())
                    && name.equals(element.getLocalName())) {
                children.add(element);
            }
        }
        return children;
    }

    /** The first of {@link #children}. */
    public static Optional<Element> child(Element parent, String namespace, String name) {
        return children(parent, namespace, name).stream().findFirst();
    }

    /** The text of an element, comments left out, without white space around it. */
    public static String text(Element element) {
        return element.getTextContent().strip();
    }

    /** An attribute that is set. */
    public static Optional<String> attribute(Element element, String name) {
        return element.hasAttribute(name) ? Optional.of(element.getAttribute(name)) : Optional.empty();
    }
}
