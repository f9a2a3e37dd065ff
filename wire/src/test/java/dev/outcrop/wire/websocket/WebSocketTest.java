package dev.outcrop.wire.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.outcrop.kernel.ClientGone;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases of the Autobahn test suite's chapters 1 to 7 and 9, as far as binary messages meet them. */
class WebSocketTest {
    private static final int LIMIT = 1 << 20;

    private final ByteArrayOutputStream incoming = new ByteArrayOutputStream();
    private final ByteArrayOutputStream outgoing = new ByteArrayOutputStream();
    private final List<byte[]> messages = new ArrayList<>();

    private Throwable receive() {
        WebSocket socket = new WebSocket(new ByteArrayInputStream(incoming.toByteArray()), outgoing, LIMIT);
        return catchThrowable(() -> socket.receive(messages::add));
    }

    private WebSocketTest client(int firstOctet, byte... payload) {
        incoming.writeBytes(masked(firstOctet, payload));
        return this;
    }

    private static byte[] masked(int firstOctet, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14).put((byte) firstOctet);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        byte[] mask = {0x37, (byte) 0xfa, 0x21, 0x3d};
        frame.put(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    private static byte[] close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + text.length)
                .putShort((short) code)
                .put(text)
                .array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The code of the closing frame that the client got, after whatever else it got. */
    private int closeCode() {
        byte[] sent = outgoing.toByteArray();
        int at = 0;
        while (true) {
            int length = sent[at + 1];
            if ((sent[at] & 0x0f) == 8) {
                assertThat(sent).as("nothing follows a closing frame").hasSize(at + 2 + length);
                return length == 0 ? 1005 : ByteBuffer.wrap(sent).getShort(at + 2);
            }
            at += 2 + length;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65_535, 65_536, 1 << 20})
    void takesMessagesOfAllLengths(int length) {
        Throwable end = client(0x82, new byte[length]).client(0x88).receive();

        assertThat(end).isNull();
        assertThat(messages)
                .singleElement()
                .satisfies(message -> assertThat(message).hasSize(length));
        assertThat(closeCode()).isEqualTo(1005);
    }

    @ParameterizedTest
    @CsvSource({"0,8200", "5,82050000000000", "126,827e007e", "65536,827f0000000000010000"})
    void sendsLengthsAsShortlyAsPossible(int length, String head) {
        WebSocket socket = new WebSocket(new ByteArrayInputStream(new byte[0]), outgoing, LIMIT);

        socket.send(new byte[length]);

        assertThat(HexFormat.of().formatHex(outgoing.toByteArray())).startsWith(head);
    }

    @Test
    void putsFragmentsTogetherAroundPings() {
        client(0x02, bytes("one "))
                .client(0x89, bytes("?"))
                .client(0x00, bytes("two "))
                .client(0x80, bytes("three"));

        Throwable end = client(0x88, close(1000, "done")).receive();

        assertThat(end).isNull();
        assertThat(messages).singleElement().isEqualTo(bytes("one two three"));
        assertThat(outgoing.toByteArray()).startsWith(0x8a, 1, '?');
        assertThat(closeCode()).isEqualTo(1000);
    }

