package dev.outcrop.engines.audio;

import java.time.Duration;
import java.util.Optional;

/** Sound that may not be longer than allowed. */
final class BoundedSound implements SoundStream {
    private final SoundStream sound;
    private final Duration longest;
    private long framesLeft;

    BoundedSound(SoundStream sound, Duration longest) {
        this.sound = sound;
        this.longest = longest;
        framesLeft = longest.toMillis() * sound.sampleRate() / 1000;
    }

    @Override
    public int sampleRate() {
        return sound.sampleRate();
    }

    @Override
    public int channels() {
        return sound.channels();
    }

    @Override
    public Optional<float[]> next() {
        Optional<float[]> piece = sound.next();
        if (piece.isPresent()) {
            framesLeft -= piece.get().length / sound.channels();
            if (framesLeft < 0) {
                throw new UnreadableAudioException(
                        UnreadableAudioException.Category.TOO_LONG, "the sound is longer than " + longest);
            }
        }
        return piece;
    }

    @Override
    public void close() {
        sound.close();
    }
}
