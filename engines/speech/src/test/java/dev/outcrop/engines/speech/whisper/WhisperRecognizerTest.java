package dev.outcrop.engines.speech.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.outcrop.engines.speech.RecognitionOptions;
import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import dev.outcrop.engines.speech.Sounds;
import dev.outcrop.engines.speech.SpeechException;
import dev.outcrop.engines.speech.SpeechRecognizer.DetectedLanguage;
import dev.outcrop.engines.speech.StreamingRecognizer;
import dev.outcrop.engines.speech.StreamingResult;
import dev.outcrop.engines.speech.Transcript;
import dev.outcrop.engines.speech.Transcript.RecognizedWord;
import dev.outcrop.engines.speech.WhisperSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WhisperRecognizerTest {
    private static final RecognitionOptions ENGLISH = RecognitionOptions.DEFAULT.withLanguage("en");

    private static WhisperRecognizer recognizer;

    @BeforeAll
    static void open() {
        recognizer = WhisperRecognizer.open(Whisper.settings());
    }

    @AfterAll
    static void close() {
        recognizer.close();
    }

    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z ]", "");
    }

    private static List<RecognizedWord> words(Transcript transcript) {
        return transcript.segments().stream()
                .flatMap(segment -> segment.words().stream())
                .toList();
    }

    @Test
    void writesWhatWasSaidWithTimesAndLanguage() throws Exception {
        float[] samples = Sounds.joined(Sounds.silence(3), Sounds.address(), Sounds.silence(2));

        Transcript transcript = recognizer.transcribe(samples, RecognitionOptions.DEFAULT);

        assertThat(plain(transcript.text()))
                .isEqualTo("and so my fellow americans ask not what your country can do for you"
                        + " ask what you can do for your country");
        assertThat(transcript.language()).isEqualTo("en");
        List<RecognizedWord> words = words(transcript);
        assertThat(words).extracting(RecognizedWord::start).isSorted();
        assertThat(words).allMatch(word -> word.start() >= 2.5 && word.end() <= 14.5);
        assertThat(words).allMatch(word -> word.confidence() > 0 && word.confidence() <= 1);
        // The second "country" is spoken between 9.9 and 10.4 seconds of the recording.
        assertThat(words.getLast().start()).isCloseTo(12.95, within(0.4));
    }

    @Test
    void tellsTheLanguage() throws Exception {
        List<DetectedLanguage> languages = recognizer.identify(Sounds.address());

        assertThat(languages.getFirst().code()).isEqualTo("en");
        assertThat(languages.stream().mapToDouble(DetectedLanguage::score).sum())
                .isCloseTo(1, within(1e-3));
        assertThat(recognizer.languages()).hasSize(99).contains("de", "zh");
        assertThat(recognizer.identify(Sounds.noise(5, 0.05))).isEmpty();
    }

    @Test
    void writesNothingWhereNobodySpeaks() {
        for (float[] samples : List.of(
                Sounds.silence(40), Sounds.noise(40, 0.05), Sounds.rumble(20, 0.2), Sounds.tone(10, 440, 0.5))) {
            Transcript transcript = recognizer.transcribe(samples, ENGLISH);

            assertThat(transcript.segments()).isEmpty();
        }
    }

    @Test
    void hearsRecordingsLongerThanAWindow() throws Exception {
        float[] address = Sounds.address();
        float[] pause = Sounds.silence(3);
        float[] samples = Sounds.joined(address, pause, address, pause, address);

        Transcript transcript = recognizer.transcribe(samples, ENGLISH);

        assertThat(plain(transcript.text()).split("fellow americans", -1)).hasSize(4);
        assertThat(words(transcript)).extracting(RecognizedWord::start).isSorted();
        assertThat(words(transcript).getLast().end()).isCloseTo(38.4, within(1.0));
    }

    @Test
    void offersOtherReadings() throws Exception {
        Transcript transcript = recognizer.transcribe(Sounds.address(), ENGLISH.withAlternatives(4));

        List<String> all =
                new ArrayList<>(List.of(transcript.segments().getFirst().text()));
        transcript.segments().getFirst().alternatives().forEach(other -> all.add(other.text()));
        assertThat(all).hasSizeGreaterThan(1).doesNotHaveDuplicates();
    }

    @Test
    void prefersAPhraseToAnotherThatSoundsAlike() throws Exception {
        Transcript transcript = recognizer.transcribe(
                Sounds.address(), ENGLISH.withBoostedPhrases(List.of(new BoostedPhrase("fellow American", 3))));

        assertThat(transcript.text()).contains("fellow American").doesNotContain("fellow Americans");
    }

    @Test
    void streamsWhatWasSaidAndKeepsWhatItCallsStable() throws Exception {
        float[] samples = Sounds.joined(Sounds.address(), Sounds.silence(2), Sounds.address());
        List<StreamingResult> results = Collections.synchronizedList(new ArrayList<>());

        try (StreamingRecognizer stream = recognizer.stream(ENGLISH, results::add)) {
            for (int from = 0; from < samples.length; from += 12_000) {
                stream.feed(Arrays.copyOfRange(samples, from, Math.min(samples.length, from + 12_000)));
            }
            assertThat(stream.finish()).isEqualTo("en");
        }

        List<StreamingResult> finals =
                results.stream().filter(result -> !result.partial()).toList();
        String all = plain(String.join(
                " ", finals.stream().map(result -> result.segment().text()).toList()));
        assertThat(all).contains("fellow americans").endsWith("what you can do for your country");
        assertThat(finals).extracting(StreamingResult::number).isSorted().doesNotHaveDuplicates();
        for (StreamingResult partial :
                results.stream().filter(StreamingResult::partial).toList()) {
            StreamingResult last = finals.stream()
                    .filter(result -> result.number() == partial.number())
                    .findFirst()
                    .orElseThrow();
            List<String> promised = partial.segment().words().subList(0, partial.stable()).stream()
                    .map(RecognizedWord::text)
                    .toList();
            assertThat(last.segment().words().stream().map(RecognizedWord::text).limit(promised.size()))
                    .containsExactlyElementsOf(promised);
        }
    }

    @Test
    void goesOnAfterItsProcessWasKilled() throws Exception {
        recognizer.languages();
        ProcessHandle process =
                ProcessHandle.of(recognizer.status().orElseThrow().processId()).orElseThrow();

        FutureTask<Transcript> task = new FutureTask<>(() -> recognizer.transcribe(Sounds.address(), ENGLISH));
        Thread.ofVirtual().start(task);
        process.destroyForcibly();

        assertThat(plain(task.get(2, TimeUnit.MINUTES).text())).contains("fellow americans");
    }

    @Test
    void endsWhenItIsInterrupted() throws Exception {
        float[] address = Sounds.address();
        FutureTask<Transcript> task = new FutureTask<>(() ->
                recognizer.transcribe(Sounds.joined(address, address, address, address, address, address), ENGLISH));
        Thread thread = Thread.ofVirtual().start(task);

        thread.interrupt();

        assertThatThrownBy(() -> task.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(SpeechException.class);
        assertThat(recognizer.transcribe(address, ENGLISH).segments()).isNotEmpty();
    }

    @Test
    void refusesWhatTheModelDoesNotKnow() throws Exception {
        float[] address = Sounds.address();

        assertThatThrownBy(() -> recognizer.transcribe(address, RecognitionOptions.DEFAULT.withLanguage("tlh")))
                .isInstanceOf(SpeechException.class)
                .hasMessageContaining("the model does not know the language tlh");
        assertThatThrownBy(
                        () -> recognizer.transcribe(address, RecognitionOptions.DEFAULT.withCandidates(List.of("tlh"))))
                .hasMessageContaining("the model knows none of the languages [tlh]");
    }

    @Test
    void saysWhichModelIsDamaged(@TempDir Path folder) throws Exception {
        Path weights = Files.write(folder.resolve("model.bin"), new byte[1000]);
        try (WhisperRecognizer damaged = WhisperRecognizer.open(
                WhisperSettings.of("damaged", weights, Whisper.settings().tokenizer(), folder.resolve("graphs")))) {
            assertThatThrownBy(damaged::languages)
                    .isInstanceOfSatisfying(
                            SpeechException.class,
                            failure -> assertThat(failure.category()).isEqualTo(SpeechException.Category.MODEL))
                    .hasMessageContaining(weights.toString());
        }
    }
}
