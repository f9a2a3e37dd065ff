package dev.outcrop.services.foundationmodels;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.CatalogEntry;
import dev.outcrop.engines.models.Modality;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Origin;
import dev.outcrop.engines.models.Task;
import dev.outcrop.engines.text.TextModel;
import dev.outcrop.engines.text.TextModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The models whose files are in the store, and those that the catalog says an endpoint serves. */
public final class StoredModels implements InstalledModels {
    private final ModelStore store;
    private final Catalog catalog;
    private final TextModels texts;
    private final Function<String, EmbeddingModel> embeddings;

    /**
     * The models of a store and a catalog.
     *
     * @param texts      runs the text models, by their ids
     * @param embeddings runs the embedding models, by their ids
     */
    public StoredModels(
            ModelStore store, Catalog catalog, TextModels texts, Function<String, EmbeddingModel> embeddings) {
        this.store = store;
        this.catalog = catalog;
        this.texts = texts;
        this.embeddings = embeddings;
    }

    @Override
    public List<InstalledModel> all() {
        Stream<CatalogEntry> served = catalog.entries().stream().filter(StoredModels::isServed);
        return Stream.concat(store.list().stream().map(model -> model.entry()), served)
                .map(StoredModels::described)
                .sorted(Comparator.comparing(InstalledModel::id))
                .toList();
    }

    @Override
    public Optional<InstalledModel> find(String id) {
        return store.find(id)
                .map(model -> model.entry())
                .or(() -> catalog.find(id).filter(StoredModels::isServed))
                .map(StoredModels::described);
    }

    @Override
    public boolean offered(String id) {
        return catalog.find(id).isPresent();
    }

    @Override
    public TextModel text(String id) {
        return texts.get(id);
    }

    @Override
    public EmbeddingModel embedding(String id) {
        return embeddings.apply(id);
    }

    private static boolean isServed(CatalogEntry entry) {
        return entry.origin() instanceof Origin.Endpoint;
    }

    private static InstalledModel described(CatalogEntry entry) {
        return new InstalledModel(
                entry.id(),
                entry.name(),
                entry.provider(),
                entry.task() == Task.TEXT ? Kind.TEXT : Kind.EMBEDDING,
                entry.inputs().stream().map(Modality::name).collect(Collectors.toUnmodifiableSet()));
    }
}
