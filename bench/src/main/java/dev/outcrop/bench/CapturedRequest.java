package dev.outcrop.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
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
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;
import software.amazon.awssdk.services.bedrockruntime.model.ToolSpecification;
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

    /** The bytes of this request, signed with a key. */
    byte[] bytes(AwsCredentialsIdentity key) {
        return SignedRequest.of(head, framing.apply(body), service, key);
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
                objects -> objects.listObjectsV2(request -> request.bucket("letters")
                        .prefix("winter/")
                        .delimiter("/")
                        .maxKeys(7))));
        all.addAll(WrittenRequests.all(port));
        return List.copyOf(all);
    }

    /** The request that {@code call} has a client of {@code builder} send. */
    static <C extends SdkClient, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>> CapturedRequest capture(
            String protocol, int port, B builder, Consumer<C> call) {
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
