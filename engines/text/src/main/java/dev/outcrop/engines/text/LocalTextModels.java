package dev.outcrop.engines.text;

import dev.outcrop.engines.text.TextModelException.Category;
import dev.outcrop.engines.text.llama.LlamaTextModel;
import dev.outcrop.engines.text.openai.OpenAiTextModel;
import dev.outcrop.engines.worker.Worker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Models by their ids, wherever they are. Files are loaded when first used; when the next one would go above the memory
 * budget, idle ones are unloaded first, the one used longest ago before the others. Safe for concurrent use.
 */
public final class LocalTextModels implements TextModels {
    private static final int LOCK_SECONDS = 600;

    private final Function<String, Optional<TextModelLocation>> locations;
    private final long memoryBudget;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final ReentrantLock loading = new ReentrantLock();
    private volatile boolean closed;

    /**
     * @param locations    where the model installed under an id is; asked anew until it knows the id
     * @param memoryBudget bytes that loaded files may take together, by {@link LlamaTextModel#estimatedBytes}
     */
    public LocalTextModels(Function<String, Optional<TextModelLocation>> locations, long memoryBudget) {
        this.locations = locations;
        this.memoryBudget = memoryBudget;
    }

    /** A model that was asked for, loaded or not. */
    private record Held(TextModelLocation location, TextModel model, TextModel guarded) {}

    @Override
    public TextModel get(String id) {
        if (closed) {
            throw new TextModelException(Category.UNAVAILABLE, "the text models are closed");
        }
        return held.computeIfAbsent(
                        id,
                        asked -> hold(locations
                                .apply(asked)
                                .orElseThrow(() -> new TextModelException(
                                        Category.NOT_FOUND, "no model is installed under the id " + asked))))
                .guarded();
    }

    /** Loads the models that are to be there before anyone asks. */
    public void preload(List<String> ids) {
        for (String id : ids) {
            get(id).description();
        }
    }

    private Held hold(TextModelLocation location) {
        return switch (location) {
            case TextModelLocation.GgufFile file -> {
                LlamaTextModel model = new LlamaTextModel(file.settings());
                yield new Held(location, model, new WithinBudget(model));
            }
            case TextModelLocation.Endpoint endpoint -> {
                TextModel model = new OpenAiTextModel(endpoint.settings());
                yield new Held(location, model, model);
            }
        };
    }

    private void lock() {
        try {
            if (!loading.tryLock(LOCK_SECONDS, TimeUnit.SECONDS)) {
                throw new TextModelException(Category.NOT_READY, "another model is still being loaded");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TextModelException(Category.CANCELLED, "interrupted while waiting for a model", e);
        }
    }

    /** Loads a model after making room for it. */
    private void load(LlamaTextModel model) {
        if (model.status().isPresent()) {
            return;
        }
        lock();
        try {
            if (model.status().isPresent()) {
                return;
            }
            long needed = model.estimatedBytes();
            if (needed > memoryBudget) {
                throw new TextModelException(
                        Category.OVERLOADED,
                        "model " + model.settings().id() + " takes about " + needed + " bytes, but the budget is "
                                + memoryBudget);
            }
            List<LlamaTextModel> others =
                    files().stream().filter(other -> other.status().isPresent()).toList();
            long taken =
                    others.stream().mapToLong(LlamaTextModel::estimatedBytes).sum();
            for (LlamaTextModel idle : idleLongestFirst(others)) {
                if (taken + needed <= memoryBudget) {
                    break;
                }
                idle.unload();
                taken -= idle.estimatedBytes();
            }
            if (taken + needed > memoryBudget) {
                throw new TextModelException(
                        Category.OVERLOADED,
                        "no memory for model " + model.settings().id() + " while others are at work: try again later");
            }
            model.load();
        } finally {
            loading.unlock();
        }
    }

    private List<LlamaTextModel> idleLongestFirst(List<LlamaTextModel> models) {
        List<LlamaTextModel> idle = new ArrayList<>(models);
        idle.removeIf(model -> preloaded(model)
                || model.status().map(status -> status.calls() > 0).orElse(true));
        idle.sort(Comparator.comparing((LlamaTextModel model) ->
                        model.status().map(Worker.Status::idle).orElseThrow())
                .reversed());
        return idle;
    }

    private boolean preloaded(LlamaTextModel model) {
        return held.values().stream()
                .anyMatch(one -> one.model() == model
                        && one.location() instanceof TextModelLocation.GgufFile file
                        && file.preload());
    }

    private List<LlamaTextModel> files() {
        return held.values().stream()
                .map(Held::model)
                .filter(LlamaTextModel.class::isInstance)
                .map(LlamaTextModel.class::cast)
                .toList();
    }

    @Override
    public List<LoadedTextModel> loaded() {
        List<LoadedTextModel> loaded = new ArrayList<>();
        held.forEach((id, one) -> {
            switch (one.model()) {
                case LlamaTextModel model ->
                    model.status().ifPresent(status -> {
                        int working = Math.min(status.calls(), model.settings().parallel());
                        loaded.add(new LoadedTextModel(id, status.residentBytes(), working, status.calls() - working));
                    });
                default -> loaded.add(new LoadedTextModel(id, 0, 0, 0));
            }
        });
        return loaded;
    }

    @Override
    public void close() {
        closed = true;
        held.values().forEach(one -> one.model().close());
    }

    /** A model that makes room before it is loaded, and does not end before its house does. */
    private final class WithinBudget implements TextModel {
        private final LlamaTextModel model;

        WithinBudget(LlamaTextModel model) {
            this.model = model;
        }

        @Override
        public TextModelDescription description() {
            load(model);
            return model.description();
        }

        @Override
        public Generation generate(TextRequest request) {
            load(model);
            return model.generate(request);
        }

        @Override
        public int countTokens(Prompt prompt) {
            load(model);
            return model.countTokens(prompt);
        }

        @Override
        public void close() {
            model.unload();
        }
    }
}
