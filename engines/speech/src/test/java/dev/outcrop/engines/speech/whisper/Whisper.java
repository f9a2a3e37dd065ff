package dev.outcrop.engines.speech.whisper;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.speech.WhisperSettings;

/** The base model, fetched once to this user's cache. */
final class Whisper {
    private Whisper() {}

    static InstalledModel installed() {
        return ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("whisper-base"), Progress.NONE);
    }

    static WhisperSettings settings() {
        InstalledModel model = installed();
        return WhisperSettings.of(
                model.id(),
                model.weights(),
                model.file("tokenizer.json"),
                model.folder().resolve("graphs"));
    }
}
