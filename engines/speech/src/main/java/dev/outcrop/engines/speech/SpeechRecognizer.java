package dev.outcrop.engines.speech;

import java.util.List;
import java.util.function.Consumer;

/** Turns speech into words. Safe for concurrent use. Sound is 16,000 samples a second of one channel, −1 to 1. */
public interface SpeechRecognizer extends AutoCloseable {
    /** Samples a second that every recogniser takes. */
    int SAMPLE_RATE = 16_000;

    /** The model's id. */
    String model();

    /** Codes (ISO 639-1, three letters where there is no other) of the languages that the model knows. */
    List<String> languages();

    /**
     * The words of a recording of whatever length. Blocks; an interruption ends it.
     *
     * @throws SpeechException if it cannot be done
     */
    Transcript transcribe(float[] samples, RecognitionOptions options);

    /**
     * In which language the first half minute of speech is, most probable first; scores add up to one over all languages
     * that the model knows. Empty where nobody speaks.
     *
     * @throws SpeechException if it cannot be done
     */
    List<DetectedLanguage> identify(float[] samples);

    /**
     * Recognises while somebody still speaks.
     *
     * @param results takes what was heard, one result at a time, on a thread of the session; partial results of a
     *                stretch of speech have the number of the final one that replaces them
     */
    StreamingRecognizer stream(RecognitionOptions options, Consumer<StreamingResult> results);

    @Override
    void close();

    /**
     * A language that may have been spoken.
     *
     * @param score probability, 0 to 1
     */
    record DetectedLanguage(String code, double score) {}
}
