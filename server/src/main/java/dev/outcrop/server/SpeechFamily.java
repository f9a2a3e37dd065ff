package dev.outcrop.server;

import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.Task;
import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.engines.speech.WhisperSettings;
import dev.outcrop.engines.speech.speakers.VoiceEncoder;
import dev.outcrop.engines.speech.speakers.Voiceprints;
import dev.outcrop.engines.speech.whisper.WhisperRecognizer;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.transcribe.Recognizers;
import dev.outcrop.services.transcribe.TranscribeService;
import dev.outcrop.services.transcribestreaming.TranscribeStreams;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.transcribe.TranscribeClient;
import software.amazon.awssdk.services.transcribestreaming.TranscribeStreamingAsyncClient;
import software.amazon.awssdk.utils.Lazy;

/** Speech to text. */
final class SpeechFamily implements Family {
    private final House house;
    private final HouseModels models;
    private final Supplier<TranscribeService> transcribe;
    private final Supplier<Guard> guard;
    private Optional<WhisperRecognizer> recognizer = Optional.empty();
    private Optional<VoiceEncoder> voices = Optional.empty();

    SpeechFamily(House house, HouseModels models) {
        this.house = house;
        this.models = models;
        guard = new Lazy<>(() -> new Guard(() -> models.embedding(GenerativeFamily.GUARD_MODEL)))::getValue;
        Recognizers recognizers = new Recognizers() {
            @Override
            public Optional<SpeechRecognizer> find() {
                return recognizer();
            }

            @Override
            public Optional<Voiceprints> voices() {
                return voiceEncoder();
            }
        };
        transcribe = house.parts()
                .lazily(() -> new TranscribeService(
                        house.resources(),
                        house.records(),
                        house.secrets(),
                        recognizers,
                        guard,
                        house.clients(),
                        house.jobs(),
                        house.folder().resolve("transcribe"),
                        house.metrics(),
                        house.clock()));
        house.parts().closedAtTheEnd(this::closeRecognizer);
    }

    /** The recogniser of the model that is installed, started when it is first asked for. */
    private synchronized Optional<SpeechRecognizer> recognizer() {
        if (recognizer.isEmpty()) {
            recognizer = models.installed(Task.SPEECH_RECOGNITION).map(this::open);
        }
        return recognizer.map(opened -> opened);
    }

    private WhisperRecognizer open(InstalledModel model) {
        return WhisperRecognizer.open(WhisperSettings.of(
                model.id(),
                model.weights(),
                model.file("tokenizer.json"),
                house.folder().resolve("transcribe").resolve("models")));
    }

    /** What knows voices, opened when it is first asked for. */
    private synchronized Optional<Voiceprints> voiceEncoder() {
        if (voices.isEmpty()) {
            voices = models.installed(Task.SPEAKER_RECOGNITION).map(model -> VoiceEncoder.open(model.weights()));
        }
        return voices.map(opened -> opened);
    }

    private synchronized void closeRecognizer() {
        recognizer.ifPresent(WhisperRecognizer::close);
        recognizer = Optional.empty();
        voices.ifPresent(VoiceEncoder::close);
        voices = Optional.empty();
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("transcribe", TranscribeClient.class, transcribe);
        services.serve(
                "transcribe-streaming",
                TranscribeStreamingAsyncClient.class,
                () -> new TranscribeStreams(
                        transcribe, this::recognizer, () -> guard.get().personalData()));
    }

    @Override
    public Background background() {
        return transcribe.get().background();
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(TranscribeService.downloads(house.records(), house.secrets(), house.clock()));
    }
}
