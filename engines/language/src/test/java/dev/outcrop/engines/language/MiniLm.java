package dev.outcrop.engines.language;

import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Pooling;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import java.time.Duration;

/** The default embedding model, fetched once to this user's cache. */
final class MiniLm {
    private MiniLm() {}

    static OnnxEmbeddingModel open() {
        InstalledModel model = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("all-minilm-l6-v2"), Progress.NONE);
        return OnnxEmbeddingModel.open(
                model.id(),
                model.weights(),
                model.file("tokenizer.json"),
                new OnnxEmbeddingModel.Settings(Pooling.MEAN, 512, 2, 1, 4096, Duration.ofMinutes(2)));
    }
}
