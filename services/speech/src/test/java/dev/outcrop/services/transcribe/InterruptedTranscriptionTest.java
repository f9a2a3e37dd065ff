package dev.outcrop.services.transcribe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.services.PlayedRecognizer;
import dev.outcrop.services.SpeechHouse;
import dev.outcrop.services.Tones;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJob;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJobStatus;

class InterruptedTranscriptionTest {
    @TempDir
    Path folder;

    @Test
    void aJobGoesOnBehindItsLastPieceWhenTheServerIsBack() throws Exception {
        PlayedRecognizer recognizer = new PlayedRecognizer();
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        recognizer.before(() -> {
            if (recognizer.asked().size() == 2) {
                second.countDown();
                await(closing);
            }
        });
        try (SpeechHouse house = new SpeechHouse(folder, recognizer)) {
            house.bucket();
            String media = house.put("long.wav", Tones.wave(8000, 310, 0.5));
            house.transcribe()
                    .startTranscriptionJob(request -> request.transcriptionJobName("long")
                            .languageCode("en-US")
                            .media(of -> of.mediaFileUri(media)));
            await(second);
            Thread.ofVirtual().start(() -> {
                // Once the server has begun to close, the piece ends, and the job is put back.
                try {
                    Thread.sleep(1500);
                } catch (InterruptedException interruption) {
                    Thread.currentThread().interrupt();
                }
                closing.countDown();
            });
        }

        PlayedRecognizer another = new PlayedRecognizer();
        try (SpeechHouse house = new SpeechHouse(folder, another)) {
            SpeechHouse.await(
                    "the end of the job",
                    () -> job(house).transcriptionJobStatus() == TranscriptionJobStatus.COMPLETED);

            assertThat(job(house).transcript().transcriptFileUri()).isNotBlank();
            assertThat(recognizer.asked().size() + another.asked().size())
                    .as("pieces are recognised once")
                    .isEqualTo(2);
        }
    }

    private static TranscriptionJob job(SpeechHouse house) {
        return house.transcribe()
                .getTranscriptionJob(request -> request.transcriptionJobName("long"))
                .transcriptionJob();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
        }
    }
}
