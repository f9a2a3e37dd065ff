package dev.outcrop.engines.speech.speakers;

import java.util.List;

/** Hears what voices sound like. Safe for concurrent use. */
@FunctionalInterface
public interface Voiceprints {
    /**
     * The voices of a piece of a recording, in order of time.
     *
     * @param samples 16,000 a second of one channel, −1 to 1
     * @param spans   where somebody speaks, in seconds from the beginning of {@code samples}; of two that overlap each is
     *                looked at
     * @throws dev.outcrop.engines.speech.SpeechException if it cannot be done
     */
    List<VoicePrint> of(float[] samples, List<SpokenSpan> spans);
}
