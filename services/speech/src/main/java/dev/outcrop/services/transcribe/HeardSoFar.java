package dev.outcrop.services.transcribe;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.services.transcribe.TranscriptJson.LanguageScore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a job has recognised; the checkpoint from which it goes on after a restart.
 *
 * @param samples   how much of the sound was recognised, at the rate of recognisers
 * @param language  AWS's code of the language, empty as long as none is known
 * @param scores    how probable each language was found
 * @param durations seconds of speech of each language
 */
record HeardSoFar(
        long samples,
        String language,
        List<LanguageScore> scores,
        Map<String, Double> durations,
        List<Passage> passages) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static HeardSoFar begin(Optional<String> language) {
        return new HeardSoFar(0, language.orElse(""), List.of(), Map.of(), List.of());
    }

    static HeardSoFar read(byte[] checkpoint) {
        try {
            return JSON.readValue(checkpoint, HeardSoFar.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException("a checkpoint of a transcription cannot be read", damaged);
        }
    }

    byte[] write() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    HeardSoFar identified(String code, List<LanguageScore> found) {
        return new HeardSoFar(samples, code, found, durations, passages);
    }

    HeardSoFar and(long end, List<Passage> more, Map<String, Double> seconds) {
        List<Passage> all = new ArrayList<>(passages);
        all.addAll(more);
        Map<String, Double> sums = new TreeMap<>(durations);
        seconds.forEach((code, length) -> sums.merge(code, length, Double::sum));
        return new HeardSoFar(end, language, scores, sums, all);
    }
}
