package dev.outcrop.engines.speech.whisper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import dev.outcrop.engines.speech.SpeechRecognizer.DetectedLanguage;
import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What the server and its worker tell each other: JSON, with the samples of a sound behind it. */
final class Messages {
    /** The operation that decodes a window. */
    static final String WINDOW = "window";

    /** The operation that tells languages. */
    static final String LANGUAGES = "languages";

    /** The most samples of a window: half a minute. */
    static final int LONGEST_WINDOW = 30 * 16_000;

    private static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    private Messages() {}

    /** To the worker: what to load. */
    record Load(String weights, String tokenizer, String cache, int threads) {}

    /** From the worker: what was loaded. */
    record Loaded(List<String> languages) {}

    /**
     * To the worker, with samples: a window to decode.
     *
     * @param language   empty to identify it
     * @param candidates languages to choose from; empty for all
     * @param previous   tokens that were written before this window
     * @param prompt     text to stand before those
     * @param forced     tokens that the window's text begins with
     * @param earlier    tokens of an earlier reading of this window's beginning, to agree with; may be empty
     * @param beams      texts to look at side by side
     * @param readings   how many are wanted
     * @param draws      whether to draw texts where the search gave a bad one
     */
    record Window(
            String language,
            List<String> candidates,
            List<Integer> previous,
            String prompt,
            List<Integer> forced,
            List<Integer> earlier,
            List<BoostedPhrase> phrases,
            int beams,
            int readings,
            boolean draws,
            boolean wordTimes) {}

    /**
     * From the worker: what was heard in a window.
     *
     * @param noSpeech probability that nobody speaks
     * @param readings most probable first; none where nobody speaks
     */
    record Heard(String language, double noSpeech, List<Reading> readings) {}

    /**
     * One way to read a window.
     *
     * @param tokens        all of them, times included
     * @param agreed        how many tokens, to the end of a word, are the same text as an earlier reading's
     * @param agreedWords   how many words those are
     * @param meanLogarithm mean logarithm of its tokens' probabilities
     * @param temperature   0 if it was searched for, above if it was drawn
     */
    record Reading(
            List<Part> parts,
            List<Integer> tokens,
            int agreed,
            int agreedWords,
            double meanLogarithm,
            double temperature) {}

    /**
     * A segment, with times in seconds from the window's beginning.
     *
     * @param closed whether the model said where it ends
     * @param until  where that is, else the window's end
     * @param tokens how many tokens there are up to its end
     */
    record Part(double start, double end, boolean closed, double until, int tokens, List<RecognizedWord> words) {}

    /** From the worker: which languages were spoken. */
    record Languages(List<DetectedLanguage> languages) {}

    static byte[] write(Object message) {
        try {
            return MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T read(byte[] bytes, Class<T> type) {
        try {
            return MAPPER.readValue(bytes, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] write(Object message, float[] samples) {
        byte[] text = write(message);
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + text.length + samples.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(text.length).put(text).asFloatBuffer().put(samples);
        return bytes.array();
    }

    /** The message of bytes that hold samples, too. */
    static <T> T readFirst(byte[] bytes, Class<T> type) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = new byte[buffer.getInt()];
        buffer.get(text);
        return read(text, type);
    }

    /** The samples behind a message. */
    static float[] samples(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = buffer.getInt();
        float[] samples = new float[(bytes.length - Integer.BYTES - length) / Float.BYTES];
        buffer.position(Integer.BYTES + length);
        buffer.asFloatBuffer().get(samples);
        return samples;
    }
}
