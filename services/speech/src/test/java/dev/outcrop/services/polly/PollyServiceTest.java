package dev.outcrop.services.polly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.audio.AudioDecoder;
import dev.outcrop.engines.audio.AudioLimits;
import dev.outcrop.engines.audio.Sound;
import dev.outcrop.kernel.KilledProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.polly.PollyClient;
import software.amazon.awssdk.services.polly.model.Engine;
import software.amazon.awssdk.services.polly.model.EngineNotSupportedException;
import software.amazon.awssdk.services.polly.model.InvalidLexiconException;
import software.amazon.awssdk.services.polly.model.InvalidNextTokenException;
import software.amazon.awssdk.services.polly.model.InvalidSampleRateException;
import software.amazon.awssdk.services.polly.model.InvalidSsmlException;
import software.amazon.awssdk.services.polly.model.LanguageCode;
import software.amazon.awssdk.services.polly.model.LanguageNotSupportedException;
import software.amazon.awssdk.services.polly.model.LexiconNotFoundException;
import software.amazon.awssdk.services.polly.model.LexiconSizeExceededException;
import software.amazon.awssdk.services.polly.model.MarksNotSupportedForFormatException;
import software.amazon.awssdk.services.polly.model.MaxLexemeLengthExceededException;
import software.amazon.awssdk.services.polly.model.OutputFormat;
import software.amazon.awssdk.services.polly.model.SpeechMarkType;
import software.amazon.awssdk.services.polly.model.SsmlMarksNotSupportedForTextTypeException;
import software.amazon.awssdk.services.polly.model.SynthesisTask;
import software.amazon.awssdk.services.polly.model.SynthesisTaskNotFoundException;
import software.amazon.awssdk.services.polly.model.SynthesizeSpeechRequest;
import software.amazon.awssdk.services.polly.model.SynthesizeSpeechResponse;
import software.amazon.awssdk.services.polly.model.TaskStatus;
import software.amazon.awssdk.services.polly.model.TextLengthExceededException;
import software.amazon.awssdk.services.polly.model.TextType;
import software.amazon.awssdk.services.polly.model.UnsupportedPlsAlphabetException;
import software.amazon.awssdk.services.polly.model.UnsupportedPlsLanguageException;
import software.amazon.awssdk.services.polly.model.Voice;
import software.amazon.awssdk.services.polly.model.VoiceId;
import software.amazon.awssdk.services.s3.S3Client;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PollyServiceTest {
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LEXICON = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            + "<lexicon version=\"1.0\" xmlns=\"http://www.w3.org/2005/01/pronunciation-lexicon\" alphabet=\"ipa\""
            + " xml:lang=\"%s\"><lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme>"
            + "</lexicon>";

    private PollyHouse house;
    private PollyClient polly;

    @BeforeAll
    void open(@TempDir Path path) {
        house = new PollyHouse(path);
        polly = house.polly();
        house.startJobs();
    }

    @AfterAll
    void close() {
        polly.close();
        house.close();
    }

    private ResponseBytes<SynthesizeSpeechResponse> speak(Consumer<SynthesizeSpeechRequest.Builder> changes) {
        SynthesizeSpeechRequest.Builder request =
                SynthesizeSpeechRequest.builder().voiceId(VoiceId.JOANNA).text("Good day.");
        request.outputFormat(OutputFormat.MP3).applyMutation(changes);
        return polly.synthesizeSpeechAsBytes(request.build());
    }

    private static Sound decoded(ResponseBytes<?> bytes) {
        return AudioDecoder.decode(new ByteArrayInputStream(bytes.asByteArray()), AudioLimits.USUAL);
    }

    private List<JsonNode> marks(String text, TextType type, SpeechMarkType... types) throws IOException {
        ResponseBytes<SynthesizeSpeechResponse> bytes = speak(request -> request.outputFormat(OutputFormat.JSON)
                .text(text)
                .textType(type)
                .speechMarkTypes(types));
        assertThat(bytes.response().contentType()).isEqualTo("application/x-json-stream");
        List<JsonNode> marks = new ArrayList<>();
        for (String line : bytes.asUtf8String().split("\n")) {
            marks.add(JSON.readTree(line));
        }
        return marks;
    }

    @Test
    void speaksInEachFormat() {
        ResponseBytes<SynthesizeSpeechResponse> mp3 = speak(_ -> {});
        ResponseBytes<SynthesizeSpeechResponse> neural = speak(request -> request.engine(Engine.NEURAL));
        ResponseBytes<SynthesizeSpeechResponse> pcm = speak(request -> request.outputFormat(OutputFormat.PCM));
        ResponseBytes<SynthesizeSpeechResponse> opus = speak(request -> request.outputFormat(OutputFormat.OGG_OPUS));

        assertThat(mp3.response().contentType()).isEqualTo("audio/mpeg");
        assertThat(mp3.response().requestCharacters()).isEqualTo(9);
        assertThat(mp3.response().sdkHttpResponse().firstMatchingHeader("x-outcrop-model"))
                .contains("piper-en-us-joe-medium");
        assertThat(decoded(mp3).sampleRate()).isEqualTo(22_050);
        assertThat(decoded(neural).sampleRate()).isEqualTo(24_000);
        assertThat(pcm.response().contentType()).isEqualTo("audio/pcm");
        assertThat(opus.response().contentType()).isEqualTo("audio/ogg");
        double seconds = pcm.asByteArray().length / 2.0 / 16_000;
        assertThat(seconds).isBetween(.6, 3.0);
        assertThat(decoded(opus).seconds()).isBetween(seconds - .05, seconds + .05);
        assertThat(decoded(mp3).seconds()).isBetween(seconds, seconds + .2);
    }

    @Test
    void marksPlacesInBytes() throws IOException {
        List<JsonNode> marks = marks("Café “Zoë”.", TextType.TEXT, SpeechMarkType.SENTENCE, SpeechMarkType.WORD);

        assertThat(marks).extracting(mark -> mark.path("type").asText()).containsExactly("sentence", "word", "word");
        assertThat(marks.get(2).path("value").asText()).isEqualTo("Zoë");
        assertThat(marks.get(2).path("start").asInt()).isEqualTo("Café “".getBytes(UTF_8).length);
        assertThat(marks.get(2).path("end").asInt()).isEqualTo("Café “Zoë".getBytes(UTF_8).length);
    }

    @Test
    void marksOfMouthsHaveNoPlaces() throws IOException {
        List<JsonNode> marks = marks(
                "<speak>Hi <mark name=\"m\"/>Bob</speak>", TextType.SSML, SpeechMarkType.VISEME, SpeechMarkType.SSML);

        assertThat(marks)
                .extracting(mark -> mark.path("value").asText())
                .startsWith("k", "a")
                .contains("m", "p");
        assertThat(marks.getFirst().has("start")).isFalse();
    }

    @Test
    void billsWhatIsSpokenOfMarkup() {
        ResponseBytes<SynthesizeSpeechResponse> bytes = speak(request ->
                request.textType(TextType.SSML).text("<speak>Good <break time=\"1s\"/>day &amp; night.</speak>"));

        assertThat(bytes.response().requestCharacters()).isEqualTo("Good day & night.".length());
        assertThat(decoded(bytes).seconds()).isGreaterThan(1.5);
    }

    @Test
    void refusesWhatCannotBeSpoken() {
        assertThatThrownBy(() -> speak(request -> request.sampleRate("22051")))
                .isInstanceOf(InvalidSampleRateException.class);
        assertThatThrownBy(() ->
                        speak(request -> request.outputFormat(OutputFormat.PCM).sampleRate("44100")))
                .isInstanceOf(InvalidSampleRateException.class);
        assertThatThrownBy(() -> speak(request -> request.speechMarkTypes(SpeechMarkType.WORD)))
                .isInstanceOf(MarksNotSupportedForFormatException.class);
        assertThatThrownBy(() ->
                        speak(request -> request.outputFormat(OutputFormat.JSON).speechMarkTypes(SpeechMarkType.SSML)))
                .isInstanceOf(SsmlMarksNotSupportedForTextTypeException.class);
        assertThatThrownBy(() -> speak(request -> request.text("a".repeat(3001))))
                .isInstanceOf(TextLengthExceededException.class);
        assertThatThrownBy(() -> speak(request -> request.text("<speak>a").textType(TextType.SSML)))
                .isInstanceOf(InvalidSsmlException.class)
                .hasMessageContaining("Invalid SSML request");
        assertThatThrownBy(() -> speak(request -> request.text("<speak><emphasis>a</emphasis></speak>")
                        .textType(TextType.SSML)
                        .engine(Engine.NEURAL)))
                .isInstanceOf(InvalidSsmlException.class);
        assertThatThrownBy(() -> speak(request -> request.engine(Engine.GENERATIVE)))
                .isInstanceOf(EngineNotSupportedException.class);
        assertThatThrownBy(() -> speak(request -> request.voiceId(VoiceId.RUTH)))
                .isInstanceOf(EngineNotSupportedException.class);
        assertThatThrownBy(() -> speak(request -> request.voiceId(VoiceId.HANS)))
                .isInstanceOf(LanguageNotSupportedException.class);
        assertThatThrownBy(() -> speak(request -> request.languageCode(LanguageCode.DE_DE)))
                .isInstanceOf(LanguageNotSupportedException.class);
        assertThatThrownBy(() -> speak(request -> request.lexiconNames("missing")))
                .isInstanceOf(LexiconNotFoundException.class);
        assertThatThrownBy(() -> speak(request -> request.outputFormat(OutputFormat.OGG_VORBIS)))
                .hasMessageContaining("ogg_vorbis");
    }

    @Test
    void namesTheModelToFetchWhereNoVoiceIs(@TempDir Path path) {
        try (PollyHouse silent = new PollyHouse(path, Optional.empty());
                PollyClient client = silent.polly()) {
            assertThat(client.describeVoices().voices()).isEmpty();
            assertThatThrownBy(() -> client.synthesizeSpeechAsBytes(
                            request -> request.voiceId(VoiceId.JOANNA).text("a").outputFormat(OutputFormat.MP3)))
                    .isInstanceOf(EngineNotSupportedException.class)
                    .hasMessageContaining("outcrop models pull piper-en-us-joe-medium");
        }
    }

    @Test
    void tellsWhoSpeaksForEachVoice() {
        List<Voice> all = polly.describeVoices().voices();
        List<Voice> standard =
                polly.describeVoices(request -> request.engine(Engine.STANDARD)).voices();

        assertThat(all).hasSize(13).allMatch(voice -> voice.languageCode() == LanguageCode.EN_US);
        assertThat(all).extracting(Voice::name).contains("Joanna (piper-en-us-joe-medium)");
        assertThat(standard).extracting(Voice::id).contains(VoiceId.JOEY).doesNotContain(VoiceId.RUTH);
        assertThat(polly.describeVoices(request -> request.languageCode(LanguageCode.DE_DE))
                        .voices())
                .isEmpty();
        assertThatThrownBy(() -> polly.describeVoices(request -> request.nextToken("nonsense")))
                .isInstanceOf(InvalidNextTokenException.class);
    }

    @Test
    void keepsLexiconsAndAppliesThoseOfItsLanguage() throws IOException {
        polly.putLexicon(request -> request.name("w3c").content(LEXICON.formatted("en-US")));
        polly.putLexicon(request -> request.name("german").content(LEXICON.formatted("de-DE")));

        assertThat(polly.getLexicon(request -> request.name("w3c")).lexiconAttributes())
                .satisfies(attributes -> {
                    assertThat(attributes.lexemesCount()).isEqualTo(1);
                    assertThat(attributes.alphabet()).isEqualTo("ipa");
                    assertThat(attributes.languageCodeAsString()).isEqualTo("en-US");
                    assertThat(attributes.lexiconArn()).isEqualTo("arn:aws:polly:us-east-1:123456789012:lexicon/w3c");
                    assertThat(attributes.size())
                            .isEqualTo(LEXICON.formatted("en-US").length());
                });
        assertThat(polly.listLexicons().lexicons()).extracting("name").contains("w3c", "german");
        double plain = decoded(speak(request -> request.text("The W3C."))).seconds();
        double german = decoded(speak(request -> request.text("The W3C.").lexiconNames("german")))
                .seconds();
        double replaced = decoded(speak(request -> request.text("The W3C.").lexiconNames("german", "w3c")))
                .seconds();
        assertThat(german).isEqualTo(plain);
        assertThat(replaced).isNotEqualTo(plain);

        polly.deleteLexicon(request -> request.name("german"));

        assertThatThrownBy(() -> polly.getLexicon(request -> request.name("german")))
                .isInstanceOf(LexiconNotFoundException.class);
        assertThatThrownBy(() -> polly.deleteLexicon(request -> request.name("german")))
                .isInstanceOf(LexiconNotFoundException.class);
    }

    @Test
    void refusesLexiconsThatAreNone() {
        assertThatThrownBy(() -> put("<lexicon>")).isInstanceOf(InvalidLexiconException.class);
        assertThatThrownBy(() -> put("<html xml:lang=\"en\"/>")).isInstanceOf(InvalidLexiconException.class);
        assertThatThrownBy(() -> put(LEXICON.formatted("tlh"))).isInstanceOf(UnsupportedPlsLanguageException.class);
        assertThatThrownBy(() -> put(LEXICON.formatted("en-US").replace("\"ipa\"", "\"arpabet\"")))
                .isInstanceOf(UnsupportedPlsAlphabetException.class);
        assertThatThrownBy(() -> put(LEXICON.formatted("en-US").replace("World Wide", "World ".repeat(20))))
                .isInstanceOf(MaxLexemeLengthExceededException.class);
        assertThatThrownBy(() -> put(LEXICON.formatted("en-US") + " ".repeat(40_000)))
                .isInstanceOf(LexiconSizeExceededException.class);
    }

    private void put(String content) {
        polly.putLexicon(request -> request.name("bad").content(content));
    }

    @Test
    void speaksIntoFilesAndTellsTheTopic() {
        try (S3Client s3 = house.s3()) {
            s3.createBucket(request -> request.bucket("spoken"));

            SynthesisTask started = polly.startSpeechSynthesisTask(request -> request.voiceId(VoiceId.JOEY)
                            .text("Long texts are spoken into files.")
                            .outputFormat(OutputFormat.MP3)
                            .outputS3BucketName("spoken")
                            .outputS3KeyPrefix("books/one")
                            .snsTopicArn("arn:aws:sns:us-east-1:123456789012:done"))
                    .synthesisTask();

            assertThat(started.taskStatus()).isEqualTo(TaskStatus.SCHEDULED);
            assertThat(started.requestCharacters()).isEqualTo(33);
            String key = "books/one." + started.taskId() + ".mp3";
            assertThat(started.outputUri()).isEqualTo("https://s3.us-east-1.amazonaws.com/spoken/" + key);
            SynthesisTask ended = awaited(started.taskId());
            assertThat(ended.taskStatus()).as(ended.taskStatusReason()).isEqualTo(TaskStatus.COMPLETED);
            byte[] file = s3.getObjectAsBytes(
                            request -> request.bucket("spoken").key(key))
                    .asByteArray();
            assertThat(AudioDecoder.decode(new ByteArrayInputStream(file), AudioLimits.USUAL)
                            .seconds())
                    .isGreaterThan(1.2);
            await(() -> !house.notices().isEmpty());
            assertThat(house.notices().getFirst().message()).contains(started.taskId(), "COMPLETED");
            assertThat(polly.listSpeechSynthesisTasks(request -> request.status(TaskStatus.COMPLETED))
                            .synthesisTasks())
                    .extracting(SynthesisTask::taskId)
                    .contains(started.taskId());
        }
    }

    @Test
    void tasksSayWhyTheyFailed() {
        SynthesisTask started = polly.startSpeechSynthesisTask(request -> request.voiceId(VoiceId.JOEY)
                        .text("Nowhere.")
                        .outputFormat(OutputFormat.PCM)
                        .outputS3BucketName("not-there"))
                .synthesisTask();

        SynthesisTask ended = awaited(started.taskId());

        assertThat(ended.taskStatus()).isEqualTo(TaskStatus.FAILED);
        assertThat(ended.taskStatusReason()).contains("verify that the bucket exists");
        assertThatThrownBy(() -> polly.getSpeechSynthesisTask(request -> request.taskId("none")))
                .isInstanceOf(SynthesisTaskNotFoundException.class);
        assertThatThrownBy(() -> polly.listSpeechSynthesisTasks(request -> request.nextToken("none")))
                .isInstanceOf(InvalidNextTokenException.class);
    }

    @Test
    void tasksGoOnWhenTheServerWasKilled(@TempDir Path path) throws Exception {
        String text = "It was late. ".repeat(8);
        String id;
        try (PollyHouse before = new PollyHouse(path);
                PollyClient client = before.polly();
                S3Client s3 = before.s3()) {
            s3.createBucket(request -> request.bucket("later"));
            id = client.startSpeechSynthesisTask(request -> request.voiceId(VoiceId.JOEY)
                            .text(text)
                            .outputFormat(OutputFormat.PCM)
                            .outputS3BucketName("later"))
                    .synthesisTask()
                    .taskId();
        }

        KilledProcess.afterLines(SpeakingProcess.class, 1, path);

        try (PollyHouse after = new PollyHouse(path);
                PollyClient client = after.polly();
                S3Client s3 = after.s3()) {
            after.startJobs();

            assertThat(awaited(client, id).taskStatus()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(s3.headObject(request -> request.bucket("later").key(id + ".pcm"))
                            .contentLength())
                    .isGreaterThan(8 * 8000);
        }
    }

    private SynthesisTask awaited(String id) {
        return awaited(polly, id);
    }

    private static SynthesisTask awaited(PollyClient client, String id) {
        await(() -> List.of(TaskStatus.COMPLETED, TaskStatus.FAILED)
                .contains(client.getSpeechSynthesisTask(request -> request.taskId(id))
                        .synthesisTask()
                        .taskStatus()));
        return client.getSpeechSynthesisTask(request -> request.taskId(id)).synthesisTask();
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(condition.getAsBoolean()).as("came to be within %s", LONGEST).isTrue();
    }
}
