package dev.outcrop.engines.voice;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.voice.english.Pronouncer;

/** The voice for tests, opened once. */
final class Joe {
    private static final Voice VOICE = open();

    static final Pronouncer PRONOUNCER = Pronouncer.shipped();

    private Joe() {}

    static Voice voice() {
        return VOICE;
    }

    static Speaker speaker() {
        return new Speaker(VOICE, PRONOUNCER);
    }

    private static Voice open() {
        InstalledModel model = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("piper-en-us-joe-medium"), Progress.NONE);
        return Voice.open(model.id(), model.file("voice.onnx"), model.file("voice.json"));
    }
}
