package dev.outcrop.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.wire.server.Certificate;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class Http2Test {
    private static final Duration STALL = Duration.ofSeconds(1);
    private static final byte[] HI =
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}".getBytes(StandardCharsets.UTF_8);

    private static House house;

    @BeforeAll
    static void open() {
        house = House.open(configuration -> configuration.stallTimeout(STALL).headTimeout(STALL), List.of());
    }

    @AfterAll
    static void close() {
        house.close();
    }

    /** A setting that clients may well send: the answer's headers cannot be put into a table then. */
    @Test
    void answersClientsThatKeepNoTableOfHeaders() throws Exception {
        try (Http2Socket client = new Http2Socket(new Socket("localhost", house.port()))) {
            client.send(Http2Socket.SETTINGS, 0, 0, new byte[] {0, 1, 0, 0, 0, 0});
            client.send(
                    Http2Socket.HEADERS,
                    Http2Socket.END_HEADERS | Http2Socket.END_STREAM,
                    1,
                    Http2Socket.post("/", Map.of("x-amz-target", "DynamoDB_20120810.GetItem")));

            assertThat(client.read(Http2Socket.HEADERS).stream()).isEqualTo(1);
        }
    }

    @Test
    void hangsUpOnAHeaderThatDoesNotFitIntoItsTable() throws Exception {
        try (Http2Socket client = new Http2Socket(new Socket("localhost", house.port()))) {
            client.send(Http2Socket.HEADERS, Http2Socket.END_HEADERS | Http2Socket.END_STREAM, 1, new byte[] {
                0x20, 0x40, 1, 'a', 1, 'b'
            });

            assertThatThrownBy(() -> client.read(Http2Socket.HEADERS)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void finishesStreamsInFlightAfterTheClientsGoAway() throws Exception {
        try (Http2Socket client = new Http2Socket(new Socket("localhost", house.port()))) {
            assertThat(eventsAfterGoAway(client, "quiet-goaway")).isGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void finishesStreamsInFlightAfterTheClientsGoAwayOverTls(@TempDir Path folder) throws Exception {
        Certificate certificate = Certificate.own(folder);
        try (House secured = House.open(configuration -> configuration.certificate(certificate), List.of());
                Http2Socket client = new Http2Socket(TrustingClients.socket(certificate, secured.port(), "h2"))) {
            assertThat(eventsAfterGoAway(client, "quiet-goaway-tls")).isGreaterThanOrEqualTo(5);
        }
    }

    /** How many events come after the client has said that it opens no more streams; five if all is well. */
    private static int eventsAfterGoAway(Http2Socket client, String model) throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        TestServices.ModelStreams.GONE.put(model, gone);
        ask(client, 1, model);
        client.send(Http2Socket.DATA, Http2Socket.END_STREAM, 1, HI);
        client.read(Http2Socket.HEADERS);
        client.send(Http2Socket.GOAWAY, 0, 0, new byte[8]);

        int events = 0;
        while (events < 5 && client.read(Http2Socket.DATA).stream() == 1) {
            events++;
        }
        client.close();

        assertThat(gone.await(5, TimeUnit.SECONDS))
                .as("generation must stop once the client has closed the connection")
                .isTrue();
        return events;
    }

    @Test
    void closesAfterAGoAwayThatTellsAnError() throws Exception {
        try (Http2Socket client = new Http2Socket(new Socket("localhost", house.port()))) {
            client.send(Http2Socket.GOAWAY, 0, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 2});

            assertThat(untilTheEnd(client)).noneMatch(frame -> frame.type() == Http2Socket.HEADERS);
        }
    }

    @Test
    void stopsTheStreamThatTheClientResetsAndKeepsTheOthers() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        TestServices.ModelStreams.GONE.put("endless-reset", gone);
        try (Http2Socket client = new Http2Socket(new Socket("localhost", house.port()))) {
            ask(client, 1, "endless-reset");
            client.send(Http2Socket.DATA, Http2Socket.END_STREAM, 1, HI);
            client.read(Http2Socket.DATA);

            client.send(Http2Socket.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});

            assertThat(gone.await(5, TimeUnit.SECONDS)).isTrue();
            ask(client, 3, "3");
            client.send(Http2Socket.DATA, Http2Socket.END_STREAM, 3, HI);
            assertThat(client.read(Http2Socket.HEADERS).stream()).isEqualTo(3);
        }
    }

    @Test
    void refusesBodiesThatStall() throws Exception {
        try (Http2Socket client = new Http2Socket(new Socket("localhost", house.port()))) {
            ask(client, 1, "3");

            assertThat(client.read(Http2Socket.HEADERS).stream()).isEqualTo(1);
            assertThat(new String(client.read(Http2Socket.DATA).payload(), StandardCharsets.UTF_8))
                    .contains("The request body terminated unexpectedly");
        }
    }

    @Test
    void hangsUpOnFramesThatTrickleIn() throws Exception {
        byte[] frame = Http2Socket.frame(Http2Socket.HEADERS, Http2Socket.END_HEADERS, 1, new byte[100]);
        try (Http2Socket client = new Http2Socket(new Socket("localhost", house.port()))) {
            Thread.startVirtualThread(() -> trickle(client, frame));

            assertThat(untilTheEnd(client)).noneMatch(answer -> answer.type() == Http2Socket.HEADERS);
        }
    }

    private static void trickle(Http2Socket client, byte[] bytes) {
        try {
            for (byte octet : bytes) {
                client.write(new byte[] {octet});
                TimeUnit.MILLISECONDS.sleep(200);
            }
        } catch (IOException closed) {
            // That is what is hoped for.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void ask(Http2Socket client, int stream, String model) throws IOException {
        byte[] head = Http2Socket.post(
                "/model/" + model + "/converse-stream", Map.of("authorization", "Bearer " + House.TOKEN));
        client.send(Http2Socket.HEADERS, Http2Socket.END_HEADERS, stream, head);
    }

    private static List<Http2Socket.Frame> untilTheEnd(Http2Socket client) {
        List<Http2Socket.Frame> frames = new ArrayList<>();
        try {
            while (true) {
                frames.add(client.read());
            }
        } catch (SocketTimeoutException stillOpen) {
            throw new AssertionError("the connection must be closed", stillOpen);
        } catch (IOException closed) {
            return frames;
        }
    }
}
