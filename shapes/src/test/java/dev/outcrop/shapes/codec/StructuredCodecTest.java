package dev.outcrop.shapes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.GetAsyncInvokeResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.ModelErrorException;
import software.amazon.awssdk.services.bedrockruntime.model.StartAsyncInvokeRequest;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

class StructuredCodecTest {
    @Test
    void readsWhatTheBodyHoldsAndLeavesOtherMembersAlone() {
        ConverseRequest.Builder builder = ConverseRequest.builder().modelId("from-the-path");

        ConverseRequest request = StructuredCodec.JSON.read(json("""
                        {"modelId": "not from the body",
                         "messages": [{"role": "user", "content": [{"text": "Hello"}, {"unknown": {"a": [1, {}]}}]}],
                         "inferenceConfig": {"maxTokens": 5, "temperature": 0.5, "stopSequences": ["a", "b"]},
                         "requestMetadata": {"key": "value"},
                         "system": null}"""), builder).build();

        assertThat(request.modelId()).isEqualTo("from-the-path");
        assertThat(request.messages()).hasSize(1);
        assertThat(request.messages().getFirst().role()).isEqualTo(ConversationRole.USER);
        assertThat(request.messages().getFirst().content().getFirst().text()).isEqualTo("Hello");
        assertThat(request.inferenceConfig())
                .isEqualTo(InferenceConfiguration.builder()
                        .maxTokens(5)
                        .temperature(0.5f)
                        .stopSequences("a", "b")
                        .build());
        assertThat(request.requestMetadata()).isEqualTo(Map.of("key", "value"));
        assertThat(request.hasSystem()).isFalse();
    }

    @Test
    void writesWhatIsSet() {
        ConverseResponse response = ConverseResponse.builder()
                .output(output -> output.message(message ->
                        message.role(ConversationRole.ASSISTANT).content(ContentBlock.fromText("say \"hi\" é"))))
                .stopReason(StopReason.END_TURN)
                .usage(usage -> usage.inputTokens(1).outputTokens(2).totalTokens(3))
                .build();

        String written = new String(StructuredCodec.JSON.write(response), StandardCharsets.UTF_8);

        assertThat(written)
                .isEqualTo(
                        "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"say \\\"hi\\\" é\"}]}},"
                                + "\"stopReason\":\"end_turn\","
                                + "\"usage\":{\"inputTokens\":1,\"outputTokens\":2,\"totalTokens\":3}}");
    }

    @Test
    void doesNotInventIdempotencyTokens() {
        StartAsyncInvokeRequest request =
                StartAsyncInvokeRequest.builder().modelId("m").build();

        assertThat(new String(StructuredCodec.JSON.write(request), StandardCharsets.UTF_8))
                .isEqualTo("{\"modelId\":\"m\"}");
        assertThat(new String(
                        StructuredCodec.JSON.write(
                                request.toBuilder().clientRequestToken("t").build()),
                        StandardCharsets.UTF_8))
                .contains("\"clientRequestToken\":\"t\"");
    }

    @Test
    void anEmptyListIsNotTheSameAsNone() {
        ConverseRequest empty = ConverseRequest.builder().messages(List.of()).build();

        byte[] written = StructuredCodec.JSON.write(empty);

        assertThat(written).asString(StandardCharsets.UTF_8).isEqualTo("{\"messages\":[]}");
        assertThat(StructuredCodec.JSON
                        .read(written, ConverseRequest.builder())
                        .build()
                        .hasMessages())
                .isTrue();
        assertThat(StructuredCodec.JSON
                        .read(json("{}"), ConverseRequest.builder())
                        .build()
                        .hasMessages())
                .isFalse();
    }

