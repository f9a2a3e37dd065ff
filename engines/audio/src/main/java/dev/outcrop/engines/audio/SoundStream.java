package dev.outcrop.engines.audio;

import java.util.Optional;

/** Sound that is decoded while it is read. For one thread. */
public interface SoundStream extends AutoCloseable {
    /** Moments a second, 1 or more. */
    int sampleRate();

    /** Channels, 1 or more. */
    int channels();

    /**
     * The next samples, −1 to 1, those of all channels of one moment beside each other; empty at the end. A piece is a
     * fraction of a second as a rule, and never more than a few.
     *
     * @throws UnreadableAudioException if the file is damaged, or goes past its limits
     */
    Optional<float[]> next();

    @Override
    void close();
}
