package dev.outcrop.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpAnswerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nX: y\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: x\r\n\r\n"
            })
    void findsTheEndOfAnAnswerHoweverItIsCut(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int cut = 0; cut <= bytes.length; cut++) {
            HttpAnswer answer = new HttpAnswer();
            boolean early = answer.take(ByteBuffer.wrap(bytes, 0, cut));
            boolean late = answer.take(ByteBuffer.wrap(bytes, cut, bytes.length - cut));

            assertThat(early).isEqualTo(cut == bytes.length);
            assertThat(late).isTrue();
            assertThat(answer.keepsConnection()).isTrue();
        }
    }

    @Test
    void anAnswerWithoutALengthEndsWithItsConnection() throws IOException {
        HttpAnswer answer = new HttpAnswer();

        boolean ended = answer.take(ByteBuffer.wrap("HTTP/1.0 200 OK\r\n\r\nhello".getBytes(StandardCharsets.UTF_8)));
        answer.closed();

        assertThat(ended).isFalse();
        assertThat(answer.take(ByteBuffer.allocate(0))).isTrue();
        assertThat(answer.keepsConnection()).isFalse();
    }

    @Test
    void refusesAnyOtherStatusAndAnEarlyEnd() throws IOException {
        byte[] refusal = "HTTP/1.1 403 Forbidden\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        HttpAnswer answer = new HttpAnswer();
        HttpAnswer cut = new HttpAnswer();
        cut.take(ByteBuffer.wrap("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe".getBytes(StandardCharsets.UTF_8)));

        assertThatThrownBy(() -> answer.take(ByteBuffer.wrap(refusal)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("403");
        assertThatThrownBy(cut::closed).isInstanceOf(EOFException.class);
    }
}
