package dev.outcrop.services.transcribestreaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.services.SpeechHouse;
import dev.outcrop.services.Tones;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.transcribestreaming.TranscribeStreamingAsyncClient;
import software.amazon.awssdk.services.transcribestreaming.model.AudioStream;
import software.amazon.awssdk.services.transcribestreaming.model.BadRequestException;
import software.amazon.awssdk.services.transcribestreaming.model.Item;
import software.amazon.awssdk.services.transcribestreaming.model.LanguageCode;
import software.amazon.awssdk.services.transcribestreaming.model.MediaEncoding;
import software.amazon.awssdk.services.transcribestreaming.model.Result;
import software.amazon.awssdk.services.transcribestreaming.model.StartStreamTranscriptionRequest;
import software.amazon.awssdk.services.transcribestreaming.model.StartStreamTranscriptionResponse;
import software.amazon.awssdk.services.transcribestreaming.model.StartStreamTranscriptionResponseHandler;
import software.amazon.awssdk.services.transcribestreaming.model.TranscriptEvent;

@TestInstance(Lifecycle.PER_CLASS)
class TranscribeStreamsTest {
    private SpeechHouse house;
    private TranscribeStreamingAsyncClient client;

    @BeforeAll
    void open(@TempDir Path folder) {
        house = new SpeechHouse(folder);
        client = TranscribeStreamingAsyncClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(house.endpoint())
                .credentialsProvider(SpeechHouse.credentials())
                .overrideConfiguration(settings -> settings.retryStrategy(retries -> retries.maxAttempts(1)))
                .build();
    }

    @BeforeEach
    void reset() {
        house.recognizer().hears("hello", "world.");
    }

    @AfterAll
    void close() {
        client.close();
        house.close();
    }

    private record Told(List<Result> results, List<StartStreamTranscriptionResponse> responses) {
        Told() {
            this(new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
        }

        Result last() {
            return results.getLast();
        }

        String text() {
            return last().alternatives().getFirst().transcript();
        }
    }

    private static List<AudioStream> chunks(byte[] audio) {
        List<AudioStream> events = new ArrayList<>();
        for (int at = 0; at < audio.length; at += 3200) {
            byte[] chunk = Arrays.copyOfRange(audio, at, Math.min(audio.length, at + 3200));
            events.add(AudioStream.audioEventBuilder()
                    .audioChunk(SdkBytes.fromByteArray(chunk))
                    .build());
        }
        return events;
    }

    private Told stream(byte[] audio, Consumer<StartStreamTranscriptionRequest.Builder> rest) throws Exception {
        Told told = new Told();
        start(SdkPublisher.fromIterable(chunks(audio)), told, rest).get(30, TimeUnit.SECONDS);
        return told;
    }

    private CompletableFuture<Void> start(
            Publisher<AudioStream> audio, Told told, Consumer<StartStreamTranscriptionRequest.Builder> rest) {
        StartStreamTranscriptionRequest.Builder request = StartStreamTranscriptionRequest.builder()
                .mediaSampleRateHertz(16_000)
                .mediaEncoding(MediaEncoding.PCM);
        rest.accept(request);
        return client.startStreamTranscription(
                request.build(),
                audio,
                StartStreamTranscriptionResponseHandler.builder()
                        .onResponse(response -> told.responses().add(response))
                        .subscriber(event -> told.results()
                                .addAll(((TranscriptEvent) event).transcript().results()))
                        .build());
    }

    @Test
    void partialResultsComeBeforeTheFinalOneThatReplacesThem() throws Exception {
        Told told = stream(
                Tones.samples(16_000, 2, 0.5),
                request -> request.languageCode(LanguageCode.EN_US)
                        .enablePartialResultsStabilization(true)
                        .partialResultsStability("high"));

        assertThat(told.responses()).singleElement().satisfies(response -> {
            assertThat(response.sessionId()).isNotBlank();
            assertThat(response.languageCode()).isEqualTo(LanguageCode.EN_US);
        });
        assertThat(told.results()).hasSizeGreaterThan(1);
        assertThat(told.results().getFirst().isPartial()).isTrue();
        assertThat(told.results())
                .extracting(Result::resultId)
                .containsOnly(told.last().resultId());
        assertThat(told.last().isPartial()).isFalse();
        assertThat(told.text()).isEqualTo("hello world.");
        List<Item> items = told.last().alternatives().getFirst().items();
        assertThat(items).extracting(Item::content).containsExactly("hello", "world", ".");
        assertThat(items)
                .extracting(Item::typeAsString)
                .containsExactly("pronunciation", "pronunciation", "punctuation");
        assertThat(items).allMatch(Item::stable);
        assertThat(items.get(1).startTime()).isEqualTo(0.5);
        SpeechHouse.await(
                "the end of the recognition",
                () -> house.recognizer().closedStreams() == house.recognizer().openedStreams());
    }