    @Test
    void ignoresPongsThatNobodyAskedFor() {
        assertThat(client(0x8a, bytes("!")).client(0x88).receive()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0xc2, 0xa2, 0x92, 0x83, 0x84, 0x87, 0x8b, 0x8f, 0x09, 0x08, 0x80, 0x00})
    void refusesFramesThatMayNotBe(int firstOctet) {
        assertThat(client(firstOctet, bytes("x")).receive()).isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1002);
    }

    @Test
    void refusesANewMessageInsideAnother() {
        assertThat(client(0x02, bytes("x")).client(0x82, bytes("y")).receive()).isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1002);
    }

    @Test
    void refusesLongControlFrames() {
        assertThat(client(0x89, new byte[126]).receive()).isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1002);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // not masked
                "820178",
                // lengths that could be shorter, and one below zero
                "82fe000500000000",
                "82ff000000000000000500000000",
                "82ffffffffffffffffff00000000"
            })
    void refusesFramesThatAreWronglyWritten(String hexadecimal) {
        incoming.writeBytes(HexFormat.of().parseHex(hexadecimal));

        assertThat(receive()).isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535})
    void refusesCodesThatMayNotBeSent(int code) {
        assertThat(client(0x88, close(code, "")).receive()).isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1003, 1007, 1011, 3000, 4999})
    void echoesCodes(int code) {
        assertThat(client(0x88, close(code, "r\u00e9ason")).receive()).isNull();
        assertThat(closeCode()).isEqualTo(code);
    }

    @Test
    void refusesHalfACode() {
        assertThat(client(0x88, (byte) 3).receive()).isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1002);
    }

    @Test
    void refusesReasonsThatAreNoText() {
        assertThat(client(0x88, (byte) 3, (byte) 0xe8, (byte) 0xff).receive()).isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1007);
    }

    @Test
    void refusesText() {
        assertThat(client(0x01, bytes("h\u00e9")).client(0x80, bytes("llo")).receive())
                .isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1003);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c0af", "eda080", "f4908080", "ceba e1"})
    void refusesTextThatIsNoText(String hexadecimal) {
        assertThat(client(0x81, HexFormat.of().parseHex(hexadecimal.replace(" ", "")))
                        .receive())
                .isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1007);
    }

    @Test
    void refusesMessagesThatAreTooLongWithoutReadingThem() {
        incoming.writeBytes(HexFormat.of().parseHex("82ff7fffffffffffffff00000000"));

        assertThat(receive()).isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1009);
    }

    @Test
    void refusesFragmentsThatAreTooLongTogether() {
        client(0x02, new byte[LIMIT]).client(0x80, (byte) 1);

        assertThat(receive()).isInstanceOf(WebSocketException.class);
        assertThat(closeCode()).isEqualTo(1009);
    }

    @Test
    void tellsConnectionsThatEndWithoutAClosingFrame() {
        client(0x82, new byte[100_000]);
        byte[] half = incoming.toByteArray();
        WebSocket socket = new WebSocket(new ByteArrayInputStream(half, 0, half.length / 2), outgoing, LIMIT);

        assertThatThrownBy(() -> socket.receive(messages::add)).isInstanceOf(EOFException.class);
        assertThat(messages).isEmpty();
    }

    @Test
    void sendsNothingAfterItsClosingFrame() {
        WebSocket socket = new WebSocket(new ByteArrayInputStream(new byte[0]), outgoing, LIMIT);
        socket.close(CloseCode.NORMAL, "x".repeat(200));

        assertThatThrownBy(() -> socket.send(new byte[1])).isInstanceOf(ClientGone.class);
        socket.ping();
        assertThat(outgoing.toByteArray()).hasSize(2 + 125);
    }

    @Property(tries = 200)
    void putsAnyFragmentsTogether(
            @ForAll @Size(max = 3000) byte[] message, @ForAll @Size(max = 20) List<@IntRange(max = 400) Integer> cuts)
            throws IOException {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        int at = 0;
        int opcode = 0x02;
        for (int cut : cuts) {
            int end = Math.min(message.length, at + cut);
            frames.writeBytes(masked(opcode, Arrays.copyOfRange(message, at, end)));
            opcode = 0x00;
            at = end;
        }
        frames.writeBytes(masked(opcode | 0x80, Arrays.copyOfRange(message, at, message.length)));
        frames.writeBytes(masked(0x88, new byte[0]));
        List<byte[]> received = new ArrayList<>();

        new WebSocket(new ByteArrayInputStream(frames.toByteArray()), new ByteArrayOutputStream(), LIMIT)
                .receive(received::add);

        assertThat(received).singleElement().isEqualTo(message);
    }

    @Property(tries = 2000)
    void endsWhateverTheBytes(@ForAll @Size(max = 300) byte[] bytes) {
        WebSocket socket = new WebSocket(new ByteArrayInputStream(bytes), new ByteArrayOutputStream(), 100);

        Throwable end = catchThrowable(() -> socket.receive(message -> {}));

        assertThat(end == null || end instanceof IOException || end instanceof ClientGone)
                .as("%s", end)
                .isTrue();
    }
}
