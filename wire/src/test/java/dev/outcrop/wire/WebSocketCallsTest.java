package dev.outcrop.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.outcrop.shapes.eventstream.HeaderValue;
import dev.outcrop.shapes.eventstream.Message;
import dev.outcrop.shapes.eventstream.MessageDecoder;
import dev.outcrop.shapes.eventstream.MessageEncoder;
import dev.outcrop.wire.server.Certificate;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

@Timeout(60)
class WebSocketCallsTest {
    private static final Duration STALL = Duration.ofSeconds(1);
    private static final String CONVERSATION =
            "/bots/AAAAAAAAAA/botAliases/BBBBBBBBBB/botLocales/en_US/sessions/s1/conversation";

    private static House house;

    @BeforeAll
    static void open() {
        house = House.open(configuration -> configuration.stallTimeout(STALL).headTimeout(STALL), List.of());
    }

    @AfterAll
    static void close() {
        house.close();
    }

    private static String path(String model) {
        return "/model/" + model + "/invoke-with-bidirectional-stream";
    }

    private static URI presigned(House target, String service, String path, Duration lifetime) {
        SdkHttpRequest request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(URI.create(target.uri() + path))
                .build();
        URI signed = AwsV4HttpSigner.create()
                .sign(signing -> signing.identity(House.KEY)
                        .request(request)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, lifetime))
                .request()
                .getUri();
        return URI.create(signed.toString().replaceFirst("^http", "ws"));
    }

    private static URI presigned(String service, String path) {
        return presigned(house, service, path, Duration.ofSeconds(60));
    }

    private static byte[] piece(int length) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put(Message.MESSAGE_TYPE, new HeaderValue.OfString("event"));
        headers.put(Message.EVENT_TYPE, new HeaderValue.OfString("chunk"));
        headers.put(Message.CONTENT_TYPE, new HeaderValue.OfString("application/json"));
        String payload = "{\"bytes\":\"" + Base64.getEncoder().encodeToString(new byte[length]) + "\"}";
        return MessageEncoder.encode(new Message(headers, payload.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] end() {
        return MessageEncoder.encode(new Message(Map.of(), new byte[0]));
    }

    @Test
    void carriesEventsBothWaysAtOnce() throws Exception {
        Client client = Client.open(presigned("bedrock", path("m")));

        client.send(piece(100));
        assertThat(client.chunk()).isEqualTo("100");
        client.send(piece(70_000));
        assertThat(client.chunk()).isEqualTo("70000");
        client.send(end());

        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void carriesEventsOverTls(@TempDir Path folder) throws Exception {
        Certificate certificate = Certificate.own(folder);
        try (House secured = House.open(configuration -> configuration.certificate(certificate), List.of());
                HttpClient http = HttpClient.newBuilder()
                        .sslContext(TrustingClients.context(certificate))
                        .build()) {
            Client client = new Client();
            client.socket = http.newWebSocketBuilder()
                    .buildAsync(presigned(secured, "bedrock", path("m"), Duration.ofSeconds(60)), client)
                    .join();

            client.send(piece(7));
            assertThat(client.chunk()).isEqualTo("7");
            client.send(end());

            assertThat(client.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void takesThePathThatEndsInWebsocket() throws Exception {
        Client client = Client.open(presigned("bedrock", path("m") + "-websocket"));

        client.send(piece(3));

        assertThat(client.chunk()).isEqualTo("3");
        client.send(end());
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation-mode", "x-amz-lex-conversation-mode"})
    void readsHeadersFromTheParametersOfTheUrl(String name) throws Exception {
        Client client = Client.open(presigned("lex", CONVERSATION + "?" + name + "=TEXT"));

        Message event = client.event();

        assertThat(event.text(Message.EVENT_TYPE)).contains("TranscriptEvent");
        assertThat(new String(event.payload(), StandardCharsets.UTF_8)).contains("AAAAAAAAAA TEXT");
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void tellsAnErrorAsAnEventAndCloses() throws Exception {
        Client client = Client.open(presigned("bedrock", path("fails")));

        Message event = client.event();

        assertThat(event.text(Message.MESSAGE_TYPE)).contains("exception");
        assertThat(event.text(Message.EXCEPTION_TYPE)).contains("throttlingException");
        assertThat(new String(event.payload(), StandardCharsets.UTF_8)).contains("Too many tokens");
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void tellsWhatIsWrongWithTheRequestAsAnEvent() throws Exception {
        Client client = Client.open(presigned("lex", CONVERSATION.replace("AAAAAAAAAA", "short")));

        Message event = client.event();

        assertThat(event.text(Message.EXCEPTION_TYPE)).contains("ValidationException");
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void tellsWhatIsWrongWithAnEvent() throws Exception {
        Client client = Client.open(presigned("bedrock", path("m")));

        client.send("no event".repeat(10).getBytes(StandardCharsets.UTF_8));

        assertThat(client.event().text(Message.MESSAGE_TYPE)).contains("error");
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void refusesSignaturesThatAreWrongBeforeItOpens() {
        URI signed = presigned("bedrock", path("m"));
        String wrong = signed.toString().replaceFirst("X-Amz-Signature=.", "X-Amz-Signature=g");

        HttpResponse<?> refusal = refusal(URI.create(wrong));

        assertThat(refusal.statusCode()).isEqualTo(403);
        assertThat(refusal.headers().firstValue("x-amzn-errortype").orElse("")).startsWith("InvalidSignatureException");
    }

    @Test
    void refusesUrlsThatAreGoodForTooLong() {
        assertThat(refusal(presigned(house, "bedrock", path("m"), Duration.ofMinutes(6)))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void refusesUrlsOfAnotherService() {
        assertThat(refusal(presigned("transcribe", path("m"))).statusCode()).isEqualTo(404);
    }

    private static HttpResponse<?> refusal(URI uri) {
        CompletionException refused = catchThrowableOfType(CompletionException.class, () -> Client.open(uri));
        assertThat(refused).hasCauseInstanceOf(WebSocketHandshakeException.class);
        return ((WebSocketHandshakeException) refused.getCause()).getResponse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==|426",
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short|400",
                "Sec-WebSocket-Version: 13|400",
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nOrigin: https://evil.example|403"
            })
    void refusesHandshakesThatAreNone(String headersAndStatus) throws Exception {
        String[] parts = headersAndStatus.split("\\|", 2);
        try (RawClient client = new RawClient(presigned("bedrock", path("m")), parts[0])) {
            assertThat(client.head()).startsWith("HTTP/1.1 " + parts[1]);
        }
    }

    @Test
    void answersOtherOperationsAsIfTheyHadAskedForNoWebSocket() throws Exception {
        try (RawClient client = new RawClient(presigned("bedrock", "/model/m/invoke"), RawClient.VALID)) {
            assertThat(client.head()).startsWith("HTTP/1.1 405");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // text, a frame that is not masked, a message too long, a code that may not be sent
                "818537fa213d7f9f4d5158|1003",
                "820178|1002",
                "82ff000000007fffffff00000000|1009",
                "888237fa213d3417|1002"
            })
    void closesWithTheCodeOfTheFault(String framesAndCode) throws Exception {
        String[] parts = framesAndCode.split("\\|", 2);
        try (RawClient client = new RawClient(presigned("bedrock", path("m")), RawClient.VALID)) {
            assertThat(client.head()).startsWith("HTTP/1.1 101").contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

            client.write(HexFormat.of().parseHex(parts[0]));

            assertThat(client.closeCode()).isEqualTo(Integer.parseInt(parts[1]));
        }
    }

    @Test
    void stopsTheModelWhenTheClientVanishes() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        TestServices.ModelStreams.GONE.put("endless-socket", gone);
        try (RawClient client = new RawClient(presigned("bedrock", path("endless-socket")), RawClient.VALID)) {
            assertThat(client.head()).startsWith("HTTP/1.1 101");
        }

        assertThat(gone.await(2, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void stopsTheModelWhenTheClientCloses() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        TestServices.ModelStreams.GONE.put("endless-close", gone);
        Client client = Client.open(presigned("bedrock", path("endless-close")));
        client.event();

        client.socket.sendClose(WebSocket.NORMAL_CLOSURE, "enough").join();

        assertThat(gone.await(2, TimeUnit.SECONDS)).isTrue();
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void keepsQuietClientsThatGiveASignOfLife() throws Exception {
        Client client = Client.open(presigned("bedrock", path("m")));

        TimeUnit.MILLISECONDS.sleep(STALL.toMillis() * 3);

        client.send(piece(5));
        assertThat(client.chunk()).isEqualTo("5");
        client.send(end());
        assertThat(client.closeCode()).isEqualTo(1000);
    }

    @Test
    void hangsUpOnQuietClientsThatGiveNone() throws Exception {
        try (RawClient client = new RawClient(presigned("bedrock", path("m")), RawClient.VALID)) {
            assertThat(client.head()).startsWith("HTTP/1.1 101");

            // A ping, and then the end.
            assertThat(client.rest()).startsWith((byte) 0x89, (byte) 0);
        }
    }

    /** Java's own client. */
    private static final class Client implements WebSocket.Listener {
        private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
        private WebSocket socket;

        static Client open(URI uri) {
            Client client = new Client();
            client.socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(uri, client)
                    .join();
            return client;
        }

        void send(byte[] message) {
            socket.sendBinary(ByteBuffer.wrap(message), true).join();
        }

        Message event() throws InterruptedException {
            byte[] message = messages.poll(20, TimeUnit.SECONDS);
            assertThat(message).as("an event").isNotNull();
            MessageDecoder decoder = new MessageDecoder();
            decoder.feed(message);
            Message event = decoder.next().orElseThrow();
            assertThat(decoder.isInsideMessage()).as("one event in a message").isFalse();
            return event;
        }

        /** What the next chunk says. */
        String chunk() throws InterruptedException {
            String json = new String(event().payload(), StandardCharsets.UTF_8);
            String encoded = json.replaceFirst(".*\"bytes\":\"([^\"]*)\".*", "$1");
            return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        }

        int closeCode() throws Exception {
            return closed.get(20, TimeUnit.SECONDS);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            parts.writeBytes(bytes);
            if (last) {
                messages.add(parts.toByteArray());
                parts.reset();
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.complete(statusCode);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }

    /** A client that sends exactly the bytes that it is told to. */
    private static final class RawClient implements AutoCloseable {
        /** With the key of RFC 6455's own example. */
        static final String VALID = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

        private final Socket socket;
        private final DataInputStream in;

        RawClient(URI uri, String headers) throws IOException {
            socket = new Socket("localhost", house.port());
            socket.setSoTimeout(15_000);
            in = new DataInputStream(socket.getInputStream());
            write(("GET " + uri.getRawPath() + "?" + uri.getRawQuery() + " HTTP/1.1\r\nHost: localhost:" + house.port()
                            + "\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" + headers + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            return head.toString();
        }

        /** The code of the closing frame, which is the last before the end, and comes soon. */
        int closeCode() throws IOException {
            while (true) {
                int opcode = in.readUnsignedByte() & 0x0f;
                byte[] payload = new byte[in.readUnsignedByte()];
                in.readFully(payload);
                if (opcode == 8) {
                    return ByteBuffer.wrap(payload).getShort();
                }
            }
        }

        byte[] rest() throws IOException {
            return in.readAllBytes();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
