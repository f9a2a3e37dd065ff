package dev.outcrop.shapes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.model.AccessControlPolicy;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.GetBucketAclResponse;
import software.amazon.awssdk.services.s3.model.Grant;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.Permission;
import software.amazon.awssdk.services.s3.model.PutBucketAclRequest;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.Tagging;
import software.amazon.awssdk.services.s3.model.Type;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

class XmlCodecTest {
    private static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";

    @Test
    void readsListsWithAndWithoutAnElementAround() {
        Tagging tagging = read("""
                <?xml version="1.0"?><!-- a comment -->
                <Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>
                  <Tag><Key>a &lt;&#65;</Key><Value><![CDATA[<b>]]></Value></Tag>
                  <Other>ignored<Deeply/></Other><Tag><Key> c </Key><Value/></Tag>
                </TagSet></Tagging>""", Tagging.builder()).build();
        Delete delete = read("""
                <Delete><Object><Key>a</Key></Object><Quiet>true</Quiet><Object><Key>b</Key></Object></Delete>""", Delete.builder()).build();

        assertThat(tagging.tagSet())
                .extracting(tag -> tag.key() + "=" + tag.value())
                .containsExactly("a <A=<b>", " c =");
        assertThat(delete.objects()).extracting(object -> object.key()).containsExactly("a", "b");
        assertThat(delete.quiet()).isTrue();
    }

    @Test
    void readsAttributesWhateverTheirPrefix() {
        AccessControlPolicy policy =
                read("""
                <AccessControlPolicy><AccessControlList><Grant>
                  <Grantee xmlns:i="%s" i:type="CanonicalUser"><ID>me</ID></Grantee><Permission>READ</Permission>
                </Grant></AccessControlList></AccessControlPolicy>""".formatted(XSI), AccessControlPolicy.builder()).build();

        assertThat(policy.grants().getFirst().grantee().type()).isEqualTo(Type.CANONICAL_USER);
        assertThat(policy.grants().getFirst().grantee().id()).isEqualTo("me");
    }

    @Test
    void readsOneMemberAsTheBody() throws IOException {
        PutBucketAclRequest.Builder builder = PutBucketAclRequest.builder();
        ShapeMember payload = ShapeFields.of(builder).payload().orElseThrow();

        XmlCodec.XML.readMember(
                new ByteArrayInputStream("<AccessControlPolicy><Owner><ID>me</ID></Owner></AccessControlPolicy>"
                        .getBytes(StandardCharsets.UTF_8)),
                builder,
                payload);

        assertThat(builder.build().accessControlPolicy().owner().id()).isEqualTo("me");
    }

