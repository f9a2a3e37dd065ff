package dev.outcrop.engines.ocr;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;

/** The model that reads, fetched once to this user's cache. */
final class PpOcr {
    private PpOcr() {}

    static ModelFiles files() {
        InstalledModel model = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("pp-ocr-v4"), Progress.NONE);
        return new ModelFiles(
                model.file("detection.onnx"),
                model.file("recognition.onnx"),
                model.file("orientation.onnx"),
                model.file("characters.txt"));
    }
}
