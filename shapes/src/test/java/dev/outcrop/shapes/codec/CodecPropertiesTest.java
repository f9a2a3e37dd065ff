package dev.outcrop.shapes.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;

/** What every shape keeps on its way through a codec, and what no input can do. */
class CodecPropertiesTest {
    @Property(tries = 200)
    void jsonAndCborKeepEveryShape(@ForAll("requests") ConverseRequest request) {
        for (StructuredCodec codec :
                List.of(StructuredCodec.JSON, StructuredCodec.RPC_V2_CBOR, StructuredCodec.AWS_CBOR)) {
            assertThat(codec.read(codec.write(request), ConverseRequest.builder())
                            .build())
                    .isEqualTo(request);
        }
        assertThat(StoredShapes.read(StoredShapes.write(request), ConverseRequest::builder))
                .isEqualTo(request);
    }

    @Property(tries = 200)
    void jsonKeepsEveryMillisecond(@ForAll("times") Instant time) {
        Bucket bucket = Bucket.builder().creationDate(time).build();

        for (StructuredCodec codec :
                List.of(StructuredCodec.JSON, StructuredCodec.RPC_V2_CBOR, StructuredCodec.AWS_CBOR)) {
            assertThat(codec.read(codec.write(bucket), Bucket.builder()).build())
                    .isEqualTo(bucket);
        }
    }

    @Property(tries = 200)
    void xmlKeepsEveryText(
            @ForAll("xmlTexts") String key, @ForAll("xmlTexts") String value, @ForAll("times") Instant time) {
        ListBucketsResponse response = ListBucketsResponse.builder()
                .buckets(
                        Bucket.builder().name(key).creationDate(time).build(),
                        Bucket.builder().name(value).build())
                .build();
        BodyBuffer out = new BodyBuffer();

        XmlCodec.XML.write(response, "ListAllMyBucketsResult", Optional.of("urn:x"), out);

        assertThat(XmlCodec.XML
                        .read(out.toByteArray(), ListBucketsResponse.builder())
                        .build())
                .isEqualTo(response);
    }

    @Property(tries = 1000)
    void brokenJsonIsRefusedAndNothingElse(
            @ForAll("requests") ConverseRequest request,
            @ForAll @IntRange(max = 100_000) int where,
            @ForAll byte change) {
        read(StructuredCodec.JSON, broken(StructuredCodec.JSON.write(request), where, change));
    }

    @Property(tries = 1000)
    void brokenCborIsRefusedAndNothingElse(
            @ForAll("requests") ConverseRequest request,
            @ForAll @IntRange(max = 100_000) int where,
            @ForAll byte change) {
        read(StructuredCodec.RPC_V2_CBOR, broken(StructuredCodec.RPC_V2_CBOR.write(request), where, change));
    }

    @Property(tries = 1000)
    void anyBytesAreRefusedAndNothingElse(@ForAll byte[] bytes) {
        read(StructuredCodec.JSON, bytes);
        read(StructuredCodec.RPC_V2_CBOR, bytes);
        read(XmlCodec.XML, bytes);
        readForm(bytes);
    }

    @Property(tries = 1000)
    void brokenXmlIsRefusedAndNothingElse(
            @ForAll("xmlTexts") String text, @ForAll @IntRange(max = 100_000) int where, @ForAll byte change) {
        BodyBuffer out = new BodyBuffer();
        Tagging tagging = Tagging.builder()
                .tagSet(Tag.builder().key(text).value("x").build())
                .build();
        XmlCodec.XML.write(tagging, "Tagging", Optional.of("urn:x"), out);

        readXml(broken(out.toByteArray(), where, change));
    }

    @Property(tries = 1000)
    void brokenFormsAreRefusedAndNothingElse(@ForAll @IntRange(max = 100_000) int where, @ForAll byte change) {
        byte[] form = "Tags.member.1.Key=a%20b&Tags.member.1.Value=c+d&DurationSeconds=900&PolicyArns.member.2.arn=x"
                .getBytes(StandardCharsets.UTF_8);

        readForm(broken(form, where, change));
    }

    private static void read(BodyFormat codec, byte[] body) {
        try {
            codec.read(body, ConverseRequest.builder()).build();
        } catch (SerializationFailure refused) {
            assertThat(refused.reason()).isNotBlank();
        }
    }

    private static void readXml(byte[] body) {
        try {
            XmlCodec.XML.read(body, Tagging.builder()).build();
        } catch (SerializationFailure refused) {
            assertThat(refused.reason()).isNotBlank();
        }
    }

    private static void readForm(byte[] form) {
        try {
            QueryCodec.QUERY
                    .read(QueryParameters.parse(form, ReadLimits.DEFAULT), AssumeRoleRequest.builder())
                    .build();
        } catch (SerializationFailure refused) {
            assertThat(refused.reason()).isNotBlank();
        }
    }

    private static byte[] broken(byte[] body, int where, byte change) {
        body[where % body.length] = change;
        return body;
    }

    @Provide
    Arbitrary<Instant> times() {
        return Arbitraries.longs()
                .between(-62_135_596_800_000L, 253_402_300_799_999L)
                .map(Instant::ofEpochMilli);
    }

    @Provide
    Arbitrary<String> xmlTexts() {
        return Arbitraries.strings()
                .withCharRange(' ', '\uD7FF')
                .withChars('\r', '\n', '\t', '&', '<', ']', '>', '\uE000', '\uFFFD')
                .ofMaxLength(40);
    }

    @Provide
    Arbitrary<ConverseRequest> requests() {
        Arbitrary<String> texts =
                Arbitraries.strings().withCharRange('\u0000', '\uD7FF').ofMaxLength(30);
        Arbitrary<ContentBlock> blocks = Arbitraries.oneOf(
                texts.map(ContentBlock::fromText),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMaxSize(20)
                        .map(bytes -> ContentBlock.fromImage(
                                image -> image.source(source -> source.bytes(SdkBytes.fromByteArray(bytes))))));
        Arbitrary<Document> documents = Combinators.combine(texts, Arbitraries.integers())
                .as((text, number) -> Document.mapBuilder()
                        .putString(text, text)
                        .putNumber("n", Integer.toString(number))
                        .putList("l", list -> list.addNull().addBoolean(true))
                        .build());
        return Combinators.combine(
                        blocks.list().ofMaxSize(3),
                        Arbitraries.maps(texts, texts).ofMaxSize(3),
                        documents,
                        Arbitraries.floats(),
                        Arbitraries.integers())
                .as(CodecPropertiesTest::request);
    }

    private static ConverseRequest request(
            List<ContentBlock> blocks, Map<String, String> metadata, Document document, float temperature, int tokens) {
        return ConverseRequest.builder()
                .messages(Message.builder().role("user").content(blocks).build())
                .requestMetadata(metadata)
                .additionalModelRequestFields(document)
                .inferenceConfig(
                        configuration -> configuration.temperature(temperature).maxTokens(tokens))
                .build();
    }
}
