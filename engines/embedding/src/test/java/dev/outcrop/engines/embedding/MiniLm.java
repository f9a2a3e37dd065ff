package dev.outcrop.engines.embedding;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import java.time.Duration;

/** The default embedding model, fetched once to this user's cache. */
final class MiniLm {
    private MiniLm() {}

    static InstalledModel installed() {
        return ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("all-minilm-l6-v2"), Progress.NONE);
    }

    static OnnxEmbeddingModel open() {
        return open(settings(2, 4096, Duration.ofMinutes(1)));
    }

    static OnnxEmbeddingModel open(OnnxEmbeddingModel.Settings settings) {
        InstalledModel model = installed();
        return OnnxEmbeddingModel.open(model.id(), model.weights(), model.file("tokenizer.json"), settings);
    }

    static OnnxEmbeddingModel.Settings settings(int workers, int maximumWaiting, Duration timeout) {
        return new OnnxEmbeddingModel.Settings(Pooling.MEAN, 512, workers, 1, maximumWaiting, timeout);
    }
}
