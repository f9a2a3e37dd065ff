package dev.outcrop.server;

import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.Task;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.polly.InstalledVoice;
import dev.outcrop.services.polly.PollyService;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.polly.PollyClient;

/** What speaks. */
final class VoiceFamily implements Family {
    /** The language of the voices that the catalog has. */
    private static final String LANGUAGE = "en-US";

    private final Supplier<InstalledVoice> voice;
    private final Supplier<PollyService> polly;

    VoiceFamily(House house, HouseModels models) {
        voice = house.parts().lazily(() -> new InstalledVoice(() -> files(models)));
        polly = house.parts()
                .lazily(() -> new PollyService(
                        house.resources(),
                        house.pageTokens(),
                        voice.get(),
                        house.clients(),
                        house.jobs(),
                        house.clock()));
    }

    private static Optional<InstalledVoice.Files> files(HouseModels models) {
        return models.installed(Task.SPEECH_SYNTHESIS).map(VoiceFamily::files);
    }

    private static InstalledVoice.Files files(InstalledModel model) {
        return new InstalledVoice.Files(model.id(), LANGUAGE, model.file("voice.onnx"), model.file("voice.json"));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("polly", PollyClient.class, polly);
    }

    @Override
    public Background background() {
        return new Background(polly.get().work(), List.of());
    }
}
