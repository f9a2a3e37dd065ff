package dev.outcrop.server;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.CatalogEntry;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelException;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Task;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which models answer where no other is asked for, and how models come to be here: fetched, and rewritten if that pays. */
final class DefaultModels {
    private final Catalog catalog;
    private final ModelStore store;

    DefaultModels(Catalog catalog, ModelStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    /** The model for {@code task} that answers where no other is asked for: of those here the one the catalog thinks best. */
    Optional<InstalledModel> installed(Task task) {
        Stream<CatalogEntry> best = Task.USUAL.contains(task)
                ? Stream.of(catalog.recommended(task), catalog.packaged(task))
                : catalog.entries().stream().filter(entry -> entry.task() == task);
        return best.flatMap(entry -> store.find(entry.id()).stream())
                .findFirst()
                .or(() -> store.list().stream()
                        .filter(model -> model.entry().task() == task)
                        .findFirst());
    }

    /**
     * Installs the model for {@code task} that is best to be had, unless there is one; and rewrites one that was
     * installed where that was not possible.
     *
     * @throws ModelException if that fails
     */
    void provide(Task task, PrintWriter notes) {
        CatalogEntry entry =
                installed(task).map(InstalledModel::entry).orElseGet(() -> catalog.defaultFor(task, store.sources()));
        describe(task, install(entry, notes), notes);
    }

    /**
     * Installs a model, or what is still missing of it, and shows how far it is.
     *
     * @throws ModelException if that fails
     */
    InstalledModel install(CatalogEntry entry, PrintWriter notes) {
        ProgressBar progress = new ProgressBar(notes);
        try {
            return store.install(entry, progress);
        } finally {
            progress.finish();
        }
    }

    private void describe(Task task, InstalledModel model, PrintWriter notes) {
        CatalogEntry recommended = catalog.recommended(task);
        notes.println("model for " + task.name().toLowerCase(Locale.ROOT) + ": " + model.id() + ". "
                + model.entry().quality());
        if (!model.requantization().isEmpty()) {
            notes.println("  " + model.requantization());
        }
        notes.println("  "
                + (model.id().equals(recommended.id())
                        ? "others: 'outcrop models list'"
                        : "a better one, where a model hub answers: 'outcrop models pull " + recommended.id() + "'"));
        notes.flush();
    }
}