    @Test
    void channelsLanguagesFiltersAndPersonalDataAreTold() throws Exception {
        house.recognizer().hears("darn,", "write", "jane.miller@example.com");
        house.transcribe()
                .createVocabularyFilter(request -> request.vocabularyFilterName("clean")
                        .languageCode("en-US")
                        .words("darn"));

        Told told = stream(
                Tones.samples(16_000, 3, 0.5, 0.5),
                request -> request.identifyLanguage(true)
                        .languageOptions("en-US,es-US")
                        .vocabularyFilterNames("clean")
                        .vocabularyFilterMethod("mask")
                        .contentRedactionType("PII")
                        .piiEntityTypes("EMAIL")
                        .enableChannelIdentification(true)
                        .numberOfChannels(2));

        List<Result> finals =
                told.results().stream().filter(result -> !result.isPartial()).toList();
        assertThat(finals).extracting(Result::channelId).containsExactlyInAnyOrder("ch_0", "ch_1");
        assertThat(finals).allSatisfy(result -> {
            assertThat(result.languageCodeAsString()).isEqualTo("en-US");
            assertThat(result.languageIdentification().getFirst().score()).isBetween(0.85, 0.86);
            assertThat(result.alternatives().getFirst().transcript()).isEqualTo("***, write [EMAIL]");
            assertThat(result.alternatives().getFirst().entities())
                    .singleElement()
                    .satisfies(entity -> assertThat(entity.type()).isEqualTo("EMAIL"));
        });
    }

    @Test
    void filesThatNeedDecodingAreDecoded() throws Exception {
        // A WAVE file where FLAC was announced is sound all the same; what is no sound is refused.
        Told told = stream(
                Tones.wave(16_000, 2, 0.5),
                request -> request.languageCode(LanguageCode.EN_US).mediaEncoding(MediaEncoding.FLAC));

        assertThat(told.text()).isEqualTo("hello world.");
        assertThatThrownBy(() -> stream(
                        "this is nothing that anybody could hear".getBytes(UTF_8),
                        request -> request.languageCode(LanguageCode.EN_US).mediaEncoding(MediaEncoding.OGG_OPUS)))
                .hasCauseInstanceOf(BadRequestException.class)
                .hasMessageContaining("could not be decoded");
    }

    @Test
    void whatCannotBeDoneIsRefused() {
        assertThatThrownBy(() -> stream(new byte[3200], _ -> {}))
                .hasCauseInstanceOf(BadRequestException.class)
                .hasMessageContaining("exactly one of LanguageCode");
        assertThatThrownBy(() -> stream(
                        new byte[3200], request -> request.languageCode("en-US").vocabularyName("none")))
                .hasMessageContaining("The requested vocabulary couldn't be found");
        assertThatThrownBy(() -> stream(
                        new byte[3200], request -> request.languageCode("en-US").showSpeakerLabel(true)))
                .hasMessageContaining("speakers are told apart in transcription jobs, not in streams");
        assertThatThrownBy(() -> stream(new byte[3200], request -> request.languageCode("fr-FR")))
                .hasMessageContaining("isn't supported by the installed model");
    }

    @Test
    void aClientThatLeavesFreesItsStream() throws Exception {
        try (SubmissionPublisher<AudioStream> audio = new SubmissionPublisher<>()) {
            Told told = new Told();
            // The stream may be opened as soon as it is asked for.
            int before = house.recognizer().openedStreams();
            CompletableFuture<Void> running =
                    start(FlowAdapters.toPublisher(audio), told, request -> request.languageCode(LanguageCode.EN_US));
            SpeechHouse.await("a subscription", () -> audio.getNumberOfSubscribers() == 1);
            chunks(Tones.samples(16_000, 1, 0.5)).forEach(audio::submit);
            SpeechHouse.await("recognition", () -> house.recognizer().openedStreams() > before);

            running.cancel(true);

            SpeechHouse.await(
                    "the end of the stream",
                    () -> house.recognizer().closedStreams()
                            == house.recognizer().openedStreams());
        }
    }
}
