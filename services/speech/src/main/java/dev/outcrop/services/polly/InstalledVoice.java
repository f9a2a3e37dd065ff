package dev.outcrop.services.polly;

import dev.outcrop.engines.voice.Speaker;
import dev.outcrop.engines.voice.Voice;
import dev.outcrop.engines.voice.english.Pronouncer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import software.amazon.awssdk.utils.Lazy;

/** The voice that is installed, opened when it first speaks and kept. One that is installed later is used from then on. */
public final class InstalledVoice implements AutoCloseable {
    private final Supplier<Optional<Files>> installed;
    private final Lazy<Pronouncer> pronouncer = new Lazy<>(Pronouncer::shipped);
    private final ReentrantLock opening = new ReentrantLock();
    private Optional<Voice> open = Optional.empty();

    /**
     * Where a voice lies.
     *
     * @param language that it speaks, such as {@code en-US}
     */
    public record Files(String id, String language, Path model, Path configuration) {}

    /** A voice of those that are installed, asked for at each call. */
    public InstalledVoice(Supplier<Optional<Files>> installed) {
        this.installed = installed;
    }

    /** What is installed, if something is; nothing is opened. */
    Optional<Files> files() {
        return installed.get();
    }

    /** The voice, open. */
    Voice voice(Files files) {
        opening.lock();
        try {
            Optional<Voice> present = open.filter(voice -> voice.id().equals(files.id()));
            if (present.isEmpty()) {
                open.ifPresent(Voice::close);
                open = Optional.empty();
                present = Optional.of(Voice.open(files.id(), files.model(), files.configuration()));
                open = present;
            }
            return present.get();
        } finally {
            opening.unlock();
        }
    }

    /** What reads aloud in it. */
    Speaker speaker(Voice voice) {
        return new Speaker(voice, pronouncer.getValue());
    }

    @Override
    public void close() {
        opening.lock();
        try {
            open.ifPresent(Voice::close);
            open = Optional.empty();
        } finally {
            opening.unlock();
        }
    }
}
