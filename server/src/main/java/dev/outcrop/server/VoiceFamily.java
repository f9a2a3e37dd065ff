package dev.outcrop.server;

import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.Task;
import dev.outcrop.engines.voice.Voice;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.polly.InstalledVoice;
import dev.outcrop.services.polly.PollyService;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.polly.PollyClient;

/** What speaks. */
final class VoiceFamily implements Family {
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
        Path configuration = model.file("voice.json");
        return new InstalledVoice.Files(
                model.id(), Voice.languageOf(configuration), model.file("voice.onnx"), configuration);
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
