package dev.outcrop.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.wire.TestServices.ModelStreams;
import dev.outcrop.wire.server.Certificate;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that go away while their call is being answered, before a byte of the answer was sent. */
@Timeout(60)
class DepartureTest {
    private static House house;

    @BeforeAll
    static void open() {
        house = House.open();
    }

    @AfterAll
    static void close() {
        house.close();
    }

    @Test
    void noticesThatAnHttp1ClientHasClosedItsConnection() throws Exception {
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.getOutputStream().write(call("waits-20000"));
            assertThat(ModelStreams.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(ModelStreams.LEFT.tryAcquire(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noticesThatAnHttp1ClientHasClosedItsConnectionOverTls(@TempDir Path folder) throws Exception {
        Certificate certificate = Certificate.own(folder);
        try (House secured = House.open(configuration -> configuration.certificate(certificate), List.of())) {
            try (Socket socket = TrustingClients.socket(certificate, secured.port(), "http/1.1")) {
                socket.getOutputStream().write(call("waits-20000"));
                assertThat(ModelStreams.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
            }

            assertThat(ModelStreams.LEFT.tryAcquire(1, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void noticesThatAnHttp2ClientHasClosedItsConnection() throws Exception {
        try (Http2Socket client = new Http2Socket(new Socket("localhost", house.port()))) {
            ask(client, 1);
            assertThat(ModelStreams.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(ModelStreams.LEFT.tryAcquire(1, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void noticesThatAnHttp2ClientHasResetItsStream() throws Exception {
        try (Http2Socket client = new Http2Socket(new Socket("localhost", house.port()))) {
            ask(client, 1);
            assertThat(ModelStreams.BEGUN.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

            client.send(Http2Socket.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});

            assertThat(ModelStreams.LEFT.tryAcquire(1, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void ask(Http2Socket client, int stream) throws IOException {
        byte[] head = Http2Socket.post("/model/waits-20000/invoke", Map.of("authorization", "Bearer " + House.TOKEN));
        client.send(Http2Socket.HEADERS, Http2Socket.END_HEADERS, stream, head);
        client.send(Http2Socket.DATA, Http2Socket.END_STREAM, stream, "{}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void answersTheNextRequestOfAConnectionThatWasWatched() throws Exception {
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(call("waits-1000"));
            assertThat(answer(socket.getInputStream())).isEqualTo("waits-1000 {}");

            TimeUnit.MILLISECONDS.sleep(300);
            socket.getOutputStream().write(call("second"));

            assertThat(answer(socket.getInputStream())).isEqualTo("second {}");
        }
        ModelStreams.BEGUN.acquire();
    }

    @Test
    void keepsRequestsThatComeBeforeTheLastIsAnswered() throws Exception {
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(call("waits-1000"));
            TimeUnit.MILLISECONDS.sleep(500);
            socket.getOutputStream().write(call("second"));
            socket.getOutputStream().write(call("third"));

            assertThat(answer(socket.getInputStream())).isEqualTo("waits-1000 {}");
            assertThat(answer(socket.getInputStream())).isEqualTo("second {}");
            assertThat(answer(socket.getInputStream())).isEqualTo("third {}");
        }
        ModelStreams.BEGUN.acquire();
    }

    @Test
    void takesNoClientForGoneThatOnlyReads() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        ModelStreams.GONE.put("quiet-reader", gone);
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}";
        try (Socket socket = new Socket("localhost", house.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(post("/model/quiet-reader/converse-stream", body));

            // An event each tenth of a second.
            assertThat(socket.getInputStream().readNBytes(3000)).hasSize(3000);
            assertThat(gone.getCount()).isEqualTo(1);
        }

        assertThat(gone.await(2, TimeUnit.SECONDS)).isTrue();
    }

    private static byte[] call(String model) {
        return post("/model/" + model + "/invoke", "{}");
    }

    private static byte[] post(String path, String body) {
        return ("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + House.TOKEN
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** The body of the next answer. */
    private static String answer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int octet = in.read();
            assertThat(octet)
                    .as("the connection must stay open after: %s", head)
                    .isNotNegative();
            head.append((char) octet);
        }
        String length = head.toString()
                .lines()
                .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
                .findFirst()
                .orElseThrow();
        return new String(in.readNBytes(Integer.parseInt(length.substring(15).strip())), StandardCharsets.UTF_8);
    }
}
