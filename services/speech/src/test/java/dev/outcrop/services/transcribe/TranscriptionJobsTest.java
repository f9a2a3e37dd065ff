package dev.outcrop.services.transcribe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import dev.outcrop.engines.speech.speakers.SpokenSpan;
import dev.outcrop.engines.speech.speakers.VoicePrint;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.services.SpeechHouse;
import dev.outcrop.services.Tones;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.transcribe.TranscribeClient;
import software.amazon.awssdk.services.transcribe.model.BadRequestException;
import software.amazon.awssdk.services.transcribe.model.ConflictException;
import software.amazon.awssdk.services.transcribe.model.LanguageCode;
import software.amazon.awssdk.services.transcribe.model.NotFoundException;
import software.amazon.awssdk.services.transcribe.model.OutputLocationType;
import software.amazon.awssdk.services.transcribe.model.StartTranscriptionJobRequest;
import software.amazon.awssdk.services.transcribe.model.SubtitleFormat;
import software.amazon.awssdk.services.transcribe.model.Tag;
import software.amazon.awssdk.services.transcribe.model.ToxicityCategory;
import software.amazon.awssdk.services.transcribe.model.ToxicityDetectionSettings;
import software.amazon.awssdk.services.transcribe.model.TranscribeException;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJob;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJobStatus;
import software.amazon.awssdk.services.transcribe.model.VocabularyState;

