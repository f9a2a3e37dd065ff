package dev.outcrop.shapes.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageTest {
    private static final Message EVERY_TYPE = everyType();

    private static Message everyType() {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put("true", new HeaderValue.OfBoolean(true));
        headers.put("false", new HeaderValue.OfBoolean(false));
        headers.put("byte", new HeaderValue.OfByte((byte) -1));
        headers.put("short", new HeaderValue.OfShort((short) -300));
        headers.put("integer", new HeaderValue.OfInteger(70_000));
        headers.put("long", new HeaderValue.OfLong(Long.MIN_VALUE));
        headers.put("bytes", new HeaderValue.OfBytes(new byte[] {1, 2}));
        headers.put("string", new HeaderValue.OfString("é😀"));
        headers.put("timestamp", new HeaderValue.OfTimestamp(Instant.ofEpochMilli(8_675_309)));
        headers.put("uuid", new HeaderValue.OfUuid(UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10")));
        return new Message(headers, "{'foo':'bar'}".getBytes(StandardCharsets.UTF_8));
    }

    /** The published test vectors of the format. */
    @ParameterizedTest
    @CsvSource({
        "'',false,000000100000000005c248eb7d98c8ff",
        "{'foo':'bar'},false,0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936",
        "{'foo':'bar'},true,0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e"
                + "7b27666f6f273a27626172277d8d9c08b1"
    })
    void encodesAndDecodesPublishedVectors(String payload, boolean header, String hex) {
        Message message = new Message(
                header ? Map.of("content-type", new HeaderValue.OfString("application/json")) : Map.of(),
                payload.replace("{foo:bar}", "{'foo':'bar'}").getBytes(StandardCharsets.UTF_8));

        assertThat(HexFormat.of().formatHex(MessageEncoder.encode(message))).isEqualTo(hex);
        assertThat(decode(HexFormat.of().parseHex(hex))).containsExactly(message);
    }

    @Test
    void keepsHeadersOfEveryType() {
        assertThat(decode(MessageEncoder.encode(EVERY_TYPE))).containsExactly(EVERY_TYPE);
    }

    @Test
    void isReadByTheSdksOwnDecoder() {
        software.amazon.eventstream.Message read =
                software.amazon.eventstream.Message.decode(ByteBuffer.wrap(MessageEncoder.encode(EVERY_TYPE)));

        assertThat(read.getPayload()).isEqualTo(EVERY_TYPE.payload());
        assertThat(read.getHeaders().get("string").getString()).isEqualTo("é😀");
        assertThat(read.getHeaders().get("uuid").getUuid())
                .isEqualTo(UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10"));
        assertThat(read.getHeaders().get("timestamp").getTimestamp()).isEqualTo(Instant.ofEpochMilli(8_675_309));
        assertThat(read.getHeaders()).hasSize(10);
    }

    @Test
    void decodesBytesAsTheyCome() {
        byte[] one = MessageEncoder.encode(EVERY_TYPE);
        MessageDecoder decoder = new MessageDecoder();
        List<Message> read = new ArrayList<>();

        for (int round = 0; round < 3; round++) {
            for (byte b : one) {
                decoder.feed(new byte[] {b});
                decoder.next().ifPresent(read::add);
            }
            assertThat(decoder.isInsideMessage()).isFalse();
        }

        assertThat(read).containsExactly(EVERY_TYPE, EVERY_TYPE, EVERY_TYPE);
    }

    @Test
    void knowsSignedMessages() {
        HeaderValue.OfTimestamp date = new HeaderValue.OfTimestamp(Instant.ofEpochMilli(5));
        HeaderValue.OfBytes signature = new HeaderValue.OfBytes(new byte[32]);
        Message signed = new Message(
                Map.of(Message.DATE, date, Message.CHUNK_SIGNATURE, signature), MessageEncoder.encode(EVERY_TYPE));

        Message read = decode(MessageEncoder.encode(signed)).getFirst();

        assertThat(read.signature()).contains(new Message.Signature(date, signature));
        assertThat(decode(read.payload())).containsExactly(EVERY_TYPE);
        assertThat(EVERY_TYPE.signature()).isEmpty();
    }

    @Test
    void refusesLengthsBeyondItsLimitBeforeTheBytesCome() {
        byte[] prelude = new byte[12];
        ByteBuffer.wrap(prelude)
                .putInt(MessageDecoder.LONGEST_MESSAGE + 1)
                .putInt(0)
                .putInt(crc(prelude));
        MessageDecoder decoder = new MessageDecoder();

        decoder.feed(prelude);

        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(decoder::next);
    }

    @Test
    void refusesHeadersTooLongForTheFormat() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageEncoder.encode(
                        new Message(Map.of("h", new HeaderValue.OfString("x".repeat(65_536))), new byte[0])));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageEncoder.encode(
                        new Message(Map.of("h".repeat(256), new HeaderValue.OfBoolean(true)), new byte[0])));
    }

    @Property(tries = 2000)
    void aChangedByteIsFound(
            @ForAll @IntRange(max = 10_000) int where, @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] bytes = MessageEncoder.encode(EVERY_TYPE);
        bytes[where % bytes.length] ^= (byte) change;
        MessageDecoder decoder = new MessageDecoder();

        decoder.feed(bytes);

        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(decoder::next);
    }

    @Property(tries = 2000)
    void headersOfAnyBytesAreReadOrRefused(@ForAll @Size(max = 60) byte[] headers) {
        byte[] bytes = new byte[16 + headers.length];
        ByteBuffer.wrap(bytes).putInt(bytes.length).putInt(headers.length);
        ByteBuffer.wrap(bytes).putInt(8, crc(bytes, 8)).position(12).put(headers);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, crc(bytes, bytes.length - 4));
        MessageDecoder decoder = new MessageDecoder();
        decoder.feed(bytes);

        try {
            Optional<Message> read = decoder.next();
            assertThat(read).isPresent();
        } catch (MalformedMessageException refused) {
            assertThat(refused).hasMessageStartingWith("");
        }
    }

    private static int crc(byte[] prelude) {
        return crc(prelude, 8);
    }

    private static int crc(byte[] bytes, int length) {
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static List<Message> decode(byte[] bytes) {
        MessageDecoder decoder = new MessageDecoder();
        decoder.feed(bytes);
        List<Message> messages = new ArrayList<>();
        for (Optional<Message> next = decoder.next(); next.isPresent(); next = decoder.next()) {
            messages.add(next.get());
        }
        return messages;
    }
}
