package dev.outcrop.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.outcrop.shapes.codec.BodyBuffer;
import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.shapes.codec.XmlCodec;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.core.ClientEndpointProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.client.config.SdkClientConfiguration;
import software.amazon.awssdk.core.client.config.SdkClientOption;
import software.amazon.awssdk.core.http.HttpResponseHandler;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.protocols.cbor.AwsCborProtocolFactory;
import software.amazon.awssdk.protocols.core.OperationInfo;
import software.amazon.awssdk.protocols.core.ProtocolMarshaller;
import software.amazon.awssdk.protocols.json.AwsJsonProtocol;
import software.amazon.awssdk.protocols.json.AwsJsonProtocolFactory;
import software.amazon.awssdk.protocols.json.BaseAwsJsonProtocolFactory;
import software.amazon.awssdk.protocols.json.JsonOperationMetadata;
import software.amazon.awssdk.protocols.xml.AwsXmlProtocolFactory;
import software.amazon.awssdk.protocols.xml.XmlOperationMetadata;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.utils.builder.Buildable;

/** A response of about 100 KB in one format, and what reads and writes it: our codec, the SDK's own, Jackson's tree. */
final class CodecSubject {
    private static final int BYTES = 100_000;
    private static final String S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
    private static final OperationInfo OPERATION = operation().build();

    private final SdkPojo shape;
    private final byte[] bytes;
    private final Function<byte[], SdkPojo> reader;
    private final Function<SdkPojo, byte[]> writer;
    private final HttpResponseHandler<? extends SdkPojo> sdkReader;
    private final Supplier<ProtocolMarshaller<SdkHttpFullRequest>> sdkWriter;
    private final Optional<ObjectMapper> tree;

    private CodecSubject(
            IntFunction<SdkPojo> shapes,
            Function<byte[], SdkPojo> reader,
            Function<SdkPojo, byte[]> writer,
            HttpResponseHandler<? extends SdkPojo> sdkReader,
            Supplier<ProtocolMarshaller<SdkHttpFullRequest>> sdkWriter,
            Optional<ObjectMapper> tree) {
        shape = shapes.apply(100 * BYTES / writer.apply(shapes.apply(100)).length);
        bytes = writer.apply(shape);
        this.reader = reader;
        this.writer = writer;
        this.sdkReader = sdkReader;
        this.sdkWriter = sdkWriter;
        this.tree = tree;
    }

    /** The subject for {@code JSON}, {@code XML} or {@code CBOR}. */
    static CodecSubject of(String format) {
        return switch (format) {
            case "JSON" -> json();
            case "XML" -> xml();
            case "CBOR" -> cbor();
            default -> throw new IllegalArgumentException("format must be JSON, XML or CBOR, but is " + format);
        };
    }

    private static CodecSubject json() {
        AwsJsonProtocolFactory sdk = AwsJsonProtocolFactory.builder()
                .clientConfiguration(configuration())
                .protocol(AwsJsonProtocol.AWS_JSON)
                .protocolVersion("1.0")
                .build();
        return new CodecSubject(
                CodecSubject::scan,
                body -> built(StructuredCodec.JSON.read(body, ScanResponse.builder())),
                StructuredCodec.JSON::write,
                sdk.createResponseHandler(plain(), ScanResponse::builder),
                () -> sdk.createProtocolMarshaller(OPERATION),
                Optional.of(new ObjectMapper()));
    }

    private static CodecSubject cbor() {
        BaseAwsJsonProtocolFactory sdk = AwsCborProtocolFactory.builder()
                .clientConfiguration(configuration())
                .protocol(AwsJsonProtocol.AWS_JSON)
                .protocolVersion("1.1")
                .build();
        return new CodecSubject(
                CodecSubject::records,
                body -> built(StructuredCodec.AWS_CBOR.read(body, GetRecordsResponse.builder())),
                StructuredCodec.AWS_CBOR::write,
                sdk.createResponseHandler(plain(), GetRecordsResponse::builder),
                () -> sdk.createProtocolMarshaller(OPERATION),
                Optional.of(new ObjectMapper(new CBORFactory())));
    }

    private static CodecSubject xml() {
        AwsXmlProtocolFactory sdk = AwsXmlProtocolFactory.builder()
                .clientConfiguration(configuration())
                .build();
        return new CodecSubject(
                CodecSubject::objects,
                body -> built(XmlCodec.XML.read(body, ListObjectsV2Response.builder())),
                shape -> {
                    BodyBuffer body = new BodyBuffer();
                    XmlCodec.XML.write(shape, "ListBucketResult", Optional.of(S3_NAMESPACE), body);
                    return body.toByteArray();
                },
                sdk.createResponseHandler(
                        ListObjectsV2Response::builder,
                        new XmlOperationMetadata().withHasStreamingSuccessResponse(false)),
                () -> sdk.createProtocolMarshaller(operation()
                        .putAdditionalMetadata(
                                AwsXmlProtocolFactory.ROOT_MARSHALL_LOCATION_ATTRIBUTE, "ListBucketResult")
                        .putAdditionalMetadata(AwsXmlProtocolFactory.XML_NAMESPACE_ATTRIBUTE, S3_NAMESPACE)
                        .build()),
                Optional.empty());
    }

