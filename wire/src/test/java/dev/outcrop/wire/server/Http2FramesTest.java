package dev.outcrop.wire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class Http2FramesTest {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    record Frame(int type, int flags, int stream, byte[] payload) {
        byte[] bytes() {
            return ByteBuffer.allocate(9 + payload.length)
                    .putInt(payload.length << 8 | type)
                    .put((byte) flags)
                    .putInt(stream)
                    .put(payload)
                    .array();
        }

        boolean gets() {
            return type != 7
                    || stream != 0
                    || payload.length < 8
                    || ByteBuffer.wrap(payload).getInt(4) != 0;
        }
    }

    @Provide
    Arbitrary<List<Frame>> frames() {
        // Headers come whole: a GOAWAY inside their list is an error, which another test is about.
        return Combinators.combine(
                        Arbitraries.integers().between(0, 8),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.bytes()
                                .between((byte) 0, (byte) 1)
                                .array(byte[].class)
                                .ofMaxSize(20))
                .as((type, stream, payload) -> new Frame(type, 4, stream, payload))
                .list()
                .ofMaxSize(20);
    }

    @Property
    void dropsTheGoAwaysAloneHoweverTheBytesAreCut(
            @ForAll("frames") List<Frame> frames, @ForAll @IntRange(min = 1, max = 50) int cut) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        sent.writeBytes(PREFACE);
        expected.writeBytes(PREFACE);
        for (Frame frame : frames) {
            sent.writeBytes(frame.bytes());
            if (frame.gets()) {
                expected.writeBytes(frame.bytes());
            }
        }

        Http2Frames passage = new Http2Frames(stream -> {});
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        byte[] all = sent.toByteArray();
        for (int from = 0; from < all.length; from += cut) {
            passed.writeBytes(passage.next(Arrays.copyOfRange(all, from, Math.min(all.length, from + cut))));
        }

        assertThat(passed.toByteArray()).isEqualTo(expected.toByteArray());
        assertThat(passage.isInside()).isFalse();
        assertThat(passage.finished()).isEqualTo(frames.size());
    }

    @Test
    void letsAGoAwayInsideAListOfHeadersBeRefused() {
        Http2Frames passage = new Http2Frames(stream -> {});
        byte[] headers = new Frame(1, 0, 1, new byte[3]).bytes();
        byte[] goAway = new Frame(7, 0, 0, new byte[8]).bytes();

        passage.next(PREFACE);

        assertThat(passage.next(headers)).isEqualTo(headers);
        assertThat(passage.isInside()).isTrue();
        assertThat(passage.next(goAway)).isEqualTo(goAway);
    }
}
