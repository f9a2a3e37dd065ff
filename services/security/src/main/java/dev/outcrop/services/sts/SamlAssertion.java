package dev.outcrop.services.sts;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.services.iam.SafeXml;
import java.security.PublicKey;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What a SAML identity provider says of somebody, its signature verified.
 *
 * <p>Sources: "Assertions and Protocols for the OASIS Security Assertion Markup Language (SAML) V2.0", 2005; "Configure SAML
 * assertions for the authentication response" of the IAM user guide. Only what the signature covers is read, and it must
 * cover a whole response or assertion: Somorovsky et al., "On Breaking SAML: Be Whoever You Want to Be", 2012.
 *
 * @param issuer     the provider's name
 * @param subject    whom it speaks of
 * @param format     of the subject, a URI
 * @param recipient  whom the assertion was made for
 * @param issuedAt   when it was made
 * @param notBefore  from when on it is good
 * @param end        when it stops being good
 * @param audiences  who may take it; empty where that is everybody
 * @param attributes what it says further, by name
 */
record SamlAssertion(
        String issuer,
        String subject,
        String format,
        String recipient,
        Instant issuedAt,
        Optional<Instant> notBefore,
        Instant end,
        List<String> audiences,
        Map<String, List<String>> attributes) {
    private static final String ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
    private static final String PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
    private static final String SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
    private static final String BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
    private static final Set<String> TRANSFORMS = Set.of(
            Transform.ENVELOPED, CanonicalizationMethod.EXCLUSIVE, CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS);

    /**
     * Reads the one assertion of a response.
     *
     * @param base64 the response
     * @param keys   those of the provider, one of which must have signed
     * @throws AwsError {@code InvalidIdentityToken} if it is none, or not signed so
     */
    static SamlAssertion read(String base64, List<PublicKey> keys) {
        Element response;
        try {
            response = SafeXml.read(Base64.getMimeDecoder().decode(base64)).getDocumentElement();
        } catch (SafeXml.MalformedXmlException | IllegalArgumentException malformed) {
            throw IdentityErrors.invalid("Invalid base64 SAMLResponse");
        }
        if (!isNamed(response, PROTOCOL, "Response")) {
            throw IdentityErrors.invalid("The document is no SAML response");
        }
        Optional<String> status = SafeXml.child(response, PROTOCOL, "Status")
                .flatMap(element -> SafeXml.child(element, PROTOCOL, "StatusCode"))
                .flatMap(element -> SafeXml.attribute(element, "Value"));
        if (!status.equals(Optional.of(SUCCESS))) {
            throw IdentityErrors.invalid("The SAML response does not say that authentication succeeded");
        }
        List<Element> assertions = SafeXml.children(response, ASSERTION, "Assertion");
        if (assertions.size() != 1) {
            throw IdentityErrors.invalid("The SAML response must hold one assertion, which is not encrypted");
        }
        Element assertion = assertions.getFirst();
        boolean signed = isSigned(response, keys) || isSigned(assertion, keys);
        if (!signed) {
            throw IdentityErrors.invalid("Response signature invalid");
        }
        return of(assertion);
    }

    private static boolean isNamed(Element element, String namespace, String name) {
        return namespace.equals(element.getNamespaceURI()) && name.equals(element.getLocalName());
    }

    /** Whether {@code element} carries a signature of one of {@code keys} over the whole of itself. */
    private static boolean isSigned(Element element, List<PublicKey> keys) {
        List<Element> signatures = SafeXml.children(element, XMLSignature.XMLNS, "Signature");
        Optional<String> id = SafeXml.attribute(element, "ID");
        if (signatures.size() != 1 || id.isEmpty() || !isOnlyOne(element, id.get())) {
            return false;
        }
        element.setIdAttribute("ID", true);
        return keys.stream().anyMatch(key -> isSigned(signatures.getFirst(), id.get(), key));
    }

    private static boolean isSigned(Element signature, String id, PublicKey key) {
        try {
            DOMValidateContext context = new DOMValidateContext(key, signature);
            context.setProperty("org.jcp.xml.dsig.secureValidation", true);
            XMLSignature read = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
            return covers(read.getSignedInfo(), id) && read.validate(context);
        } catch (MarshalException | XMLSignatureException unreadable) {
            return false;
        }
    }

    /** Two elements with one ID could make the signature speak of another than the one that is read. */
    private static boolean isOnlyOne(Element element, String id) {
        NodeList all = element.getOwnerDocument().getElementsByTagName("*");
        int found = 0;
        for (int index = 0; index < all.getLength(); index++) {
            Element other = (Element) all.item(index);
            for (String name : List.of("ID", "Id", "id")) {
                if (id.equals(other.getAttribute(name))) {
                    found++;
                }
            }
        }
        return found == 1;
    }

    private static boolean covers(SignedInfo signed, String id) {
        if (signed.getReferences().size() != 1) {
            return false;
        }
        Reference reference = signed.getReferences().getFirst();
        return ("#" + id).equals(reference.getURI())
                && reference.getTransforms().stream()
                        .allMatch(transform -> TRANSFORMS.contains(transform.getAlgorithm()));
    }

    private static SamlAssertion of(Element assertion) {
        Element subject = SafeXml.child(assertion, ASSERTION, "Subject").orElseThrow(() -> missing("Subject"));
        Element name = SafeXml.child(subject, ASSERTION, "NameID").orElseThrow(() -> missing("NameID"));
        Element confirmation = SafeXml.children(subject, ASSERTION, "SubjectConfirmation").stream()
                .filter(element -> element.getAttribute("Method").equals(BEARER))
                .findFirst()
                .flatMap(element -> SafeXml.child(element, ASSERTION, "SubjectConfirmationData"))
                .orElseThrow(() -> missing("SubjectConfirmationData"));
        Instant end = time(confirmation, "NotOnOrAfter").orElseThrow(() -> missing("NotOnOrAfter"));
        Optional<Element> conditions = SafeXml.child(assertion, ASSERTION, "Conditions");
        Optional<Instant> conditionsEnd = conditions.flatMap(element -> time(element, "NotOnOrAfter"));
        return new SamlAssertion(
                SafeXml.child(assertion, ASSERTION, "Issuer").map(SafeXml::text).orElseThrow(() -> missing("Issuer")),
                SafeXml.text(name),
                SafeXml.attribute(name, "Format").orElse("urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
                SafeXml.attribute(confirmation, "Recipient").orElseThrow(() -> missing("Recipient")),
                time(assertion, "IssueInstant").orElseThrow(() -> missing("IssueInstant")),
                conditions.flatMap(element -> time(element, "NotBefore")),
                conditionsEnd.filter(earlier -> earlier.isBefore(end)).orElse(end),
                conditions.map(SamlAssertion::audiences).orElse(List.of()),
                attributes(assertion));
    }

    private static List<String> audiences(Element conditions) {
        return SafeXml.children(conditions, ASSERTION, "AudienceRestriction").stream()
                .flatMap(restriction -> SafeXml.children(restriction, ASSERTION, "Audience").stream())
                .map(SafeXml::text)
                .toList();
    }

    private static Map<String, List<String>> attributes(Element assertion) {
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        for (Element statement : SafeXml.children(assertion, ASSERTION, "AttributeStatement")) {
            for (Element attribute : SafeXml.children(statement, ASSERTION, "Attribute")) {
                attributes
                        .computeIfAbsent(attribute.getAttribute("Name"), name -> new ArrayList<>())
                        .addAll(SafeXml.children(attribute, ASSERTION, "AttributeValue").stream()
                                .map(SafeXml::text)
                                .toList());
            }
        }
        return attributes;
    }

    private static Optional<Instant> time(Element element, String attribute) {
        try {
            return SafeXml.attribute(element, attribute)
                    .map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException malformed) {
            throw IdentityErrors.invalid("The time " + attribute + " of the assertion cannot be read");
        }
    }

    private static AwsError missing(String what) {
        return IdentityErrors.invalid("The SAML assertion has no " + what);
    }
}
