package dev.outcrop.services.iam;

import dev.outcrop.kernel.AwsError;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * What a SAML identity provider says of itself.
 *
 * <p>Source: "Metadata for the OASIS Security Assertion Markup Language (SAML) V2.0", 2005.
 *
 * @param entityId     its name, which its assertions have as their issuer
 * @param certificates those whose keys sign its assertions, at least one
 * @param validUntil   after which it must not be trusted, where it says so
 */
public record SamlMetadata(String entityId, List<X509Certificate> certificates, Optional<Instant> validUntil) {
    private static final String METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
    private static final String SIGNATURE = "http://www.w3.org/2000/09/xmldsig#";

    public SamlMetadata {
        certificates = List.copyOf(certificates);
    }

    /**
     * Reads a document.
     *
     * @throws AwsError {@code InvalidInput} if it is no metadata of an identity provider
     */
    public static SamlMetadata read(String document) {
        try {
            Element entity =
                    SafeXml.read(document.getBytes(StandardCharsets.UTF_8)).getDocumentElement();
            if (!METADATA.equals(entity.getNamespaceURI())
                    || !entity.getLocalName().equals("EntityDescriptor")) {
                throw unreadable("its root is no EntityDescriptor");
            }
            String entityId = SafeXml.attribute(entity, "entityID")
                    .filter(id -> !id.isBlank())
                    .orElseThrow(() -> unreadable("it has no entityID"));
            Element provider = SafeXml.child(entity, METADATA, "IDPSSODescriptor")
                    .orElseThrow(() -> unreadable("it has no IDPSSODescriptor"));
            List<X509Certificate> certificates = new ArrayList<>();
            for (Element key : SafeXml.children(provider, METADATA, "KeyDescriptor")) {
                if (SafeXml.attribute(key, "use").orElse("signing").equals("signing")) {
                    addCertificates(key, certificates);
                }
            }
            if (certificates.isEmpty()) {
                throw unreadable("it has no certificate for signing");
            }
            return new SamlMetadata(
                    entityId,
                    certificates,
                    SafeXml.attribute(entity, "validUntil").map(SamlMetadata::time));
        } catch (SafeXml.MalformedXmlException malformed) {
            throw unreadable(malformed.getMessage());
        }
    }

    private static void addCertificates(Element key, List<X509Certificate> certificates) {
        for (Element information : SafeXml.children(key, SIGNATURE, "KeyInfo")) {
            for (Element data : SafeXml.children(information, SIGNATURE, "X509Data")) {
                for (Element certificate : SafeXml.children(data, SIGNATURE, "X509Certificate")) {
                    certificates.add(certificate(SafeXml.text(certificate)));
                }
            }
        }
    }

    private static X509Certificate certificate(String base64) {
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(base64);
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException | IllegalArgumentException malformed) {
            throw unreadable("a certificate cannot be read");
        }
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException malformed) {
            throw unreadable("validUntil is no time");
        }
    }

    private static AwsError unreadable(String why) {
        return IamErrors.invalid("Could not parse metadata: " + why);
    }
}
