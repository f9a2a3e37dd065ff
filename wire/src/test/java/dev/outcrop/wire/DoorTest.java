package dev.outcrop.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.wire.server.Certificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DoorTest {
    private static final Duration STALL = Duration.ofSeconds(1);
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open(
                configuration ->
                        configuration.stallTimeout(STALL).headTimeout(STALL).largestBody(1 << 20),
                List.of(
                        new Echo(Endpoint.Authentication.BEARER_OR_SIGNATURE),
                        new Echo(Endpoint.Authentication.NONE),
                        new Apologies(),
                        new Faulty()));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void answersEndpointsForBearerKeys() throws Exception {
        HttpResponse<String> answer = send(request("/keyed/x%20y?q=a+b")
                .header("Authorization", "Bearer " + House.TOKEN)
                .POST(BodyPublishers.ofString("hello"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("/keyed/x y a b hello " + House.ACCOUNT);
        assertThat(answer.headers().firstValue("x-outcrop-model")).contains("echo");
    }

    @Test
    void refusesEndpointsToStrangers() throws Exception {
        HttpResponse<String> answer = send(request("/keyed/x")
                .header("Authorization", "Bearer wrong")
                .POST(BodyPublishers.ofString("hello"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("Authentication failed: Please make sure your API Key is valid.");
    }

    @Test
    void endpointsSayFailuresInTheirOwnWords() throws Exception {
        HttpResponse<String> stranger = send(request("/apologies")
                .header("Authorization", "Bearer wrong")
                .GET()
                .build());
        HttpResponse<String> unforeseen = send(request("/apologies")
                .header("Authorization", "Bearer " + House.TOKEN)
                .GET()
                .build());

        assertThat(stranger.statusCode()).isEqualTo(401);
        assertThat(stranger.body()).isEqualTo("sorry: Authentication failed: Please make sure your API Key is valid.");
        assertThat(stranger.headers().firstValue("x-amzn-requestid")).isPresent();
        assertThat(unforeseen.statusCode()).isEqualTo(500);
        assertThat(unforeseen.body()).startsWith("sorry: ").doesNotContain("1234");
    }

    @Test
    void answersOpenEndpointsToAnybody() throws Exception {
        HttpResponse<String> answer =
                send(request("/open/x").POST(BodyPublishers.ofString("hi")).build());

        assertThat(answer.body()).startsWith("/open/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://example.com", "http://localhost.example.com", "http://127.0.0.1.example.com", "null"})
    void refusesPagesOfOtherMachines(String origin) throws Exception {
        HttpResponse<String> answer = send(request("/model/x/converse")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", BodyPublishers.noBody())
                .build());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).isEmpty();
    }

    @Test
    void answersTheQuestionsOfBrowsers() throws Exception {
        HttpResponse<String> answer = send(request("/model/x/converse")
                .header("Origin", "http://localhost:5173")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,content-type,x-amz-date")
                .method("OPTIONS", BodyPublishers.noBody())
                .build());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("http://localhost:5173");
        assertThat(answer.headers().firstValue("access-control-allow-headers"))
                .contains("authorization,content-type,x-amz-date");
        assertThat(answer.headers().firstValue("access-control-expose-headers").orElseThrow())
                .contains("x-amzn-RequestId")
                .contains("x-amzn-ErrorType");
    }

    @ParameterizedTest
    @CsvSource({
        "/?Action=GetCallerIdentity&Version=2011-06-15, 403, MissingAuthenticationToken",
        "/?Action=Nothing&Version=2011-06-15, 400, InvalidAction",
        "/bucket, 403, AccessDenied"
    })
    void refusesUnsignedCallsAsAwsDoes(String target, int status, String code) throws Exception {
        HttpResponse<String> answer = send(request(target).GET().build());

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains("<Code>" + code + "</Code>");
    }

    @Test
    void refusesBodiesThatAreTooLong() throws Exception {
        HttpResponse<String> answer = send(request("/")
                .header("X-Amz-Target", "DynamoDB_20120810.GetItem")
                .POST(BodyPublishers.ofByteArray(new byte[2 << 20]))
                .build());

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("RequestEntityTooLargeException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET\r\n\r\n",
                "\r\n\r\n",
                "\u0016\u0003\u0001 what TLS begins with\r\n\r\n",
                "PRI * HTTP/1.1\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: x\r\n\r\n",
                "GET / HTTP;1.1\r\nHost: x\r\n\r\n",
                "GET / HTDP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nbroken header\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "GET /%zz?%=% HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /a\u0000b HTTP/1.1\r\nHost: x\r\n\r\n"
            })
    void refusesWhatIsNoHttp(String bytes) throws Exception {
        String answer = raw(bytes);

        assertThat(answer).containsPattern("^HTTP/1.1 (4|505)").containsPattern("__type|<Code>");
    }

    @Test
    void hangsUpOnAFirstLineThatTricklesIn() throws Exception {
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout((int) STALL.toMillis() * 10);
            socket.getOutputStream().write('G');
            socket.getOutputStream().flush();

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void refusesAFirstLineThatNeverEnds() throws Exception {
        assertRefused(raw("GET /" + "a".repeat(200_000)));
    }

    @Test
    void takesAPrefaceOfHttp2InPieces() throws Exception {
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout(10_000);
            for (String piece : List.of("PRI", " * HTTP/2.0\r\n", "\r\nSM\r\n\r\n")) {
                socket.getOutputStream().write(piece.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                TimeUnit.MILLISECONDS.sleep(50);
            }
            socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});

            // The length, the type and the flags of the server's own settings.
            assertThat(socket.getInputStream().readNBytes(5)).endsWith(4, 0);
        }
    }

    @Test
    void refusesEndlessHeaders() throws Exception {
        assertRefused(raw("GET / HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(100_000) + "\r\n"));
    }

    /// A connection closed on bytes that nobody read is reset, which may overtake the answer.
    private static void assertRefused(String answer) {
        assertThat(answer).matches(given -> given.isEmpty() || given.startsWith("HTTP/1.1 4"));
    }

    @Test
    void hangsUpOnClientsThatStall() throws Exception {
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.getOutputStream()
                    .write(("POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: DynamoDB_20120810.GetItem\r\n"
                                    + "Content-Length: 100\r\n\r\n{")
                            .getBytes(StandardCharsets.UTF_8));
            socket.setSoTimeout((int) STALL.toMillis() * 10);

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).doesNotContain("200 OK");
        }
    }

    @Test
    void hangsUpOnHeadsThatTrickleIn() throws Exception {
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout((int) STALL.toMillis() * 10);
            OutputStream out = socket.getOutputStream();
            Thread.startVirtualThread(() -> {
                try {
                    for (byte octet : ("GET / HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(100))
                            .getBytes(StandardCharsets.US_ASCII)) {
                        out.write(octet);
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException closed) {
                    Thread.currentThread().interrupt();
                }
            });

            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void hangsUpOnConnectionsThatNeverSayAnything() throws Exception {
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout((int) STALL.toMillis() * 10);

            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 11})
    void hangsUpOnHandshakesThatStall(int bytes, @TempDir Path folder) throws Exception {
        // The beginning of a record that holds a ClientHello.
        byte[] begun = HexFormat.of().parseHex("1603010200010001fc0303");
        Certificate certificate = Certificate.own(folder);
        try (House secured = House.open(
                        configuration -> configuration.certificate(certificate).headTimeout(STALL), List.of());
                Socket socket = new Socket("localhost", secured.port())) {
            socket.setSoTimeout((int) STALL.toMillis() * 10);
            socket.getOutputStream().write(begun, 0, bytes);

            // Perhaps an alert, and the end.
            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http/1.1", "h2"})
    void hangsUpOnConnectionsThatSayNothingAfterTheHandshake(String protocol, @TempDir Path folder) throws Exception {
        Certificate certificate = Certificate.own(folder);
        try (House secured = House.open(
                        configuration -> configuration.certificate(certificate).headTimeout(STALL), List.of());
                Socket socket = TrustingClients.socket(certificate, secured.port(), protocol)) {
            socket.setSoTimeout((int) STALL.toMillis() * 10);

            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    @Test
    void keepsConnectionsThatAreQuietBetweenRequests() throws Exception {
        byte[] request =
                "POST /open/x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout((int) STALL.toMillis() * 10);
            byte[] answer = new byte[12];
            for (int i = 0; i < 2; i++) {
                socket.getOutputStream().write(request);
                socket.getInputStream().readNBytes(answer, 0, 12);
                assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
                Thread.sleep(STALL.toMillis() * 2);
                socket.getInputStream().skipNBytes(socket.getInputStream().available());
            }
        }
    }

    @Test
    void closesAConnectionAfterTheAnswerThatItsClientCallsTheLast() throws Exception {
        String request = "POST /open/x HTTP/1.1\r\nHost: x\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nhi";
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 200").contains("/open/x - hi");
        }
    }

    @Test
    void tellsItsOwnFaultsAsFaults() throws Exception {
        HttpResponse<String> answer = send(request("/faulty").GET().build());

        String id = answer.headers().firstValue("x-amzn-requestid").orElseThrow();
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().firstValue("x-amzn-errortype")).contains("InternalFailure");
        assertThat(answer.body()).contains(id).doesNotContain("a fault of the tests");
    }

    @Test
    void speaksHttp2OverTls(@TempDir Path folder) throws Exception {
        Certificate certificate = Certificate.own(folder);
        try (House secured = House.open(configuration -> configuration.certificate(certificate), List.of());
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(TrustingClients.context(certificate))
                        .build()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(secured.uri().resolve("/model/m/converse"))
                            .POST(BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).contains("Missing Authentication Token");
            assertThat(Certificate.own(folder).certificate()).isEqualTo(certificate.certificate());
        }
    }

    @Test
    void waitsForCallsInProgressWhenItCloses() throws Exception {
        House closing = House.open(configuration -> configuration, List.of(new Slow()));
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.sendAsync(
                    HttpRequest.newBuilder(closing.uri().resolve("/slow")).build(), BodyHandlers.ofString());
            Slow.BEGUN.await();

            closing.close();

            assertThat(answer.get().body()).isEqualTo("done");
        }
    }

    private static HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(house.uri() + target)).timeout(Duration.ofSeconds(20));
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    private static String raw(String bytes) throws IOException {
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout(15_000);
            OutputStream out = socket.getOutputStream();
            try {
                out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                socket.shutdownOutput();
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (SocketException reset) {
                return "";
            }
        }
    }

    private record Echo(Authentication authentication) implements Endpoint {
        @Override
        public String method() {
            return "POST";
        }

        @Override
        public String path() {
            return authentication == Authentication.NONE ? "/open/*" : "/keyed/*";
        }

        @Override
        public void handle(EndpointExchange exchange) throws IOException {
            CallContext.current().addResponseHeader("x-outcrop-model", "echo");
            String body;
            try (InputStream in = exchange.body(100)) {
                body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            String text = exchange.path() + " " + exchange.query("q").orElse("-") + " " + body + " "
                    + CallContext.current().account();
            exchange.respond(200, Map.of("content-type", "text/plain"), text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private record Faulty() implements Endpoint {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/faulty";
        }

        @Override
        public Authentication authentication() {
            return Authentication.NONE;
        }

        @Override
        public void handle(EndpointExchange exchange) {
            throw new AssertionError("a fault of the tests");
        }
    }

    private record Slow() implements Endpoint {
        static final CountDownLatch BEGUN = new CountDownLatch(1);

        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/slow";
        }

        @Override
        public Authentication authentication() {
            return Authentication.NONE;
        }

        @Override
        public void handle(EndpointExchange exchange) throws IOException {
            BEGUN.countDown();
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.respond(200, Map.of(), "done".getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Always fails, and says so itself. */
    private record Apologies() implements Endpoint {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/apologies";
        }

        @Override
        public Authentication authentication() {
            return Authentication.BEARER_OR_SIGNATURE;
        }

        @Override
        public void handle(EndpointExchange exchange) {
            throw new IllegalStateException("the password is 1234");
        }

        @Override
        public boolean fail(EndpointExchange exchange, Answer.Failure failure) throws IOException {
            exchange.respond(
                    failure.status(), Map.of(), ("sorry: " + failure.message()).getBytes(StandardCharsets.UTF_8));
            return true;
        }
    }
}