@TestInstance(Lifecycle.PER_CLASS)
class TranscriptionJobsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ToxicityDetectionSettings ALL_KINDS = ToxicityDetectionSettings.builder()
            .toxicityCategories(ToxicityCategory.ALL)
            .build();

    private SpeechHouse house;
    private TranscribeClient transcribe;
    private String media;

    @BeforeAll
    void open(@TempDir Path folder) {
        house = new SpeechHouse(folder);
        transcribe = house.transcribe();
        house.bucket();
    }

    @BeforeEach
    void reset() {
        house.recognizer().hears("hello", "world.");
        media = house.put("call.wav", Tones.wave(8000, 2, 0.5));
    }

    @AfterAll
    void close() {
        house.close();
    }

    private TranscriptionJob start(String name, Consumer<StartTranscriptionJobRequest.Builder> rest) {
        return transcribe
                .startTranscriptionJob(request -> {
                    request.transcriptionJobName(name).media(of -> of.mediaFileUri(media));
                    rest.accept(request);
                })
                .transcriptionJob();
    }

    private TranscriptionJob get(String name) {
        return transcribe
                .getTranscriptionJob(request -> request.transcriptionJobName(name))
                .transcriptionJob();
    }

    private TranscriptionJob ended(String name) {
        SpeechHouse.await("the end of " + name, () -> switch (get(name).transcriptionJobStatus()) {
            case COMPLETED, FAILED -> true;
            default -> false;
        });
        return get(name);
    }

    private TranscriptionJob completed(String name, Consumer<StartTranscriptionJobRequest.Builder> rest) {
        start(name, rest);
        TranscriptionJob job = ended(name);
        assertThat(job.failureReason()).isNull();
        return job;
    }

    private static String download(String uri) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    http.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return response.body();
        }
    }

    @Test
    void aTranscriptHasWordsMarksTimesAndConfidences() throws Exception {
        TranscriptionJob begun = start("first", request -> request.languageCode("en-US"));
        TranscriptionJob job = ended("first");

        assertThat(begun.transcriptionJobStatus()).isEqualTo(TranscriptionJobStatus.IN_PROGRESS);
        assertThat(job.transcriptionJobStatus()).isEqualTo(TranscriptionJobStatus.COMPLETED);
        assertThat(job.mediaFormatAsString()).isEqualTo("wav");
        assertThat(job.mediaSampleRateHertz()).isEqualTo(8000);
        assertThat(job.completionTime()).isAfterOrEqualTo(job.startTime());
        assertThat(house.measured())
                .anyMatch(entry -> entry.contains("\"ConcurrentJobsCount\""))
                .anyMatch(entry -> entry.contains("\"LanguageCode\":\"en-US\"")
                        && entry.contains("{\"metric\":\"AudioDurationTime\",\"unit\":\"Seconds\",\"value\":2.0"));
        JsonNode json = JSON.readTree(download(job.transcript().transcriptFileUri()));
        assertThat(json).isEqualTo(JSON.readTree("""
                {"jobName": "first", "accountId": "111111111111", "status": "COMPLETED", "results": {
                  "transcripts": [{"transcript": "hello world."}],
                  "items": [
                    {"id": 0, "type": "pronunciation", "alternatives": [{"confidence": "0.9", "content": "hello"}],
                     "start_time": "0.0", "end_time": "0.5"},
                    {"id": 1, "type": "pronunciation", "alternatives": [{"confidence": "0.9", "content": "world"}],
                     "start_time": "0.5", "end_time": "1.0"},
                    {"id": 2, "type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "."}]}],
                  "audio_segments": [{"id": 0, "transcript": "hello world.", "start_time": "0.0", "end_time": "1.0",
                     "items": [0, 1, 2]}]}}"""));
    }

    @Test
    void aUriOfATranscriptOpensThatFileAlone() throws Exception {
        String uri = completed("mine", request -> request.languageCode("en-US"))
                .transcript()
                .transcriptFileUri();

        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String forged : List.of(
                    uri.replace("mine", "yours"),
                    uri.substring(0, uri.length() - 4) + "AAAA",
                    uri.substring(0, uri.indexOf('?')))) {
                assertThat(http.send(
                                        HttpRequest.newBuilder(URI.create(forged))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .as(forged)
                        .isEqualTo(403);
            }
        }
    }

    @Test
    void outputGoesToTheBucketThatIsNamedUnderTheKeyThatIsNamed() throws Exception {
        String key = house.as(SpeechHouse.ROOT, KmsClient.class, kms -> kms.createKey())
                .keyMetadata()
                .arn();

        TranscriptionJob job = completed(
                "second",
                request -> request.languageCode("en-US")
                        .outputBucketName(SpeechHouse.BUCKET)
                        .outputKey("out/")
                        .outputEncryptionKMSKeyId(key)
                        .subtitles(subtitles -> subtitles
                                .formats(SubtitleFormat.SRT, SubtitleFormat.VTT)
                                .outputStartIndex(1)));

        assertThat(job.transcript().transcriptFileUri())
                .isEqualTo("https://s3.us-east-1.amazonaws.com/recordings/out/second.json");
        assertThat(JSON.readTree(house.object("out/second.json"))
                        .at("/results/transcripts/0/transcript")
                        .asText())
                .isEqualTo("hello world.");
        assertThat(house.s3(s3 -> s3.headObject(
                                request -> request.bucket(SpeechHouse.BUCKET).key("out/second.json")))
                        .ssekmsKeyId())
                .isEqualTo(key);
        assertThat(house.object("out/second.srt")).isEqualTo("1\n00:00:00,000 --> 00:00:01,000\nhello world.\n\n");
        assertThat(house.object("out/second.vtt"))
                .isEqualTo("WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\nhello world.\n\n");
        assertThat(transcribe
                        .listTranscriptionJobs(request -> request.jobNameContains("SEC"))
                        .transcriptionJobSummaries())
                .singleElement()
                .satisfies(summary ->
                        assertThat(summary.outputLocationType()).isEqualTo(OutputLocationType.CUSTOMER_BUCKET));
    }

    @Test
    void channelsAreToldApart() throws Exception {
        media = house.put("stereo.wav", Tones.wave(16_000, 2, 0, 0.5));

        TranscriptionJob job = completed(
                "channels",
                request -> request.languageCode("en-US").settings(settings -> settings.channelIdentification(true)));

        JsonNode results =
                JSON.readTree(download(job.transcript().transcriptFileUri())).get("results");
        assertThat(results.at("/channel_labels/number_of_channels").asInt()).isEqualTo(2);
        assertThat(results.at("/channel_labels/channels/0/items")).isEmpty();
        assertThat(results.at("/channel_labels/channels/1/items")).hasSize(3);
        assertThat(results.at("/items/0/channel_label").asText()).isEqualTo("ch_1");
    }

    @Test
    void alternativesAreOtherReadingsOfASegment() throws Exception {
        TranscriptionJob job = completed(
                "readings",
                request -> request.languageCode("en-US")
                        .settings(settings -> settings.showAlternatives(true).maxAlternatives(2)));

        JsonNode alternatives =
                JSON.readTree(download(job.transcript().transcriptFileUri())).at("/results/segments/0/alternatives");
        assertThat(alternatives).hasSize(2);
        assertThat(alternatives.get(0).get("transcript").asText()).isEqualTo("hello world.");
        assertThat(alternatives.get(1).get("transcript").asText()).isEqualTo("hellos world.s");
        assertThat(house.recognizer().asked().getLast().alternatives()).isEqualTo(1);
    }

    @Test
    void theLanguageIsIdentifiedAmongTheOptions() throws Exception {
        TranscriptionJob job = completed(
                "language",
                request -> request.identifyLanguage(true).languageOptions(LanguageCode.DE_DE, LanguageCode.ES_ES));

        assertThat(job.languageCode()).isEqualTo(LanguageCode.DE_DE);
        assertThat(job.identifiedLanguageScore()).isEqualTo(0.75f);
        JsonNode results =
                JSON.readTree(download(job.transcript().transcriptFileUri())).get("results");
        assertThat(results.get("language_code").asText()).isEqualTo("de-DE");
        assertThat(results.at("/language_identification/0")).isEqualTo(JSON.readTree("""
                {"score": "0.75", "code": "de-DE"}"""));
        assertThat(house.recognizer().asked().getLast().language()).contains("de");
    }

    @Test
    void severalLanguagesAreToldWithTheirDurations() throws Exception {
        TranscriptionJob job = completed(
                "languages",
                request -> request.identifyMultipleLanguages(true)
                        .languageOptions(LanguageCode.EN_GB, LanguageCode.DE_DE));

        assertThat(job.languageCodes()).singleElement().satisfies(item -> {
            assertThat(item.languageCode()).isEqualTo(LanguageCode.EN_GB);
            assertThat(item.durationInSeconds()).isEqualTo(1f);
        });
        assertThat(JSON.readTree(download(job.transcript().transcriptFileUri()))
                        .at("/results/language_codes/0/language_code")
                        .asText())
                .isEqualTo("en-GB");
    }

    @Test
    void aVocabularyRaisesPhrasesAndWritesThemItsWay() throws Exception {
        house.recognizer().hears("we", "love", "dynamo", "db.");
        house.put("words.txt", "Phrase\tIPA\tSoundsLike\tDisplayAs\nDynamo-D.B.\t\t\tDynamoDB\n".getBytes(UTF_8));
        transcribe.createVocabulary(request -> request.vocabularyName("databases")
                .languageCode("en-US")
                .vocabularyFileUri("s3://recordings/words.txt"));
        SpeechHouse.await(
                "a vocabulary",
                () -> transcribe
                                .getVocabulary(request -> request.vocabularyName("databases"))
                                .vocabularyState()
                        == VocabularyState.READY);

        TranscriptionJob job = completed(
                "words",
                request -> request.languageCode("en-US").settings(settings -> settings.vocabularyName("databases")));

        assertThat(house.recognizer().asked().getLast().boostedPhrases())
                .extracting(BoostedPhrase::text)
                .containsExactly("DynamoDB");
        assertThat(JSON.readTree(download(job.transcript().transcriptFileUri()))
                        .at("/results/transcripts/0/transcript")
                        .asText())
                .isEqualTo("we love DynamoDB.");
        assertThat(download(transcribe
                        .getVocabulary(request -> request.vocabularyName("databases"))
                        .downloadUri()))
                .startsWith("Phrase\tIPA");
    }

    @ParameterizedTest
    @CsvSource({"mask, 'so *** it.'", "remove, so it.", "tag, so darn it."})
    void aFilterMasksRemovesOrTagsWords(String method, String expected) throws Exception {
        house.recognizer().hears("so", "darn", "it.");
        transcribe.createVocabularyFilter(request ->
                request.vocabularyFilterName(method).languageCode("en-US").words("Darn"));

        TranscriptionJob job = completed(
                "filtered-" + method,
                request -> request.languageCode("en-US")
                        .settings(settings ->
                                settings.vocabularyFilterName(method).vocabularyFilterMethod(method)));

        JsonNode results =
                JSON.readTree(download(job.transcript().transcriptFileUri())).get("results");
        assertThat(results.at("/transcripts/0/transcript").asText()).isEqualTo(expected);
        assertThat(results.at("/items/1/vocabularyFilterMatch").asBoolean()).isEqualTo(method.equals("tag"));
    }

    @Test
    void personalDataIsRedacted() throws Exception {
        house.recognizer().hears("write", "to", "jane.miller@example.com", "today.");

        TranscriptionJob job = completed(
                "private",
                request -> request.languageCode("en-US")
                        .contentRedaction(redaction -> redaction
                                .redactionType("PII")
                                .redactionOutput("redacted_and_unredacted")
                                .piiEntityTypesWithStrings("EMAIL")));

        JsonNode redacted = JSON.readTree(download(job.transcript().redactedTranscriptFileUri()));
        assertThat(redacted.get("isRedacted").asBoolean()).isTrue();
        assertThat(redacted.at("/results/transcripts/0/transcript").asText()).isEqualTo("write to [PII] today.");
        assertThat(redacted.at("/results/items/2/alternatives/0/redactions/0/confidence")
                        .asText())
                .isNotEmpty();
        assertThat(download(job.transcript().transcriptFileUri())).contains("jane.miller@example.com");
    }

    /** Who is loud is one person, who is quiet another. */
    private static List<VoicePrint> byLoudness(float[] samples, List<SpokenSpan> spans) {
        List<VoicePrint> prints = new ArrayList<>();
        for (SpokenSpan span : spans) {
            for (double start = span.start(); start + 0.4 <= span.end() + 0.01; start += 0.1) {
                float loudest = 0;
                for (int i = (int) (start * 16_000); i < Math.min(samples.length, (start + 0.4) * 16_000); i++) {
                    loudest = Math.max(loudest, Math.abs(samples[i]));
                }
                prints.add(new VoicePrint(start, start + 0.4, loudest > 0.4 ? new float[] {1, 0} : new float[] {0, 1}));
            }
        }
        return prints;
    }

    @Test
    void speakersAreToldApartByTheirVoices() throws Exception {
        byte[] loud = Tones.samples(8000, 3, 0.8);
        byte[] quiet = Tones.samples(8000, 3, 0.1);
        byte[] both = Arrays.copyOf(loud, loud.length + quiet.length);
        System.arraycopy(quiet, 0, both, loud.length, quiet.length);
        house.put("two.wav", Tones.wave(8000, 1, both));
        house.recognizer()
                .hears("who", "is", "calling", "please", "may", "I?", "this", "is", "Ada", "Byron", "from", "London.");
        house.voices(Optional.of(TranscriptionJobsTest::byLoudness));

        TranscriptionJob job = completed(
                "two",
                request -> request.languageCode("en-US")
                        .media(of -> of.mediaFileUri("s3://recordings/two.wav"))
                        .settings(settings -> settings.showSpeakerLabels(true).maxSpeakerLabels(3)));
        house.voices(Optional.empty());

        JsonNode results =
                JSON.readTree(download(job.transcript().transcriptFileUri())).path("results");
        JsonNode labels = results.path("speaker_labels");
        assertThat(labels.path("speakers").asInt()).isEqualTo(2);
        assertThat(labels.path("channel_label").asText()).isEqualTo("ch_0");
        assertThat(labels.path("segments")).hasSize(2);
        assertThat(labels.at("/segments/1/speaker_label").asText()).isEqualTo("spk_1");
        assertThat(labels.at("/segments/1/start_time").asText()).isEqualTo("3.0");
        assertThat(labels.at("/segments/1/items")).hasSize(6);
        assertThat(labels.at("/segments/1/items/5/speaker_label").asText()).isEqualTo("spk_1");
        List<String> spoken = new ArrayList<>();
        results.path("items")
                .forEach(item -> spoken.add(item.path("speaker_label").asText()));
        assertThat(spoken).hasSize(14);
        assertThat(spoken.subList(0, 7)).containsOnly("spk_0");
        assertThat(spoken.subList(7, 14)).containsOnly("spk_1");
        assertThat(results.at("/audio_segments/0/transcript").asText()).isEqualTo("who is calling please may I?");
        assertThat(results.at("/audio_segments/1/speaker_label").asText()).isEqualTo("spk_1");
    }

    @Test
    void toxicPassagesAreTold() throws Exception {
        house.recognizer().hears("you", "are", "a", "stupid", "idiot.");

        TranscriptionJob job =
                completed("toxic", request -> request.languageCode("en-US").toxicityDetection(ALL_KINDS));

        assertThat(job.toxicityDetection().getFirst().toxicityCategories()).containsExactly(ToxicityCategory.ALL);
        JsonNode toxic =
                JSON.readTree(download(job.transcript().transcriptFileUri())).at("/results/toxicity_detection/0");
        assertThat(toxic.get("text").asText()).isEqualTo("you are a stupid idiot.");
        assertThat(toxic.get("toxicity").asDouble()).isGreaterThan(0.5);
        assertThat(toxic.at("/categories/insult").asDouble()).isGreaterThan(0.5);
        assertThat(toxic.at("/categories/sexual").asDouble()).isLessThan(0.5);
        assertThat(toxic.get("end_time").asDouble()).isEqualTo(2.5);
        assertThatThrownBy(() -> start(
                        "toxique", request -> request.languageCode("de-DE").toxicityDetection(ALL_KINDS)))
                .hasMessageContaining("It's supported for en-US");
    }

    @Test
    void mediaThatIsNotWhatItIsSaidToBeFailsForThatReason() {
        house.put("text.wav", "This is no sound at all.".getBytes(UTF_8));

        start("format", request -> request.languageCode("en-US").mediaFormat("flac"));
        start("rate", request -> request.languageCode("en-US").mediaSampleRateHertz(16_000));
        start(
                "text",
                request -> request.languageCode("en-US").media(of -> of.mediaFileUri("s3://recordings/text.wav")));

        assertThat(ended("format").failureReason())
                .isEqualTo("The media format provided does not match the detected media format.");
        assertThat(ended("rate").failureReason())
                .isEqualTo("The sample rate provided does not match the detected sample rate.");
        assertThat(ended("text").failureReason()).startsWith("Unsupported media format");
        assertThat(house.measured()).anyMatch(entry -> entry.contains("\"AsyncUserErrorCount\""));
    }

    @Test
    void whoeverFollowsEventsIsToldWhatBecameOfAJob() {
        ServiceEvents events = house.followed("aws.transcribe");

        start("told", request -> request.languageCode("en-US"));

        SpeechHouse.await(
                "an event of the job",
                () -> events.waiting(100).stream()
                        .anyMatch(
                                waiting -> waiting.event().contains("\"detail-type\":\"Transcribe Job State Change\"")
                                        && waiting.event()
                                                .contains(
                                                        "{\"TranscriptionJobName\":\"told\",\"TranscriptionJobStatus\":\"COMPLETED\"}")));
    }

    @Test
    void whatCannotBeDoneIsRefused() {
        assertThatThrownBy(() -> start("x", _ -> {}))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("exactly one of LanguageCode");
        assertThatThrownBy(() -> start("x", request -> request.languageCode("fr-FR")))
                .hasMessageContaining("The language code fr-FR isn't supported by the installed model played");
        assertThatThrownBy(() -> start(
                        "x",
                        request -> request.languageCode("en-US")
                                .settings(settings ->
                                        settings.showSpeakerLabels(true).maxSpeakerLabels(2))))
                .hasMessageContaining("no model that tells speakers apart is installed");
        assertThatThrownBy(() -> start(
                        "x",
                        request ->
                                request.languageCode("en-US").media(of -> of.mediaFileUri("s3://recordings/none.wav"))))
                .hasMessageContaining("doesn't point to an S3 object");
        assertThatThrownBy(() -> start(
                        "x",
                        request -> request.languageCode("en-US").settings(settings -> settings.vocabularyName("none"))))
                .hasMessageContaining("The requested vocabulary couldn't be found");
        assertThatThrownBy(() -> get("x")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> transcribe.deleteTranscriptionJob(request -> request.transcriptionJobName("x")))
                .isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> transcribe.startCallAnalyticsJob(
                        request -> request.callAnalyticsJobName("x").media(of -> of.mediaFileUri(media))))
                .isInstanceOfSatisfying(
                        TranscribeException.class,
                        refusal -> assertThat(refusal.statusCode()).isEqualTo(501));
    }

    @Test
    void aNameIsUsedOnceAndAgainAfterItsJobIsDeleted() {
        completed(
                "same",
                request -> request.languageCode("en-US")
                        .tags(Tag.builder().key("team").value("a").build()));
        assertThat(get("same").tags()).hasSize(1);

        assertThatThrownBy(() -> start("same", request -> request.languageCode("en-US")))
                .isInstanceOf(ConflictException.class);
        transcribe.deleteTranscriptionJob(request -> request.transcriptionJobName("same"));
        completed("same", request -> request.languageCode("en-US"));

        assertThat(get("same").tags()).isEmpty();
    }

    @Test
    void listsComeInPagesTheNewestFirst() {
        for (String name : List.of("page-a", "page-b", "page-c")) {
            completed(name, request -> request.languageCode("en-US"));
        }

        var first = transcribe.listTranscriptionJobs(
                request -> request.jobNameContains("page-").maxResults(2));
        var second = transcribe.listTranscriptionJobs(
                request -> request.jobNameContains("page-").maxResults(2).nextToken(first.nextToken()));

        assertThat(first.transcriptionJobSummaries())
                .extracting(summary -> summary.transcriptionJobName())
                .containsExactly("page-c", "page-b");
        assertThat(second.transcriptionJobSummaries())
                .extracting(summary -> summary.transcriptionJobName())
                .containsExactly("page-a");
        assertThat(second.nextToken()).isNull();
        assertThat(transcribe
                        .listTranscriptionJobs(
                                request -> request.jobNameContains("page-").status("FAILED"))
                        .transcriptionJobSummaries())
                .isEmpty();
        assertThatThrownBy(() -> transcribe.listTranscriptionJobs(request -> request.nextToken("mine")))
                .isInstanceOf(BadRequestException.class);
    }

    @Test
    void mediaIsReadAsTheCallerOrAsTheRoleThatItPasses() {
        Principal poor = house.user("poor", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "*",
                 "Action": ["transcribe:*", "iam:PassRole"]}}""");
        String role = house.role("reader", "s3:GetObject");
        String blind = house.role("blind", "s3:ListBucket");

        assertThatThrownBy(() -> startAs(poor, "own", Optional.empty()))
                .hasMessageContaining("The S3 URI that you provided can't be accessed");
        assertThatThrownBy(() -> startAs(poor, "blind", Optional.of(blind)))
                .hasMessageContaining("The S3 URI that you provided can't be accessed");
        startAs(poor, "role", Optional.of(role));
        assertThat(ended("role").transcriptionJobStatus()).isEqualTo(TranscriptionJobStatus.COMPLETED);
        Principal unpassing = house.user("unpassing", """
                {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "*", "Action": "transcribe:*"}}""");
        assertThatThrownBy(() -> startAs(unpassing, "unpassed", Optional.of(role)))
                .hasMessageContaining("iam:PassRole");
    }

    private void startAs(Principal principal, String name, Optional<String> role) {
        house.as(
                principal,
                TranscribeClient.class,
                client -> client.startTranscriptionJob(request -> {
                    request.transcriptionJobName(name).languageCode("en-US").media(of -> of.mediaFileUri(media));
                    role.ifPresent(arn -> request.jobExecutionSettings(settings -> settings.dataAccessRoleArn(arn)));
                }));
    }

    @Test
    void aVocabularyThatCannotBeReadSaysWhy() {
        transcribe.createVocabulary(
                request -> request.vocabularyName("bad").languageCode("en-US").phrases("VX02Q"));
        SpeechHouse.await(
                "a vocabulary",
                () -> transcribe
                                .getVocabulary(request -> request.vocabularyName("bad"))
                                .vocabularyState()
                        == VocabularyState.FAILED);

        assertThat(transcribe
                        .getVocabulary(request -> request.vocabularyName("bad"))
                        .failureReason())
                .isEqualTo("Line 1 of the vocabulary has a phrase with digits; spell numbers out.");
        transcribe.updateVocabulary(
                request -> request.vocabularyName("bad").languageCode("en-US").phrases("Los-Angeles"));
        SpeechHouse.await(
                "a vocabulary",
                () -> transcribe
                                .listVocabularies(
                                        request -> request.nameContains("bad").stateEquals(VocabularyState.READY))
                                .vocabularies()
                                .size()
                        == 1);
        transcribe.deleteVocabulary(request -> request.vocabularyName("bad"));
        assertThatThrownBy(() -> transcribe.getVocabulary(request -> request.vocabularyName("bad")))
                .isInstanceOf(NotFoundException.class);
    }
}
