package dev.outcrop.wire;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.ClientPresence;
import dev.outcrop.kernel.EventSink;
import dev.outcrop.kernel.EventStreams;
import dev.outcrop.kernel.ServedServices;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.BidirectionalInputPayloadPart;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithBidirectionalStreamInput;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithBidirectionalStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithBidirectionalStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithBidirectionalStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithBidirectionalStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricStatisticsResponse;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeRegionsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRegionsResponse;
import software.amazon.awssdk.services.ec2.model.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionRequest;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.ListTagsRequest;
import software.amazon.awssdk.services.lambda.model.ListTagsResponse;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;
import software.amazon.awssdk.services.lambda.model.UntagResourceRequest;
import software.amazon.awssdk.services.lambda.model.UntagResourceResponse;
import software.amazon.awssdk.services.lexruntimev2.LexRuntimeV2AsyncClient;
import software.amazon.awssdk.services.lexruntimev2.LexRuntimeV2Client;
import software.amazon.awssdk.services.lexruntimev2.model.StartConversationRequest;
import software.amazon.awssdk.services.lexruntimev2.model.StartConversationRequestEventStream;
import software.amazon.awssdk.services.lexruntimev2.model.StartConversationResponse;
import software.amazon.awssdk.services.lexruntimev2.model.StartConversationResponseEventStream;
import software.amazon.awssdk.services.lexruntimev2.model.StartConversationResponseHandler;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetBucketLocationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLocationResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** Services that do little, one for each protocol and kind of stream, but do it over the SDK's own interfaces. */
final class TestServices {
    private TestServices() {}

    static ServedServices all(ServedServices services) {
        return services.serve("sts", StsClient.class, Sts::new)
                .serve("lambda", LambdaClient.class, Functions::new)
                .serve("s3", S3Client.class, Objects::new)
                .serve("ec2", Ec2Client.class, Computers::new)
                .serve("cloudwatch", CloudWatchClient.class, Metrics::new)
                .serve("dynamodb", DynamoDbClient.class, Items::new)
                .serve(
                        "lexv2-runtime",
                        LexRuntimeV2Client.class,
                        Bots::new,
                        LexRuntimeV2AsyncClient.class,
                        Conversations::new)
                .serve(
                        "bedrock-runtime",
                        BedrockRuntimeClient.class,
                        Models::new,
                        BedrockRuntimeAsyncClient.class,
                        ModelStreams::new);
    }

    static final class Sts implements StsClient {
        @Override
        public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
            CallContext context = CallContext.current();
            return GetCallerIdentityResponse.builder()
                    .account(context.account())
                    .arn(context.principal().arn())
                    .userId(context.principal().id())
                    .build();
        }

