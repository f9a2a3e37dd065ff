package dev.outcrop.services.transcribe;

import dev.outcrop.kernel.KilledProcess;
import dev.outcrop.services.PlayedRecognizer;
import dev.outcrop.services.SpeechHouse;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A server with transcription jobs, to be killed: it says when it hears a piece, each a little late. */
final class TranscribingProcess {
    private static final long PAUSE_NANOS = 20_000_000;

    private TranscribingProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        PlayedRecognizer recognizer = new PlayedRecognizer();
        recognizer.before(() -> {
            LockSupport.parkNanos(PAUSE_NANOS);
            KilledProcess.say("hears");
        });
        try (SpeechHouse _ = new SpeechHouse(Path.of(arguments[0]), recognizer)) {
            Thread.currentThread().join();
        }
    }
}
