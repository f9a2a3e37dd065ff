package dev.outcrop.bench;

import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.shapes.eventstream.HeaderValue;
import dev.outcrop.shapes.eventstream.Message;
import dev.outcrop.shapes.eventstream.MessageEncoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;
import software.amazon.awssdk.services.bedrockruntime.model.ToolSpecification;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * A request that an SDK's client wanted to send.
 *
 * @param protocol what it is written in
 * @param service  the name that it is signed for
 * @param framing  what the body travels in
 */
record CapturedRequest(
        String protocol, String service, SdkHttpRequest head, byte[] body, UnaryOperator<byte[]> framing) {
    private static final String BEARER = "Bearer test";
    private static final byte[] EVENT =
            "{\"bytes\":\"eyJldmVudCI6e319\"}".getBytes(StandardCharsets.UTF_8);
    private static final Pattern SCOPE = Pattern.compile("Credential=[^/]+/\\d+/[^/]+/([^/]+)/aws4_request");
    private static final List<String> OF_BODY_AND_SIGNATURE = List.of(
            "Authorization",
            "Content-Length",
            "X-Amz-Date",
            "x-amz-content-sha256",
            "x-amz-checksum-crc32",
            "x-amz-sdk-checksum-algorithm",
            "amz-sdk-invocation-id",
            "amz-sdk-request");

    CapturedRequest(String protocol, String service, SdkHttpRequest head, byte[] body) {
        this(protocol, service, head, body, UnaryOperator.identity());
    }

    /** The bytes of this request with another head and body; signed, unless the head brings a token in its place. */
    byte[] bytes(SdkHttpRequest otherHead, byte[] otherBody) {
        byte[] framed = framing.apply(otherBody);
        return otherHead.firstMatchingHeader("Authorization").isPresent()
                ? SignedRequest.bytes(otherHead, framed)
                : SignedRequest.of(otherHead, framed, service);
    }

    /** One or more valid requests of each protocol, for a server on {@code port} that takes the token "test". */
    static List<CapturedRequest> ofEachProtocol(int port) {
        List<CapturedRequest> all = new ArrayList<>();
        all.add(capture(
                "Query",
                port,
                StsClient.builder(),
                sts -> sts.assumeRole(request ->
                        request.roleArn("arn:aws:iam::000000000000:role/reader").roleSessionName("session"))));
        all.add(capture("Query", port, StsClient.builder(), StsClient::getCallerIdentity));
        all.add(capture(
                "REST-JSON",
                port,
                BedrockClient.builder(),
                bedrock -> bedrock.listInferenceProfiles(
                        request -> request.maxResults(3).typeEquals("APPLICATION"))));
        all.add(capture(
                "REST-JSON",
                port,
                BedrockRuntimeClient.builder(),
                runtime -> runtime.converse(request -> request.modelId("anthropic.claude-3-haiku-20240307-v1:0")
                        .messages(Message.builder()
                                .role(ConversationRole.USER)
                                .content(ContentBlock.fromText("Why do ships float?"))
                                .build())
                        .inferenceConfig(inference ->
                                inference.maxTokens(20).temperature(0.5f).stopSequences("."))
                        .toolConfig(tools -> tools.tools(Tool.fromToolSpec(ToolSpecification.builder()
                                .name("weigh")
                                .inputSchema(ToolInputSchema.fromJson(Document.mapBuilder()
                                        .putString("type", "object")
                                        .build()))
                                .build()))))));
        all.add(capture(
                "REST-JSON with a blob",
                port,
                BedrockRuntimeClient.builder(),
                runtime -> runtime.invokeModel(request -> request.modelId("amazon.titan-text-express-v1")
                        .contentType("application/json")
                        .body(SdkBytes.fromUtf8String("{\"inputText\":\"Why do ships float?\"}")))));
        all.add(capture(
                "JSON 1.0",
                port,
                DynamoDbClient.builder(),
                items -> items.getItem(
                        request -> request.tableName("ships").key(Map.of("name", AttributeValue.fromS("Sea Cloud"))))));
        all.add(capture(
                "JSON 1.1 in CBOR",
                port,
                KinesisClient.builder(),
                streams -> streams.putRecord(request ->
                        request.streamName("waves").partitionKey("north").data(SdkBytes.fromUtf8String("12 m")))));
        all.add(capture(
                "REST-XML",
                port,
                S3Client.builder().forcePathStyle(true),
                objects -> objects.putBucketTagging(request -> request.bucket("letters")
                        .tagging(tags -> tags.tagSet(Tag.builder()
                                .key("season")
                                .value("winter & spring")
                                .build())))));
        all.add(capture(
                "EC2 Query",
                port,
                Ec2Client.builder(),
                ec2 -> ec2.describeInstances(request -> request.instanceIds("i-1234567890abcdef0")
                        .filters(Filter.builder()
                                .name("tag:ship")
                                .values("a", "b")
                                .build()))));
        all.add(capture(
                "REST-XML",
                port,
                S3Client.builder().forcePathStyle(true),
                objects -> objects.listObjectsV2(request ->
                        request.bucket("letters").prefix("winter/").delimiter("/").maxKeys(7))));
        all.add(json11(port));
        all.add(cbor(port));
        all.add(stream(port));
        all.add(events("events in, in whole messages", port, EVENT, CapturedRequest::message));
        all.add(events("events in, in any bytes", port, message(EVENT), UnaryOperator.identity()));
        all.add(chunks(port));
        return List.copyOf(all);
    }

    /** The Java client of Kinesis speaks CBOR; others speak JSON to it. */
    private static CapturedRequest json11(int port) {
        SdkHttpRequest head = post(port, "/")
                .putHeader("Content-Type", "application/x-amz-json-1.1")
                .putHeader("X-Amz-Target", "Kinesis_20131202.PutRecord")
                .build();
        byte[] body = "{\"StreamName\":\"waves\",\"PartitionKey\":\"north\",\"Data\":\"MTIgbQ==\"}"
                .getBytes(StandardCharsets.UTF_8);
        return new CapturedRequest("JSON 1.1", "kinesis", head, body);
    }

    private static SdkHttpFullRequest.Builder post(int port, String path) {
        return SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create("http://127.0.0.1:" + port + path));
    }

    /** The Java client of CloudWatch speaks Query; others speak RPC v2 CBOR to it. */
    private static CapturedRequest cbor(int port) {
        SdkHttpRequest head = post(port, "/service/GraniteServiceVersion20100801/operation/GetMetricStatistics")
                .putHeader("Content-Type", "application/cbor")
                .putHeader("Accept", "application/cbor")
                .putHeader("Smithy-Protocol", "rpc-v2-cbor")
                .build();
        byte[] body = StructuredCodec.RPC_V2_CBOR.write(GetMetricStatisticsRequest.builder()
                .namespace("AWS/Bedrock")
                .metricName("Invocations")
                .startTime(Instant.ofEpochSecond(1_760_000_000))
                .endTime(Instant.ofEpochSecond(1_760_003_600))
                .period(60)
                .build());
        return new CapturedRequest("RPC v2 CBOR", "monitoring", head, body);
    }

    /** The sync clients have no event streams. */
    private static CapturedRequest stream(int port) {
        SdkHttpRequest head = post(port, "/model/amazon.nova-lite-v1%3A0/converse-stream")
                .putHeader("Content-Type", "application/json")
                .build();
        byte[] body = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Why do ships float?\"}]}]}"
                .getBytes(StandardCharsets.UTF_8);
        return new CapturedRequest("event stream", "bedrock", head, body);
    }

    /** A token stands for the signature, which every event would need, too. */
    private static CapturedRequest events(String protocol, int port, byte[] body, UnaryOperator<byte[]> framing) {
        SdkHttpRequest head = post(port, "/model/amazon.nova-sonic-v1%3A0/invoke-with-bidirectional-stream")
                .putHeader("Content-Type", "application/vnd.amazon.eventstream")
                .putHeader("Authorization", BEARER)
                .build();
        return new CapturedRequest(protocol, "bedrock", head, body, framing);
    }

    private static byte[] message(byte[] payload) {
        return MessageEncoder.encode(new Message(
                Map.of(
                        Message.MESSAGE_TYPE,
                        new HeaderValue.OfString("event"),
                        Message.EVENT_TYPE,
                        new HeaderValue.OfString("chunk")),
                payload));
    }

    /** An upload in chunks with a checksum behind them. */
    private static CapturedRequest chunks(int port) {
        SdkHttpRequest head = SdkHttpFullRequest.builder()
                .method(SdkHttpMethod.PUT)
                .uri(URI.create("http://127.0.0.1:" + port + "/letters/one"))
                .putHeader("Host", "s3.us-east-1.amazonaws.com")
                .putHeader("Authorization", BEARER)
                .putHeader("Content-Encoding", "aws-chunked")
                .putHeader("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
                .putHeader("x-amz-decoded-content-length", "11")
                .putHeader("x-amz-trailer", "x-amz-checksum-crc32")
                .build();
        byte[] body = "b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        return new CapturedRequest("REST-XML in chunks", "s3", head, body);
    }

    private static <C extends SdkClient, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>>
            CapturedRequest capture(String protocol, int port, B builder, Consumer<C> call) {
        Capturing http = new Capturing();
        try (C client = builder.httpClient(http)
                .endpointOverride(URI.create("http://127.0.0.1:" + port))
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .overrideConfiguration(settings -> settings.retryStrategy(retries -> retries.maxAttempts(1)))
                .build()) {
            call.accept(client);
            throw new IllegalStateException("the client of " + protocol + " sent nothing");
        } catch (SdkException captured) {
            if (http.captured == null) {
                throw captured;
            }
        }
        SdkHttpRequest sent = http.captured.httpRequest();
        Matcher scope = SCOPE.matcher(sent.firstMatchingHeader("Authorization").orElseThrow());
        if (!scope.find()) {
            throw new IllegalStateException("the client of " + protocol + " did not sign");
        }
        SdkHttpRequest.Builder head = sent.toBuilder();
        OF_BODY_AND_SIGNATURE.forEach(head::removeHeader);
        byte[] body = http.captured
                .contentStreamProvider()
                .map(content -> {
                    try {
                        return content.newStream().readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .orElse(new byte[0]);
        return new CapturedRequest(protocol, scope.group(1), head.build(), body);
    }

    /** Takes down what it is given and sends nothing. */
    private static final class Capturing implements SdkHttpClient {
        private HttpExecuteRequest captured;

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            captured = request;
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() throws IOException {
                    throw new IOException("captured");
                }

                @Override
                public void abort() {
                    // Nothing is under way.
                }
            };
        }

        @Override
        public void close() {
            // Holds nothing open.
        }
    }
}
