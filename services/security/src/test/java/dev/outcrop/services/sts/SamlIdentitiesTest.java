package dev.outcrop.services.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Principal;
import dev.outcrop.services.SecurityHouse;
import dev.outcrop.services.iam.SelfSigned;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.SAMLProviderListEntry;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithSamlResponse;
import software.amazon.awssdk.services.sts.model.ExpiredTokenException;
import software.amazon.awssdk.services.sts.model.InvalidIdentityTokenException;
import software.amazon.awssdk.services.sts.model.StsException;

class SamlIdentitiesTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final String PROVIDER = "arn:aws:iam::123456789012:saml-provider/corporate";
    private static final String ROLE = "arn:aws:iam::123456789012:role/people";

    @TempDir
    static Path shared;

    private static SelfSigned signer;
    private static SelfSigned stranger;

    @TempDir
    Path path;

    private SecurityHouse house;
    private IamClient iam;

    @BeforeAll
    static void makeKeys() throws Exception {
        signer = SelfSigned.of(shared, "idp.example.com");
        stranger = SelfSigned.of(shared, "stranger.example.com");
    }

    @BeforeEach
    void setUp() throws Exception {
        house = new SecurityHouse(path, () -> NOW);
        iam = house.asRoot(IamClient.class, house.iam);
        String metadata = metadata(signer);
        iam.createSAMLProvider(request -> request.name("corporate").samlMetadataDocument(metadata));
        iam.createRole(
                request -> request.roleName("people").maxSessionDuration(7200).assumeRolePolicyDocument("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithSAML",
                         "Principal": {"Federated": "arn:aws:iam::123456789012:saml-provider/corporate"},
                         "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml",
                                                        "saml:sub_type": "persistent"}}}}"""));
    }

    @AfterEach
    void tearDown() {
        house.close();
    }

    private static String metadata(SelfSigned key) throws Exception {
        return """
                <EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/saml">
                  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                    <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
                      <X509Certificate>%s</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
                    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
                        Location="https://idp.example.com/sso"/>
                  </IDPSSODescriptor>
                </EntityDescriptor>
                """.formatted(
                        Base64.getMimeEncoder().encodeToString(key.certificate().getEncoded()));
    }

    private static String response(String subject, String issued, String more) {
        return """
                <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response" Version="2.0">
                  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
                  <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_assertion" Version="2.0"
                      IssueInstant="%s">
                    <saml:Issuer>https://idp.example.com/saml</saml:Issuer>
                    <saml:Subject>
                      <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">%s</saml:NameID>
                      <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
                        <saml:SubjectConfirmationData NotOnOrAfter="2026-11-22T10:05:00Z"
                            Recipient="https://signin.aws.amazon.com/saml"/>
                      </saml:SubjectConfirmation>
                    </saml:Subject>
                    <saml:Conditions NotBefore="2026-11-22T09:00:00Z" NotOnOrAfter="2026-11-22T11:00:00Z">
                      <saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience>
                      </saml:AudienceRestriction>
                    </saml:Conditions>
                    <saml:AttributeStatement>
                      <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">
                        <saml:AttributeValue>%s,%s</saml:AttributeValue></saml:Attribute>
                      <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName">
                        <saml:AttributeValue>%s</saml:AttributeValue></saml:Attribute>
                      %s
                    </saml:AttributeStatement>
                  </saml:Assertion>
                </samlp:Response>
                """.formatted(issued, subject, ROLE, PROVIDER, subject, more);
    }

    private static String response(String subject) {
        return response(subject, "2026-11-22T09:59:00Z", "");
    }

    private static Document parsed(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static String written(Document document) throws Exception {
        StringWriter text = new StringWriter();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(text));
        return text.toString();
    }

    /** {@code xml} with the element called {@code id} signed. */
    private static String signed(String xml, String id, SelfSigned key) throws Exception {
        Document document = parsed(xml);
        Element element = id.equals("_response")
                ? document.getDocumentElement()
                : (Element) document.getElementsByTagNameNS("*", "Assertion").item(0);
        element.setIdAttribute("ID", true);
        XMLSignatureFactory signatures = XMLSignatureFactory.getInstance("DOM");
        Reference reference = signatures.newReference(
                "#" + id,
                signatures.newDigestMethod(DigestMethod.SHA256, null),
                List.of(
                        signatures.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                        signatures.newTransform(CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
                null,
                null);
        signatures
                .newXMLSignature(
                        signatures.newSignedInfo(
                                signatures.newCanonicalizationMethod(
                                        CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
                                signatures.newSignatureMethod(
                                        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", null),
                                List.of(reference)),
                        null)
                .sign(new DOMSignContext(key.privateKey(), element));
        return written(document);
    }

    private AssumeRoleWithSamlResponse assume(String xml) {
        String base64 = Base64.getEncoder().encodeToString(xml.getBytes(StandardCharsets.UTF_8));
        return house.as(
                Principal.ANONYMOUS,
                () -> house.sts.assumeRoleWithSAML(
                        request -> request.roleArn(ROLE).principalArn(PROVIDER).samlAssertion(base64)));
    }

    @Test
    void aSignedAssertionOpensASession() throws Exception {
        AssumeRoleWithSamlResponse assumed = assume(signed(response("alice"), "_assertion", signer));

        assertThat(assumed.assumedRoleUser().arn()).isEqualTo("arn:aws:sts::123456789012:assumed-role/people/alice");
        assertThat(assumed.subject()).isEqualTo("alice");
        assertThat(assumed.subjectType()).isEqualTo("persistent");
        assertThat(assumed.issuer()).isEqualTo("https://idp.example.com/saml");
        assertThat(assumed.audience()).isEqualTo("https://signin.aws.amazon.com/saml");
        assertThat(house.key(assumed.credentials().accessKeyId())
                        .orElseThrow()
                        .principal()
                        .session()
                        .orElseThrow()
                        .federatedProvider())
                .contains(PROVIDER);
    }

    @Test
    void aSignedResponseOpensASessionAsLongAsItSays() throws Exception {
        String lasting = response("alice", "2026-11-22T09:59:00Z", """
                <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/SessionDuration">
                  <saml:AttributeValue>7200</saml:AttributeValue></saml:Attribute>""");

        AssumeRoleWithSamlResponse assumed = assume(signed(lasting, "_response", signer));

        assertThat(assumed.credentials().expiration()).isEqualTo(NOW.plusSeconds(7200));
    }

    @Test
    void whatTheProviderHasNotSignedIsRefused() throws Exception {
        String good = signed(response("alice"), "_assertion", signer);

        for (String bad : List.of(
                response("alice"),
                signed(response("alice"), "_assertion", stranger),
                good.replace(">alice<", ">admin<"),
                good.replace("#_assertion", ""),
                good.replace("ID=\"_assertion\"", "ID=\"_another\""))) {
            assertThatThrownBy(() -> assume(bad))
                    .isInstanceOf(InvalidIdentityTokenException.class)
                    .hasMessageContaining("Response signature invalid");
        }
    }

    @Test
    void aSignedAssertionCannotLendItsSignatureToAnother() throws Exception {
        String good = signed(response("alice"), "_assertion", signer);
        String assertion = good.substring(good.indexOf("<saml:Assertion"), good.indexOf("</samlp:Response>"));
        String signature = assertion.substring(assertion.indexOf("<Signature"), assertion.indexOf("</Signature>") + 12);
        String forged = assertion.replace(signature, "").replace(">alice<", ">admin<");

        for (String wrapped : List.of(
                // The forged one first, the signed one behind it.
                good.replace(assertion, forged.replace("_assertion", "_forged") + assertion),
                // The signed one hidden in an extension, the forged one in its place under the same ID.
                good.replace(assertion, "<samlp:Extensions>" + assertion + "</samlp:Extensions>" + forged),
                // The signature moved into the forged one, with the signed one inside it.
                good.replace(
                        assertion,
                        forged.replace("_assertion", "_forged")
                                .replace(
                                        "</saml:Issuer>",
                                        "</saml:Issuer>"
                                                + signature.replace(
                                                        "</Signature>",
                                                        "<Object>" + assertion.replace(signature, "")
                                                                + "</Object></Signature>"))))) {
            assertThatThrownBy(() -> assume(wrapped)).isInstanceOf(InvalidIdentityTokenException.class);
        }
    }

    @Test
    void documentsWithTypesAndDeepOnesAreNotRead() {
        String bomb = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                + "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">&b;</samlp:Response>";
        String file = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><r>&x;</r>";
        String deep = "<a>".repeat(10_000) + "</a>".repeat(10_000);

        for (String bad : List.of(bomb, file, deep, "no xml at all")) {
            assertThatThrownBy(() -> assume(bad))
                    .isInstanceOf(InvalidIdentityTokenException.class)
                    .hasMessageContaining("Invalid base64 SAMLResponse");
        }
    }

    @Test
    void assertionsOutOfTimeOrForOthersAreRefused() throws Exception {
        String old = signed(response("alice", "2026-11-22T09:54:00Z", ""), "_assertion", signer);
        String expired =
                signed(response("alice").replace("2026-11-22T10:05:00Z", "2026-11-22T09:59:59Z"), "_assertion", signer);
        String elsewhere = signed(
                response("alice").replace("https://signin.aws.amazon.com/saml", "https://evil.example.com/saml"),
                "_assertion",
                signer);
        String another = signed(response("alice").replace("role/people", "role/admins"), "_assertion", signer);

        assertThatThrownBy(() -> assume(old))
                .isInstanceOf(ExpiredTokenException.class)
                .hasMessageContaining("Token must be redeemed within 5 minutes of issuance");
        assertThatThrownBy(() -> assume(expired)).isInstanceOf(ExpiredTokenException.class);
        assertThatThrownBy(() -> assume(elsewhere)).isInstanceOf(InvalidIdentityTokenException.class);
        assertThatThrownBy(() -> assume(another))
                .isInstanceOf(StsException.class)
                .hasMessageContaining("Not authorized to perform sts:AssumeRoleWithSAML");
    }

    @Test
    void providersAreChangedListedAndDeleted() throws Exception {
        String metadata = metadata(stranger);
        iam.updateSAMLProvider(request -> request.samlProviderArn(PROVIDER).samlMetadataDocument(metadata));

        assertThat(iam.getSAMLProvider(request -> request.samlProviderArn(PROVIDER))
                        .samlMetadataDocument())
                .isEqualTo(metadata);
        assertThat(assume(signed(response("alice"), "_assertion", stranger)).subject())
                .isEqualTo("alice");
        assertThatThrownBy(() -> iam.createSAMLProvider(
                        request -> request.name("another").samlMetadataDocument("<a>" + " ".repeat(1000) + "</a>")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Could not parse metadata");
        assertThat(iam.listSAMLProviders().samlProviderList())
                .extracting(SAMLProviderListEntry::arn)
                .containsExactly(PROVIDER);
        iam.deleteSAMLProvider(request -> request.samlProviderArn(PROVIDER));
        String assertion = signed(response("alice"), "_assertion", stranger);
        assertThatThrownBy(() -> assume(assertion))
                .isInstanceOf(InvalidIdentityTokenException.class)
                .hasMessageContaining("Specified provider doesn't exist");
    }
}
