package dev.outcrop.engines.speech;

/** A session of recognition while somebody still speaks. For one feeding thread; closing may be done by any. */
public interface StreamingRecognizer extends AutoCloseable {
    /**
     * Takes the next samples, any number of them. Returns at once as a rule; blocks while recognition is half a minute
     * behind.
     *
     * @throws SpeechException if the session has failed
     */
    void feed(float[] samples);

    /**
     * Says that no more comes, and waits until the last result was given.
     *
     * @return the language that was spoken; empty where nothing was said and none was asked for
     * @throws SpeechException if the session has failed
     */
    String finish();

    /** Ends the session; what was not recognised yet is not recognised any more. */
    @Override
    void close();
}
