package dev.outcrop.services.transcribe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.speech.RecognitionOptions.BoostedPhrase;
import dev.outcrop.services.SpeechHouse;
import dev.outcrop.services.Tones;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.transcribe.TranscribeClient;
import software.amazon.awssdk.services.transcribe.model.BadRequestException;
import software.amazon.awssdk.services.transcribe.model.BaseModelName;
import software.amazon.awssdk.services.transcribe.model.CLMLanguageCode;
import software.amazon.awssdk.services.transcribe.model.ConflictException;
import software.amazon.awssdk.services.transcribe.model.LanguageModel;
import software.amazon.awssdk.services.transcribe.model.ModelStatus;
import software.amazon.awssdk.services.transcribe.model.NotFoundException;
import software.amazon.awssdk.services.transcribe.model.TranscriptionJobStatus;

@TestInstance(Lifecycle.PER_CLASS)
class LanguageModelsTest {
    private SpeechHouse house;
    private TranscribeClient transcribe;
    private String role;

    @BeforeAll
    void open(@TempDir Path folder) {
        house = new SpeechHouse(folder);
        transcribe = house.transcribe();
        house.bucket();
        house.put("texts/one.txt", "The server runs on Graviton. We like Graviton.".getBytes(UTF_8));
        house.put("texts/two.txt", "Please ask Anneliese Voss about it.".getBytes(UTF_8));
        house.put("broken/latin.txt", new byte[] {'a', (byte) 0xE9, 'b'});
        house.put("call.wav", Tones.wave(8000, 2, 0.5));
        role = house.role("trainer", "s3:GetObject", "s3:ListBucket");
    }

    @AfterAll
    void close() {
        house.close();
    }

    private void create(String name, String prefix, CLMLanguageCode language, String roleArn) {
        transcribe.createLanguageModel(request -> request.modelName(name)
                .languageCode(language)
                .baseModelName(BaseModelName.WIDE_BAND)
                .inputDataConfig(input ->
                        input.s3Uri("s3://" + SpeechHouse.BUCKET + "/" + prefix).dataAccessRoleArn(roleArn)));
    }

    private LanguageModel settled(String name) {
        SpeechHouse.await("the end of " + name, () -> get(name).modelStatus() != ModelStatus.IN_PROGRESS);
        return get(name);
    }

    private LanguageModel get(String name) {
        return transcribe
                .describeLanguageModel(request -> request.modelName(name))
                .languageModel();
    }

    private void start(String name, String model, String language) {
        transcribe.startTranscriptionJob(request -> request.transcriptionJobName(name)
                .languageCode(language)
                .modelSettings(settings -> settings.languageModelName(model))
                .media(of -> of.mediaFileUri("s3://" + SpeechHouse.BUCKET + "/call.wav")));
    }

    @Test
    void aJobPrefersTheWordsOfTheTextsThatItsModelWasTrainedOn() {
        create("cloud", "texts/", CLMLanguageCode.EN_US, role);
        assertThat(settled("cloud").modelStatus()).isEqualTo(ModelStatus.COMPLETED);

        start("with-model", "cloud", "en-US");

        SpeechHouse.await(
                "the end of the job",
                () -> transcribe
                                .getTranscriptionJob(request -> request.transcriptionJobName("with-model"))
                                .transcriptionJob()
                                .transcriptionJobStatus()
                        == TranscriptionJobStatus.COMPLETED);
        assertThat(house.recognizer().asked().getLast().boostedPhrases())
                .extracting(BoostedPhrase::text)
                .containsExactly("Graviton", "Anneliese", "Voss", "Anneliese Voss");
        assertThatThrownBy(() -> start("german", "cloud", "de-DE")).hasMessageContaining("doesn't match");
        assertThatThrownBy(() -> start("none", "unknown", "en-US"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("The requested language model couldn't be found");
    }

    @Test
    void modelsAreListedAndDeleted() {
        create("first-model", "texts/", CLMLanguageCode.EN_GB, role);
        settled("first-model");

        assertThatThrownBy(() -> create("first-model", "texts/", CLMLanguageCode.EN_GB, role))
                .isInstanceOf(ConflictException.class);
        assertThat(transcribe
                        .listLanguageModels(
                                request -> request.nameContains("first").statusEquals(ModelStatus.COMPLETED))
                        .models())
                .extracting(LanguageModel::modelName)
                .containsExactly("first-model");

        transcribe.deleteLanguageModel(request -> request.modelName("first-model"));

        assertThatThrownBy(() -> get("first-model")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void textsThatCannotBeReadFailTheModelForThatReason() {
        create("latin", "broken/", CLMLanguageCode.EN_US, role);

        assertThat(settled("latin").modelStatus()).isEqualTo(ModelStatus.FAILED);
        assertThat(get("latin").failureReason()).contains("isn't encoded in UTF-8");
        assertThatThrownBy(() -> start("failed", "latin", "en-US")).hasMessageContaining("isn't ready to use");
    }

    @Test
    void textsAreReadAsTheRoleThatIsPassed() {
        String blind = house.role("blind", "s3:GetObject");

        assertThatThrownBy(() -> create("blind", "texts/", CLMLanguageCode.EN_US, blind))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("can't be accessed");
        assertThatThrownBy(() -> create("nothing", "nowhere/", CLMLanguageCode.EN_US, role))
                .hasMessageContaining("has no files");
        assertThatThrownBy(() -> create("german", "texts/", CLMLanguageCode.DE_DE, role))
                .hasMessageContaining("aren't supported for the language");
    }
}
