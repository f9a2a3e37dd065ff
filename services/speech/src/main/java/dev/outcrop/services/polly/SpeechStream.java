package dev.outcrop.services.polly;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.audio.Resampler;
import dev.outcrop.engines.audio.encoding.SoundEncoder;
import dev.outcrop.engines.voice.Speaker.Spoken;
import dev.outcrop.engines.voice.SpeechMark;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Iterator;
import software.amazon.awssdk.services.polly.model.SpeechMarkType;

/**
 * Speech as it is sent: bytes of sound, or a line of JSON a mark. A sentence is spoken when its bytes are read, so that a
 * long text begins to sound at once, and one whose reader has gone is spoken no further.
 */
final class SpeechStream extends InputStream {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Iterator<Spoken> sentences;
    private final Order order;
    private final SoundEncoder encoder;
    private final Resampler resampler;
    private final int[] bytesBefore;
    private byte[] ready = new byte[0];
    private int at;
    private boolean ended;

    /** Speaks the first sentence, so that what fails at once fails as an error of the call. */
    SpeechStream(Order order, Iterator<Spoken> sentences, int voiceRate) {
        this.order = order;
        this.sentences = sentences;
        encoder = order.encoder();
        resampler = new Resampler(voiceRate, order.sampleRate());
        bytesBefore = order.wantsMarks() ? bytes(order.speech().source()) : new int[0];
        fill();
    }

    /** How many bytes of UTF-8 stand before each character. */
    private static int[] bytes(String text) {
        int[] before = new int[text.length() + 1];
        for (int i = 0; i < text.length(); i++) {
            char here = text.charAt(i);
            // Of a pair of surrogates, four bytes in all, each counts two.
            before[i + 1] = before[i] + (here < 0x80 ? 1 : here < 0x800 || Character.isSurrogate(here) ? 2 : 3);
        }
        return before;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (at == ready.length && !ended) {
            fill();
        }
        if (at == ready.length) {
            return -1;
        }
        int count = Math.min(length, ready.length - at);
        System.arraycopy(ready, at, target, offset, count);
        at += count;
        return count;
    }

    @Override
    public int available() {
        return ready.length - at;
    }

    /** Goes on until there are bytes, or nothing is left to be said. */
    private void fill() {
        at = 0;
        ready = new byte[0];
        while (ready.length == 0 && !ended) {
            if (sentences.hasNext()) {
                Spoken sentence = sentences.next();
                ready = order.wantsMarks() ? marks(sentence) : encoder.encode(resampler.process(sentence.samples()));
            } else {
                ended = true;
                ready = order.wantsMarks() ? ready : last();
            }
        }
    }

    private byte[] last() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(encoder.encode(resampler.finish()));
        bytes.writeBytes(encoder.finish());
        return bytes.toByteArray();
    }

    private byte[] marks(Spoken sentence) {
        StringBuilder lines = new StringBuilder();
        for (SpeechMark mark : sentence.marks()) {
            SpeechMarkType type = switch (mark.kind()) {
                case SENTENCE -> SpeechMarkType.SENTENCE;
                case WORD -> SpeechMarkType.WORD;
                case VISEME -> SpeechMarkType.VISEME;
                case BOOKMARK -> SpeechMarkType.SSML;
            };
            if (order.marks().contains(type)) {
                lines.append(line(mark, type)).append('\n');
            }
        }
        return lines.toString().getBytes(UTF_8);
    }

    private String line(SpeechMark mark, SpeechMarkType type) {
        ObjectNode line = JSON.createObjectNode();
        line.put("time", mark.millis());
        line.put("type", type.toString());
        if (type != SpeechMarkType.VISEME) {
            line.put("start", bytesBefore[mark.start()]);
            line.put("end", bytesBefore[mark.end()]);
        }
        line.put("value", mark.value());
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