    @Test
    void writesAttributesAndNamespaces() {
        GetBucketAclResponse response = GetBucketAclResponse.builder()
                .grants(Grant.builder()
                        .grantee(grantee -> grantee.type(Type.GROUP).uri("u\"<"))
                        .permission(Permission.READ)
                        .build())
                .build();
        BodyBuffer out = new BodyBuffer();

        XmlCodec.XML.write(response, "AccessControlPolicy", Optional.of("urn:x"), out);

        assertThat(out)
                .hasToString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<AccessControlPolicy xmlns=\"urn:x\">"
                        + "<AccessControlList><Grant><Grantee xmlns:xsi=\"" + XSI + "\" xsi:type=\"Group\">"
                        + "<URI>u\"&lt;</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList>"
                        + "</AccessControlPolicy>");
    }

    @Test
    void writesFlattenedListsAndTimestamps() {
        ListObjectsV2Response response = ListObjectsV2Response.builder()
                .name("b")
                .contents(
                        S3Object.builder()
                                .key("1\r\u0001é😀")
                                .lastModified(Instant.ofEpochSecond(0))
                                .build(),
                        S3Object.builder().key("]]>").build())
                .build();
        BodyBuffer out = new BodyBuffer();

        XmlCodec.XML.write(response, "ListBucketResult", Optional.empty(), out);

        assertThat(out.toString())
                .contains(
                        "<Contents><Key>1&#xD;&#x1;é😀</Key><LastModified>1970-01-01T00:00:00Z</LastModified></Contents>"
                                + "<Contents><Key>]]&gt;</Key></Contents>")
                .contains("<Name>b</Name>");
    }

    @Test
    void writesQueryResponses() {
        BodyBuffer out = new BodyBuffer();

        XmlCodec.XML.writeQueryResponse(
                GetCallerIdentityResponse.builder().account("1").arn("a&b").build(),
                "GetCallerIdentity",
                Optional.of("GetCallerIdentityResult"),
                Optional.of("urn:x"),
                "id",
                out);

        assertThat(out)
                .hasToString("<GetCallerIdentityResponse xmlns=\"urn:x\"><GetCallerIdentityResult><Account>1</Account>"
                        + "<Arn>a&amp;b</Arn></GetCallerIdentityResult><ResponseMetadata><RequestId>id</RequestId>"
                        + "</ResponseMetadata></GetCallerIdentityResponse>");
    }

    @Test
    void writesErrorsInEveryEnvelope() {
        XmlError error = new XmlError("NoSuchKey", new ErrorMessage("Message", "gone"), true);
        SdkPojo exception = NoSuchKeyException.builder().build();
        BodyBuffer query = new BodyBuffer();
        BodyBuffer ec2 = new BodyBuffer();
        BodyBuffer s3 = new BodyBuffer();

        XmlCodec.XML.writeError(error, exception, Optional.empty(), "id", query);
        XmlCodec.XML.writeEc2Error(error, "id", ec2);
        XmlCodec.XML.writeS3Error(error, exception, Map.of(), "id", "host", s3);

        assertThat(query)
                .hasToString("<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchKey</Code><Message>gone</Message>"
                        + "</Error><RequestId>id</RequestId></ErrorResponse>");
        assertThat(ec2.toString())
                .endsWith("<Response><Errors><Error><Code>NoSuchKey</Code><Message>gone</Message></Error></Errors>"
                        + "<RequestID>id</RequestID></Response>");
        assertThat(s3.toString())
                .endsWith("<Error><Code>NoSuchKey</Code><Message>gone</Message><RequestId>id</RequestId>"
                        + "<HostId>host</HostId></Error>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Tagging>",
                "<Tagging></Other>",
                "text",
                "<Tagging>text</Tagging>",
                "<Tagging/><Tagging/>",
                "<Tagging><TagSet><Tag><Key>a<b/></Key></Tag></TagSet></Tagging>",
                "<Tagging>&unknown;</Tagging>",
                "<!DOCTYPE Tagging><Tagging/>",
                "<!DOCTYPE t [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Tagging><TagSet>&b;</TagSet></Tagging>",
                "<!DOCTYPE t [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><Tagging><TagSet>&x;</TagSet></Tagging>",
                "<Tagging a='1' a='2'/>",
                "<Tagging>\u0001</Tagging>"
            })
    void refusesMalformedDocumentsAndEveryDocumentType(String body) {
        assertThatExceptionOfType(SerializationFailure.class).isThrownBy(() -> read(body, Tagging.builder()));
    }

    @Test
    void refusesWhatIsTooDeepOrTooLong() {
        XmlCodec codec = new XmlCodec(new ReadLimits(10_000, 20, 1000, 100, 10));

        for (String inner : new String[] {
            "<a>".repeat(30) + "</a>".repeat(30),
            "<a/>".repeat(2000),
            "<Key>" + "x".repeat(200) + "</Key>",
            "<a>" + " ".repeat(20_000) + "</a>"
        }) {
            String body = "<Tagging><TagSet><Tag>" + inner + "</Tag></TagSet></Tagging>";
            assertThatExceptionOfType(SerializationFailure.class)
                    .as(inner.substring(0, 20))
                    .isThrownBy(() -> codec.read(body.getBytes(StandardCharsets.UTF_8), Tagging.builder()));
        }
    }

    @Test
    void saysWhereAValueIsWrong() {
        SerializationFailure failure = catchThrowableOfType(
                SerializationFailure.class,
                () -> read("<Delete><Object><Key>a</Key><Size>many</Size></Object></Delete>", Delete.builder()));

        assertThat(failure.path()).isEqualTo("/Object/Size");
        assertThat(failure.reason()).isEqualTo("\"many\" can not be converted to a Long");
    }

    @Test
    void anEmptyBodySetsNothing() {
        assertThat(read(" \n", Tagging.builder()).build())
                .isEqualTo(Tagging.builder().build());
    }

    private static <B extends SdkPojo> B read(String body, B builder) {
        return XmlCodec.XML.read(body.getBytes(StandardCharsets.UTF_8), builder);
    }
}