    @Test
    void documentsKeepEveryKindOfValue() {
        ConverseRequest request = StructuredCodec.JSON
                .read(
                        json("{\"additionalModelRequestFields\":{\"a\":[1,-2.50,1e400,null,true,\"x\",{}]}}"),
                        ConverseRequest.builder())
                .build();

        List<Document> values =
                request.additionalModelRequestFields().asMap().get("a").asList();

        assertThat(values.get(0).asNumber().intValue()).isEqualTo(1);
        assertThat(values.get(1).asNumber().stringValue()).isEqualTo("-2.50");
        assertThat(values.get(2).asNumber().stringValue()).isEqualTo("1e400");
        assertThat(values.get(3).isNull()).isTrue();
        assertThat(values.get(4).asBoolean()).isTrue();
        assertThat(values.get(5).asString()).isEqualTo("x");
        assertThat(values.get(6).asMap()).isEmpty();
        assertThat(StructuredCodec.JSON.write(request))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"additionalModelRequestFields\":{\"a\":[1,-2.50,1e400,null,true,\"x\",{}]}}");
    }

    @Test
    void aDocumentCanBeNull() {
        ConverseRequest request = StructuredCodec.JSON
                .read(json("{\"additionalModelRequestFields\":null}"), ConverseRequest.builder())
                .build();

        assertThat(request.additionalModelRequestFields().isNull()).isTrue();
    }

    @Test
    void timestampsHaveTheFormatOfTheirShape() {
        Instant time = Instant.parse("2024-02-29T12:00:00.123456Z");
        GetAsyncInvokeResponse dateTime =
                GetAsyncInvokeResponse.builder().submitTime(time).build();
        Bucket seconds = Bucket.builder().creationDate(time).build();

        assertThat(StructuredCodec.JSON.write(dateTime))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"submitTime\":\"2024-02-29T12:00:00.123456Z\"}");
        assertThat(StructuredCodec.JSON.write(seconds))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"CreationDate\":1709208000.123}");
        assertThat(StructuredCodec.JSON
                        .read(json("{\"CreationDate\":1.709208000123E9}"), Bucket.builder())
                        .build()
                        .creationDate())
                .isEqualTo("2024-02-29T12:00:00.123Z");
        assertThat(StructuredCodec.JSON
                        .read(json("{\"CreationDate\":-1}"), Bucket.builder())
                        .build()
                        .creationDate())
                .isEqualTo("1969-12-31T23:59:59Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "\"1515531081.1234\"",
                "\"1985-04-12T23:20:50.52Z\"",
                "1e400",
                "1e99999999999",
                "[1]",
                "{}",
                "99999999999999999",
                "1E-99999999"
            })
    void refusesWhatIsNoEpochTime(String value) {
        assertThatExceptionOfType(SerializationFailure.class)
                .isThrownBy(
                        () -> StructuredCodec.JSON.read(json("{\"CreationDate\":" + value + "}"), Bucket.builder()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1515531081",
                "\"1985-04-12\"",
                "\"Tue, 29 Apr 2014 18:30:38 GMT\"",
                "\"\"",
                "\"1985-13-12T23:20:50Z\""
            })
    void refusesWhatIsNoDateTime(String value) {
        assertThatExceptionOfType(SerializationFailure.class)
                .isThrownBy(() -> StructuredCodec.JSON.read(
                        json("{\"submitTime\":" + value + "}"), GetAsyncInvokeResponse.builder()));
    }

    @Test
    void specialNumbersAreText() {
        InferenceConfiguration read = StructuredCodec.JSON
                .read(json("{\"temperature\":\"NaN\",\"topP\":\"-Infinity\"}"), InferenceConfiguration.builder())
                .build();

        assertThat(read.temperature()).isNaN();
        assertThat(read.topP()).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(StructuredCodec.JSON.write(read))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"temperature\":\"NaN\",\"topP\":\"-Infinity\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"messages\":[{\"role\":5}]} | /messages/0/role | NUMBER_VALUE can not be converted to a String",
                "{\"messages\":{}} | /messages | Start of structure or map found where not expected.",
                "{\"messages\":[[]]} | /messages/0 | Start of list found where not expected",
                "{\"messages\":\"x\"} | /messages | Expected list or null",
                "{\"messages\":[null]} | /messages/0 | Expected structure or null",
                "{\"requestMetadata\":{\"k\":null}} | /requestMetadata/k | NULL_VALUE can not be converted to a String",
                "{\"requestMetadata\":7} | /requestMetadata | Expected map or null",
                "{\"inferenceConfig\":{\"maxTokens\":\"5\"}} | /inferenceConfig/maxTokens | STRING_VALUE can not be converted to an Integer",
                "{\"inferenceConfig\":{\"maxTokens\":1.5}} | /inferenceConfig/maxTokens | DECIMAL_VALUE can not be converted to an Integer",
                "{\"inferenceConfig\":{\"maxTokens\":3000000000}} | /inferenceConfig/maxTokens | NUMBER_VALUE can not be converted to an Integer",
                "{\"inferenceConfig\":{\"temperature\":1e39}} | /inferenceConfig/temperature | DECIMAL_VALUE can not be converted to a Float",
                "{\"inferenceConfig\":{\"temperature\":true}} | /inferenceConfig/temperature | TRUE_VALUE can not be converted to a Float",
            })
    void refusesValuesOfAnotherType(String body, String path, String reason) {
        SerializationFailure failure = catchThrowableOfType(
                SerializationFailure.class, () -> StructuredCodec.JSON.read(json(body), ConverseRequest.builder()));

        assertThat(failure.path()).isEqualTo(path);
        assertThat(failure.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "5",
                "\"x\"",
                "{} {}",
                "{}x",
                "{\"a\":}",
                "{\"a\" 1}",
                "{'a':1}",
                "{\"messages\":[1,]}",
                "NaN",
                "\u0000"
            })
    void refusesWhatIsNoJsonObject(String body) {
        assertThatExceptionOfType(SerializationFailure.class)
                .isThrownBy(() -> StructuredCodec.JSON.read(json(body), ConverseRequest.builder()));
    }

    @Test
    void wholeNumbersMayHaveAFraction() {
        assertThat(StructuredCodec.JSON
                        .read(json("{\"maxTokens\":5.0}"), InferenceConfiguration.builder())
                        .build()
                        .maxTokens())
                .isEqualTo(5);
    }

    @Test
    void anEmptyBodySetsNothing() {
        assertThat(StructuredCodec.JSON
                        .read(new byte[0], ConverseRequest.builder())
                        .build())
                .isEqualTo(ConverseRequest.builder().build());
    }

    @Test
    void refusesInvalidBase64() {
        assertThatExceptionOfType(SerializationFailure.class)
                .isThrownBy(() -> StructuredCodec.JSON.read(
                        json("{\"messages\":[{\"content\":[{\"image\":{\"source\":{\"bytes\":\"@@@\"}}}]}]}"),
                        ConverseRequest.builder()));
    }

    @Test
    void keepsToItsLimits() {
        StructuredCodec codec = StructuredCodec.json(new ReadLimits(1000, 6, 100, 20, 10));

        for (String body : List.of(
                "{\"a\":" + "[".repeat(10) + "]".repeat(10) + "}",
                "{\"additionalModelRequestFields\":\"" + "x".repeat(21) + "\"}",
                "{\"additionalModelRequestFields\":12345678901}",
                "{\"additionalModelRequestFields\":[" + "1,".repeat(100) + "1]}",
                "{\"a\":" + " ".repeat(5000) + "1}")) {
            assertThatExceptionOfType(SerializationFailure.class)
                    .as(body)
                    .isThrownBy(() -> codec.read(new ByteArrayInputStream(json(body)), ConverseRequest.builder()));
        }
        assertThatExceptionOfType(SerializationFailure.class)
                .isThrownBy(() -> StructuredCodec.JSON.read(
                        json("{\"additionalModelRequestFields\":" + "[".repeat(100_000)), ConverseRequest.builder()));
    }

    @Test
    void aStreamThatBreaksIsNotTheClientsMalformedInput() {
        PipedInputStream broken = new PipedInputStream();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> StructuredCodec.JSON.read(broken, ConverseRequest.builder()))
                .withMessage("Pipe not connected");
    }

    @Test
    void readsAndWritesOneMemberAsTheBody() throws IOException {
        ShapeMember member = ShapeFields.of(ConverseRequest.builder())
                .member("inferenceConfig")
                .orElseThrow();
        ConverseRequest.Builder builder = ConverseRequest.builder();
        BodyBuffer written = new BodyBuffer();
        BodyBuffer unset = new BodyBuffer();

        StructuredCodec.JSON.readMember(new ByteArrayInputStream(json("{\"maxTokens\":7}")), builder, member);
        StructuredCodec.JSON.writeMember(builder.build(), member, written);
        StructuredCodec.JSON.writeMember(ConverseRequest.builder().build(), member, unset);

        assertThat(builder.build().inferenceConfig().maxTokens()).isEqualTo(7);
        assertThat(written).hasToString("{\"maxTokens\":7}");
        assertThat(unset).hasToString("{}");
    }

    @Test
    void writesHalfACharacterInCborAsTheReplacementCharacter() {
        byte[] written = StructuredCodec.AWS_CBOR.write(
                InferenceConfiguration.builder().stopSequences("a\ud800b").build());

        assertThat(StructuredCodec.AWS_CBOR
                        .read(written, InferenceConfiguration.builder())
                        .build()
                        .stopSequences())
                .containsExactly("a\ufffdb");
    }

    @Test
    void writesErrorsWithTheirMembers() {
        ModelErrorException exception = ModelErrorException.builder()
                .originalStatusCode(503)
                .resourceName("m")
                .build();
        BodyBuffer out = new BodyBuffer();

        StructuredCodec.JSON.writeError("ModelErrorException", ErrorMessage.of("it broke"), exception, out);

        assertThat(out)
                .hasToString("{\"__type\":\"ModelErrorException\",\"message\":\"it broke\","
                        + "\"originalStatusCode\":503,\"resourceName\":\"m\"}");
    }

    @Test
    void readsCborOfAnyLengthEncoding() {
        byte[] indefinite = HexFormat.of()
                .parseHex(
                        // {_ "Key": (_ "a", "b"), "Size": 5 as 64 bits, "LastModified": 1(1363896240.5), "x": [_
                        // undefined]}
                        "bf" + "634b6579" + "7f61616162ff" + "6453697a65" + "1b0000000000000005"
                                + "6c4c6173744d6f646966696564" + "c1fb41d452d9ec200000" + "6178" + "9ff7ff" + "ff");

        S3Object read =
                StructuredCodec.RPC_V2_CBOR.read(indefinite, S3Object.builder()).build();

        assertThat(read.key()).isEqualTo("ab");
        assertThat(read.size()).isEqualTo(5);
        assertThat(read.lastModified()).isEqualTo("2013-03-21T20:04:00.500Z");
    }

    @ParameterizedTest
    @CsvSource({
        "f93e00,1.5",
        "f97c00,Infinity",
        "f97e00,NaN",
        "fa3fc00000,1.5",
        "fb3ff8000000000000,1.5",
        "01,1.0",
        "20,-1.0"
    })
    void readsEveryWidthOfCborNumbers(String number, float expected) {
        byte[] body = HexFormat.of().parseHex("a1" + "6b74656d7065726174757265" + number);

        InferenceConfiguration read = StructuredCodec.RPC_V2_CBOR
                .read(body, InferenceConfiguration.builder())
                .build();

        assertThat(read.temperature()).isEqualTo(Float.valueOf(expected));
    }

    @Test
    void cborTimestampsAreSecondsInOneFormAndMillisecondsInTheOther() {
        Bucket bucket =
                Bucket.builder().creationDate(Instant.ofEpochMilli(1_500)).build();

        assertThat(StructuredCodec.RPC_V2_CBOR.write(bucket)).asHexString().endsWith("C1FB3FF8000000000000FF");
        assertThat(StructuredCodec.AWS_CBOR.write(bucket)).asHexString().endsWith("C11905DCFF");
        assertThat(StructuredCodec.RPC_V2_CBOR
                        .read(StructuredCodec.RPC_V2_CBOR.write(bucket), Bucket.builder())
                        .build())
                .isEqualTo(bucket);
        assertThat(StructuredCodec.AWS_CBOR
                        .read(StructuredCodec.AWS_CBOR.write(bucket), Bucket.builder())
                        .build())
                .isEqualTo(bucket);
    }

    @Test
    void storageKeepsEveryMemberToTheNanosecond() {
        GetObjectResponse stored = GetObjectResponse.builder()
                .eTag("\"x\"")
                .lastModified(Instant.parse("2024-02-29T12:00:00.123456789Z"))
                .metadata(Map.of("a", "b"))
                .contentLength(5L)
                .build();

        byte[] json = StoredShapes.write(stored);

        assertThat(json).asString(StandardCharsets.UTF_8).contains("\"LastModified\":1709208000.123456789");
        assertThat((SdkPojo) StoredShapes.read(json, GetObjectResponse::builder))
                .isEqualTo(stored);
    }

    @Test
    void storageKeepsBlobsAndEmptyCollections() {
        ContentBlock stored = ContentBlock.fromImage(image ->
                image.format("png").source(source -> source.bytes(SdkBytes.fromByteArray(new byte[] {0, -1, 7}))));
        ConverseRequest empty =
                ConverseRequest.builder().messages(List.of()).modelId("m").build();

        assertThat(StoredShapes.read(StoredShapes.write(stored), ContentBlock::builder))
                .isEqualTo(stored);
        assertThat(StoredShapes.read(StoredShapes.write(empty), ConverseRequest::builder))
                .isEqualTo(empty);
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
