package dev.outcrop.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.BidirectionalOutputPayloadPart;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithBidirectionalStreamInput;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelWithBidirectionalStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

@Timeout(60)
class StreamsTest {
    private static final Message HI =
            Message.builder().role("user").content(ContentBlock.fromText("hi")).build();

    private static House house;

    @BeforeAll
    static void open() {
        house = House.open();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static S3Client s3() {
        return house.client(S3Client.builder()).forcePathStyle(true).build();
    }

    private static BedrockRuntimeAsyncClient models(Protocol protocol) {
        return house.client(BedrockRuntimeAsyncClient.builder())
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(protocol))
                .build();
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "SHA1", "SHA256"})
    void takesBodiesWithTrailingChecksums(ChecksumAlgorithm algorithm) throws Exception {
        byte[] content = new byte[300_000];
        new Random(7).nextBytes(content);
        try (S3Client s3 = s3()) {
            var response = s3.putObject(
                    request -> request.bucket("b").key("k ü/+").checksumAlgorithm(algorithm),
                    RequestBody.fromBytes(content));

            assertThat(response.eTag())
                    .isEqualTo('"'
                            + HexFormat.of()
                                    .formatHex(MessageDigest.getInstance("MD5").digest(content))
                            + '"');
            assertThat(response.size()).isEqualTo(300_000);
        }
    }

    @Test
    void streamsUploadsAndDownloads() throws IOException {
        long size = 1L << 28;
        try (S3Client s3 = s3()) {
            ResponseInputStream<GetObjectResponse> download =
                    s3.getObject(request -> request.bucket("b").key("size/" + size));

            assertThat(download.response().contentLength()).isEqualTo(size);
            assertThat(download.response().metadata()).containsEntry("made-of", "zeros");
            var response = s3.putObject(
                    request -> request.bucket("b").key("copy"), RequestBody.fromInputStream(download, size));
            assertThat(response.size()).isEqualTo(size);
        }
    }

    @Test
    void keepsMetadataAndAnswersHead() {
        try (S3Client s3 = s3()) {
            s3.putObject(
                    request -> request.bucket("b")
                            .key("head")
                            .contentType("text/x")
                            .metadata(Map.of("one", "1")),
                    RequestBody.fromString("x"));

            var head = s3.headObject(request -> request.bucket("b").key("head"));

            assertThat(head.contentLength()).isEqualTo(42);
            assertThat(head.contentType()).isEqualTo("text/x");
            assertThat(head.metadata()).containsEntry("one", "1");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"HTTP1_1", "HTTP2"})
    void streamsEventsOut(Protocol protocol) throws Exception {
        List<String> texts = new ArrayList<>();
        try (BedrockRuntimeAsyncClient models = models(protocol)) {
            converse(models, "20", texts).get(30, TimeUnit.SECONDS);
        }

        assertThat(texts).hasSize(20).startsWith("token 0 ").endsWith("token 19 ");
    }

    @ParameterizedTest
    @EnumSource(
            value = Protocol.class,
            names = {"HTTP1_1", "HTTP2"})
    void tellsAnErrorInsideAStreamAsItsClass(Protocol protocol) {
        try (BedrockRuntimeAsyncClient models = models(protocol)) {
            assertThatThrownBy(
                            () -> converse(models, "fails", new ArrayList<>()).get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(ThrottlingException.class)
                    .hasMessageContaining("Too many tokens");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"endless-1", "quiet-1"})
    void stopsTheStreamWhenAnHttp1ClientVanishes(String model) throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        TestServices.ModelStreams.GONE.put(model, gone);
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}";
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.getOutputStream()
                    .write(("POST /model/" + model
                                    + "/converse-stream HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + House.TOKEN + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().readNBytes(300)).hasSize(300);
        }

        assertThat(gone.await(2, TimeUnit.SECONDS))
                .as("generation must stop soon after the client's going")
                .isTrue();
    }

    @Test
    void stopsTheStreamWhenAnHttp2ClientVanishes() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        TestServices.ModelStreams.GONE.put("endless-2", gone);
        CountDownLatch begun = new CountDownLatch(1);
        BedrockRuntimeAsyncClient models = models(Protocol.HTTP2);
        CompletableFuture<Void> call = models.converseStream(
                request -> request.modelId("endless-2").messages(HI),
                ConverseStreamResponseHandler.builder()
                        .subscriber(event -> begun.countDown())
                        .build());
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        call.cancel(true);
        models.close();

        // Netty takes two seconds of quiet before it closes its connections.
        assertThat(gone.await(6, TimeUnit.SECONDS))
                .as("generation must stop soon after the client's going")
                .isTrue();
    }

    @Test
    void recordsThatTheClientOfADownloadHasGone() throws Exception {
        try (S3Client s3 = s3()) {
            ResponseInputStream<GetObjectResponse> download =
                    s3.getObject(request -> request.bucket("b").key("size/" + (1L << 40)));
            assertThat(download.readNBytes(100_000)).hasSize(100_000);

            download.abort();

            assertThat(failureOf("GetObject")).isEqualTo("ClientGone");
        }
    }

    /** The code of the first recorded failure of {@code operation}. */
    private static String failureOf(String operation) throws InterruptedException {
        return house.awaitRecord(call ->
                        call.operation().equals(operation) && call.failure().isPresent())
                .failure()
                .orElseThrow()
                .code();
    }

    private static CompletableFuture<Void> converse(
            BedrockRuntimeAsyncClient models, String model, List<String> texts) {
        return models.converseStream(
                request -> request.modelId(model).messages(HI),
                ConverseStreamResponseHandler.builder()
                        .subscriber(ConverseStreamResponseHandler.Visitor.builder()
                                .onContentBlockDelta(
                                        event -> texts.add(event.delta().text()))
                                .build())
                        .build());
    }

    @Test
    void streamsEventsBothWaysAtOnce() throws Exception {
        try (BedrockRuntimeAsyncClient models = models(Protocol.HTTP2)) {
            Pieces pieces = new Pieces();
            List<String> results = new ArrayList<>();

            models.invokeModelWithBidirectionalStream(
                            request -> request.modelId("amazon.nova-sonic-v1:0"),
                            pieces,
                            InvokeModelWithBidirectionalStreamResponseHandler.builder()
                                    .subscriber(event -> {
                                        if (event instanceof BidirectionalOutputPayloadPart part) {
                                            results.add(part.bytes().asUtf8String());
                                            // The next piece is sent once the last was answered: both ways at once.
                                            pieces.next();
                                        }
                                    })
                                    .build())
                    .get(30, TimeUnit.SECONDS);

            assertThat(results).containsExactly("100", "200", "300");
        }
    }

    @Test
    void refusesAnUploadThatBreaksOff() throws Exception {
        try (S3Client s3 = s3()) {
            InputStream broken = new FilterInputStream(new ByteArrayInputStream(new byte[100_000])) {
                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int count = super.read(buffer, offset, length);
                    if (count < 0) {
                        throw new IOException("the disk is gone");
                    }
                    return count;
                }
            };

            assertThatThrownBy(() -> s3.putObject(
                            request -> request.bucket("b").key("broken"), RequestBody.fromInputStream(broken, 200_000)))
                    .hasStackTraceContaining("the disk is gone");
            // The door goes on answering.
            assertThat(s3.listObjectsV2(request -> request.bucket("b")).name()).isEqualTo("b");
        }
    }

    /** Three pieces, each sent when the one before has been answered. */
    private static final class Pieces implements SdkPublisher<InvokeModelWithBidirectionalStreamInput> {
        private Subscriber<? super InvokeModelWithBidirectionalStreamInput> subscriber;
        private int sent;
        private long demand;

        @Override
        public void subscribe(Subscriber<? super InvokeModelWithBidirectionalStreamInput> target) {
            subscriber = target;
            target.onSubscribe(new Subscription() {
                @Override
                public void request(long count) {
                    boolean first;
                    synchronized (Pieces.this) {
                        demand += count;
                        first = sent == 0;
                    }
                    if (first) {
                        next();
                    }
                }

                @Override
                public void cancel() {}
            });
        }

        void next() {
            int number;
            synchronized (this) {
                number = ++sent;
            }
            if (number <= 3) {
                subscriber.onNext(InvokeModelWithBidirectionalStreamInput.chunkBuilder()
                        .bytes(SdkBytes.fromByteArray(new byte[100 * number]))
                        .build());
            } else if (number == 4) {
                subscriber.onComplete();
            }
        }
    }
}