    private static SdkPojo scan(int items) {
        List<Map<String, AttributeValue>> all = IntStream.range(0, items)
                .mapToObj(item -> Map.of(
                        "id", AttributeValue.fromS("customer#" + item),
                        "price", AttributeValue.fromN("19." + item % 100),
                        "delivered", AttributeValue.fromBool(item % 2 == 0),
                        "colours", AttributeValue.fromSs(List.of("copper", "silver", "\"velvet\"")),
                        "address",
                                AttributeValue.fromM(Map.of(
                                        "street", AttributeValue.fromS("Straße der Brücken " + item),
                                        "floors", AttributeValue.fromL(List.of(AttributeValue.fromN("1")))))))
                .toList();
        return ScanResponse.builder()
                .items(all)
                .count(items)
                .scannedCount(items)
                .build();
    }

    private static SdkPojo records(int count) {
        List<Record> all = IntStream.range(0, count)
                .mapToObj(number -> Record.builder()
                        .sequenceNumber("4954598548181820601600000000000" + number)
                        .approximateArrivalTimestamp(Instant.ofEpochMilli(1_760_000_000_000L + number))
                        .data(SdkBytes.fromUtf8String("a reading of the thermometer: " + number))
                        .partitionKey("thermometer-" + number % 7)
                        .build())
                .toList();
        return GetRecordsResponse.builder()
                .records(all)
                .nextShardIterator("AAAAAAAAAAG")
                .millisBehindLatest(0L)
                .build();
    }

    private static SdkPojo objects(int count) {
        List<S3Object> all = IntStream.range(0, count)
                .mapToObj(number -> S3Object.builder()
                        .key("letters/winter & spring/" + number + ".txt")
                        .size(1000L + number)
                        .eTag("\"9bb58f26192e4ba00f01e2e7b136bbd8\"")
                        .storageClass("STANDARD")
                        .lastModified(Instant.ofEpochSecond(1_760_000_000L + number))
                        .build())
                .toList();
        return ListObjectsV2Response.builder()
                .name("letters")
                .keyCount(count)
                .isTruncated(false)
                .contents(all)
                .build();
    }

    private static SdkPojo built(SdkPojo builder) {
        return (SdkPojo) ((Buildable) builder).build();
    }

    private static JsonOperationMetadata plain() {
        return JsonOperationMetadata.builder()
                .hasStreamingSuccessResponse(false)
                .isPayloadJson(true)
                .build();
    }

    private static OperationInfo.Builder operation() {
        return OperationInfo.builder()
                .requestUri("/")
                .httpMethod(SdkHttpMethod.POST)
                .hasPayloadMembers(true)
                .hasImplicitPayloadMembers(true);
    }

    private static SdkClientConfiguration configuration() {
        return SdkClientConfiguration.builder()
                .option(
                        SdkClientOption.CLIENT_ENDPOINT_PROVIDER,
                        ClientEndpointProvider.forEndpointOverride(URI.create("http://localhost")))
                .build();
    }

    /** How long the encoded response is. */
    int length() {
        return bytes.length;
    }

    SdkPojo read() {
        return reader.apply(bytes);
    }

    byte[] write() {
        return writer.apply(shape);
    }

    SdkPojo readBySdk() throws Exception {
        return sdkReader.handle(
                SdkHttpFullResponse.builder()
                        .statusCode(200)
                        .content(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
                        .build(),
                new ExecutionAttributes());
    }

    SdkHttpFullRequest writeBySdk() {
        // As the SDK's clients do: a marshaller writes one request.
        return sdkWriter.get().marshall(shape);
    }

    Object readTree() throws Exception {
        return tree.orElseThrow().readTree(bytes);
    }

    byte[] writeTree(Object parsed) throws Exception {
        return tree.orElseThrow().writeValueAsBytes(parsed);
    }

    /**
     * Whoever reads and writes must agree, or there is nothing to compare.
     *
     * @throws IllegalStateException if they do not
     */
    void check() throws Exception {
        byte[] written =
                writeBySdk().contentStreamProvider().orElseThrow().newStream().readAllBytes();
        SdkPojo ofSdk = reader.apply(written);
        if (!shape.equalsBySdkFields(read())
                || !shape.equalsBySdkFields(readBySdk())
                || !shape.equalsBySdkFields(ofSdk)) {
            throw new IllegalStateException("our codec and the SDK's do not agree on "
                    + shape.getClass().getSimpleName() + ": " + Arrays.toString(Arrays.copyOf(written, 100)));
        }
    }
}
