package dev.outcrop.services.transcribe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.KilledProcess;
import dev.outcrop.services.PlayedRecognizer;
import dev.outcrop.services.SpeechHouse;
import dev.outcrop.services.Tones;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.transcribe.model.LanguageCode;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJobStatus;

/** A transcription outlives SIGKILL: what was heard is not heard again, and nothing is missing or there twice. */
class KilledTranscriptionTest {
    /** More of them by {@code -Doutcrop.kills=20}. */
    private static final int KILLS = Integer.getInteger("outcrop.kills", 1);

    private static final int HEARD_BEFORE_A_KILL = 2;
    /** Where languages change, a piece is of 20 seconds at most. */
    private static final int SECONDS = 30 * (KILLS + 1) * HEARD_BEFORE_A_KILL;

    private static final long PAUSE_NANOS = 200_000_000;

    @TempDir
    Path folder;

    @Test
    void whatWasBegunIsFinishedOnce() throws Exception {
        begin();

        for (int kill = 1; kill <= KILLS; kill++) {
            KilledProcess.afterLines(TranscribingProcess.class, HEARD_BEFORE_A_KILL, folder);
        }

        PlayedRecognizer recognizer = new PlayedRecognizer();
        try (SpeechHouse house = new SpeechHouse(folder, recognizer)) {
            JsonNode killed = results(house, "killed");
            int heardAfterKills = recognizer.asked().size();
            start(house, "whole");
            JsonNode whole = results(house, "whole");
            int heardInAll = recognizer.asked().size() - heardAfterKills;
            assertThat(killed).isEqualTo(whole);
            assertThat(heardAfterKills).isLessThanOrEqualTo(heardInAll - KILLS * (HEARD_BEFORE_A_KILL - 1));
        }
    }

    /** Leaves a job that a server has begun and was closed in the midst of. */
    private void begin() {
        CountDownLatch underWay = new CountDownLatch(1);
        PlayedRecognizer recognizer = new PlayedRecognizer();
        recognizer.before(() -> {
            underWay.countDown();
            LockSupport.parkNanos(PAUSE_NANOS);
        });
        try (SpeechHouse house = new SpeechHouse(folder, recognizer)) {
            house.bucket();
            house.put("long.wav", Tones.wave(8000, SECONDS, 0.5));
            start(house, "killed");
            SpeechHouse.await("a job under way", () -> underWay.getCount() == 0);
        }
    }

    private static void start(SpeechHouse house, String name) {
        house.transcribe()
                .startTranscriptionJob(request -> request.transcriptionJobName(name)
                        .identifyMultipleLanguages(true)
                        .languageOptions(LanguageCode.EN_US, LanguageCode.DE_DE)
                        .outputBucketName(SpeechHouse.BUCKET)
                        .media(of -> of.mediaFileUri("s3://" + SpeechHouse.BUCKET + "/long.wav")));
    }

    private static JsonNode results(SpeechHouse house, String name) throws IOException {
        SpeechHouse.await(
                "the end of " + name,
                () -> house.transcribe()
                                .getTranscriptionJob(request -> request.transcriptionJobName(name))
                                .transcriptionJob()
                                .transcriptionJobStatus()
                        == TranscriptionJobStatus.COMPLETED);
        return new ObjectMapper().readTree(house.object(name + ".json")).get("results");
    }
}
