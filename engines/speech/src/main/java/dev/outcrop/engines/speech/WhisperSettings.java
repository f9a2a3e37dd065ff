package dev.outcrop.engines.speech;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a Whisper model runs.
 *
 * @param id          the model's id, for messages
 * @param weights     {@code model.bin} in CTranslate2's format
 * @param tokenizer   {@code tokenizer.json} beside it
 * @param cache       a folder of our own for what is made from the weights once, about as large as they
 * @param threads     threads to compute with; fewer are used where the machine has fewer cores
 * @param parallel    recordings and streams recognised at once
 * @param waiting     how many more may wait
 * @param residentBytes memory of the process that recognises, above which it is killed
 * @param startLimit  how long loading may take, conversion included
 * @param idleLimit   without a call, the process ends after it; zero for never
 */
public record WhisperSettings(
        String id,
        Path weights,
        Path tokenizer,
        Path cache,
        int threads,
        int parallel,
        int waiting,
        long residentBytes,
        Duration startLimit,
        Duration idleLimit) {
    /** Two threads, two recordings at once, 64 waiting, ended after ten idle minutes. */
    public static WhisperSettings of(String id, Path weights, Path tokenizer, Path cache) {
        return new WhisperSettings(
                id, weights, tokenizer, cache, 2, 2, 64, 3L << 30, Duration.ofMinutes(3), Duration.ofMinutes(10));
    }

    /** The same with so many threads. */
    public WhisperSettings withThreads(int count) {
        return new WhisperSettings(
                id, weights, tokenizer, cache, count, parallel, waiting, residentBytes, startLimit, idleLimit);
    }
}
