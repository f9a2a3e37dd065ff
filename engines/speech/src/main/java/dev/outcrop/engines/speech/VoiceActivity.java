package dev.outcrop.engines.speech;

import java.util.List;

/** Finds where somebody speaks. */
public interface VoiceActivity {
    /**
     * The stretches of speech in a recording, in order, apart from each other, with a little of the silence around them.
     *
     * @param samples 16,000 a second, −1 to 1
     */
    List<Span> find(float[] samples);

    /** A stretch of time in seconds. */
    record Span(double start, double end) {
        /** How long it is. */
        public double length() {
            return end - start;
        }
    }
}