        @Override
        public AssumeRoleWithWebIdentityResponse assumeRoleWithWebIdentity(AssumeRoleWithWebIdentityRequest request) {
            return AssumeRoleWithWebIdentityResponse.builder()
                    .audience(request.roleArn())
                    .subjectFromWebIdentityToken(
                            CallContext.current().principal().kind().name())
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    static final class Functions implements LambdaClient {
        @Override
        public GetFunctionResponse getFunction(GetFunctionRequest request) {
            CallContext.current().addResponseHeader("x-outcrop-model", "none");
            return GetFunctionResponse.builder()
                    .configuration(configuration ->
                            configuration.functionName(request.functionName()).version(request.qualifier()))
                    .build();
        }

        @Override
        public UntagResourceResponse untagResource(UntagResourceRequest request) {
            if (!request.tagKeys().equals(List.of("a b", "c&d"))) {
                throw new IllegalStateException("unexpected " + request);
            }
            return UntagResourceResponse.builder().build();
        }

        @Override
        public ListTagsResponse listTags(ListTagsRequest request) {
            throw TooManyRequestsException.builder()
                    .message("slower, please")
                    .retryAfterSeconds("7")
                    .type("User")
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    /** Keeps the hash and length of what is put, and gives as many bytes as the key says. */
    static final class Objects implements S3Client {
        private final Map<String, PutObjectRequest> puts = new ConcurrentHashMap<>();

        @Override
        public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
            try (InputStream in = body.contentStreamProvider().newStream()) {
                MessageDigest digest = MessageDigest.getInstance("MD5");
                byte[] buffer = new byte[64 * 1024];
                long length = 0;
                int count = in.read(buffer);
                while (count >= 0) {
                    digest.update(buffer, 0, count);
                    length += count;
                    count = in.read(buffer);
                }
                puts.put(request.key(), request);
                return PutObjectResponse.builder()
                        .eTag('"' + HexFormat.of().formatHex(digest.digest()) + '"')
                        .size(length)
                        .build();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
            if (!request.key().startsWith("size/")) {
                throw NoSuchKeyException.builder()
                        .message("The specified key does not exist.")
                        .build();
            }
            long size = Long.parseLong(request.key().substring("size/".length()));
            GetObjectResponse response = GetObjectResponse.builder()
                    .contentLength(size)
                    .contentType("application/x-zeros")
                    .eTag("\"zeros\"")
                    .lastModified(Instant.EPOCH)
                    .metadata(Map.of("made-of", "zeros"))
                    .build();
            try {
                return transformer.transform(response, AbortableInputStream.create(zeros(size)));
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private static InputStream zeros(long size) {
            return new InputStream() {
                private long left = size;

                @Override
                public int read() {
                    return left-- > 0 ? 0 : -1;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) {
                    if (left <= 0) {
                        return -1;
                    }
                    int count = (int) Math.min(left, length);
                    Arrays.fill(buffer, offset, offset + count, (byte) 0);
                    left -= count;
                    return count;
                }
            };
        }

        @Override
        public GetBucketLocationResponse getBucketLocation(GetBucketLocationRequest request) {
            return GetBucketLocationResponse.builder()
                    .locationConstraint(request.bucket().equals("old") ? "" : "eu-west-1")
                    .build();
        }

        @Override
        public HeadObjectResponse headObject(HeadObjectRequest request) {
            PutObjectRequest put = puts.get(request.key());
            if (put == null) {
                throw NoSuchKeyException.builder().message("Not Found").build();
            }
            return HeadObjectResponse.builder()
                    .contentLength(42L)
                    .contentType(put.contentType())
                    .metadata(put.metadata())
                    .build();
        }

        @Override
        public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
            return ListObjectsV2Response.builder()
                    .name(request.bucket())
                    .prefix(request.prefix())
                    .contents(S3Object.builder()
                            .key("a <b> & c")
                            .size(3L)
                            .lastModified(Instant.EPOCH)
                            .build())
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    static final class Computers implements Ec2Client {
        @Override
        public DescribeRegionsResponse describeRegions(DescribeRegionsRequest request) {
            return DescribeRegionsResponse.builder()
                    .regions(request.regionNames().stream()
                            .map(name -> Region.builder().regionName(name).build())
                            .toList())
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    static final class Metrics implements CloudWatchClient {
        @Override
        public GetMetricStatisticsResponse getMetricStatistics(GetMetricStatisticsRequest request) {
            if (request.namespace().equals("nowhere")) {
                throw ResourceNotFoundException.builder()
                        .message("no such namespace")
                        .resourceId("nowhere")
                        .build();
            }
            return GetMetricStatisticsResponse.builder()
                    .label(request.metricName())
                    .datapoints(Datapoint.builder()
                            .timestamp(request.startTime())
                            .average(1.5)
                            .build())
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    static final class Items implements DynamoDbClient {
        @Override
        public GetItemResponse getItem(GetItemRequest request) {
            if (request.tableName().equals("missing")) {
                throw software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException.builder()
                        .message("Requested resource not found")
                        .build();
            }
            return GetItemResponse.builder().item(request.key()).build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    static final class Bots implements LexRuntimeV2Client {
        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    /** Says what it was asked, and nothing else. */
    static final class Conversations implements LexRuntimeV2AsyncClient {
        @Override
        public CompletableFuture<Void> startConversation(
                StartConversationRequest request,
                Publisher<StartConversationRequestEventStream> input,
                StartConversationResponseHandler handler) {
            return EventStreams.publish(
                    handler,
                    StartConversationResponse.builder().build(),
                    (EventSink<StartConversationResponseEventStream> sink) ->
                            sink.send(StartConversationResponseEventStream.transcriptEventBuilder()
                                    .transcript(request.botId() + " " + request.conversationModeAsString())
                                    .build()));
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    static final class Models implements BedrockRuntimeClient {
        /** Works until the client has gone, at most for as long as the model's id says in milliseconds. */
        private static void awaitDeparture(String model) {
            CountDownLatch gone = new CountDownLatch(1);
            try (ClientPresence.Watch _ = CallContext.current().client().onGone(gone::countDown)) {
                ModelStreams.BEGUN.release();
                if (gone.await(Long.parseLong(model.substring("waits-".length())), TimeUnit.MILLISECONDS)) {
                    ModelStreams.LEFT.release();
                    throw new ClientGone("nobody waits for it");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public InvokeModelResponse invokeModel(InvokeModelRequest request) {
            if (request.modelId().equals("errs")) {
                throw new AwsError("ModelErrorException", 424, "no", Map.of("resourceName", request.modelId()));
            }
            if (request.modelId().startsWith("waits")) {
                awaitDeparture(request.modelId());
            }
            return InvokeModelResponse.builder()
                    .body(SdkBytes.fromUtf8String(
                            request.modelId() + " " + request.body().asUtf8String()))
                    .contentType(request.contentType())
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    /** Streams what it is told by the model's id: a count of events, an error after one, or events without end. */
    static final class ModelStreams implements BedrockRuntimeAsyncClient {
        static final Map<String, CountDownLatch> GONE = new ConcurrentHashMap<>();
        /** A permit for each call that has begun to wait for its client's going. */
        static final Semaphore BEGUN = new Semaphore(0);
        /** A permit for each such call whose client has gone. */
        static final Semaphore LEFT = new Semaphore(0);

        @Override
        public CompletableFuture<Void> converseStream(
                ConverseStreamRequest request, ConverseStreamResponseHandler handler) {
            String model = request.modelId();
            return EventStreams.publish(
                    handler, ConverseStreamResponse.builder().build(), (EventSink<ConverseStreamOutput> sink) -> {
                        sink.send(ConverseStreamOutput.messageStartBuilder()
                                .role("assistant")
                                .build());
                        if (model.equals("fails")) {
                            throw ThrottlingException.builder()
                                    .message("Too many tokens")
                                    .build();
                        }
                        if (model.startsWith("endless") || model.startsWith("quiet")) {
                            forever(model, sink);
                        }
                        for (int i = 0; i < Integer.parseInt(model); i++) {
                            sink.send(delta("token " + i + " "));
                        }
                        sink.send(ConverseStreamOutput.messageStopBuilder()
                                .stopReason("end_turn")
                                .build());
                    });
        }

        /** Answers each piece, once it comes, with its length. */
        @Override
        public CompletableFuture<Void> invokeModelWithBidirectionalStream(
                InvokeModelWithBidirectionalStreamRequest request,
                Publisher<InvokeModelWithBidirectionalStreamInput> input,
                InvokeModelWithBidirectionalStreamResponseHandler handler) {
            BlockingQueue<Object> events = new LinkedBlockingQueue<>();
            input.subscribe(new Subscriber<>() {
                @Override
                public void onSubscribe(Subscription subscription) {
                    subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(InvokeModelWithBidirectionalStreamInput event) {
                    events.add(event);
                }

                @Override
                public void onError(Throwable failure) {
                    events.add(failure);
                }

                @Override
                public void onComplete() {
                    events.add("end");
                }
            });
            return EventStreams.publish(
                    handler,
                    InvokeModelWithBidirectionalStreamResponse.builder().build(),
                    (EventSink<InvokeModelWithBidirectionalStreamOutput> sink) -> {
                        if (request.modelId().equals("fails")) {
                            throw ThrottlingException.builder()
                                    .message("Too many tokens")
                                    .build();
                        }
                        if (request.modelId().startsWith("endless")) {
                            chatter(request.modelId(), sink);
                        }
                        try {
                            Object next = events.poll(20, TimeUnit.SECONDS);
                            while (next instanceof BidirectionalInputPayloadPart part) {
                                String length = Integer.toString(part.bytes().asByteArray().length);
                                sink.send(InvokeModelWithBidirectionalStreamOutput.chunkBuilder()
                                        .bytes(SdkBytes.fromUtf8String(length))
                                        .build());
                                next = events.poll(20, TimeUnit.SECONDS);
                            }
                            if (next instanceof RuntimeException failure) {
                                throw failure;
                            }
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
        }

        private static void chatter(String model, EventSink<InvokeModelWithBidirectionalStreamOutput> sink) {
            try {
                while (true) {
                    sink.send(InvokeModelWithBidirectionalStreamOutput.chunkBuilder()
                            .bytes(SdkBytes.fromUtf8String("more"))
                            .build());
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            } catch (ClientGone gone) {
                GONE.get(model).countDown();
                throw gone;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void forever(String model, EventSink<ConverseStreamOutput> sink) {
            try {
                while (true) {
                    sink.send(delta("more "));
                    TimeUnit.MILLISECONDS.sleep(model.startsWith("quiet") ? 100 : 5);
                }
            } catch (ClientGone gone) {
                GONE.get(model).countDown();
                throw gone;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static ConverseStreamOutput delta(String text) {
            return ConverseStreamOutput.contentBlockDeltaBuilder()
                    .contentBlockIndex(0)
                    .delta(ContentBlockDelta.fromText(text))
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
