package dev.outcrop.console;

import dev.outcrop.engines.models.CatalogEntry;
import dev.outcrop.engines.models.ModelException;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress.Step;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches models while the server runs, and knows how far each is. What is under way is forgotten when the server ends. */
final class ModelPulls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModelPulls.class);

    private final ModelStore store;
    private final Map<String, Pull> pulls = new ConcurrentHashMap<>();
    private final Map<String, String> failures = new ConcurrentHashMap<>();

    ModelPulls(ModelStore store) {
        this.store = store;
    }

    /** Begins to fetch a model, unless that is under way. */
    void start(CatalogEntry entry) {
        pulls.computeIfAbsent(entry.id(), id -> {
            failures.remove(id);
            Pull pull = new Pull();
            pull.thread = Thread.ofVirtual().name("pull " + id).unstarted(() -> fetch(entry, pull));
            pull.thread.start();
            return pull;
        });
    }

    private void fetch(CatalogEntry entry, Pull pull) {
        try {
            store.install(entry, step -> pull.step = Optional.of(step));
        } catch (ModelException failure) {
            if (failure.category() != ModelException.Category.CANCELLED) {
                LOG.warn("model {} could not be fetched", entry.id(), failure);
                failures.put(entry.id(), failure.getMessage());
            }
        } catch (RuntimeException failure) {
            LOG.error("model {} could not be fetched", entry.id(), failure);
            failures.put(entry.id(), "The server failed unexpectedly; its log says why.");
        } finally {
            pulls.remove(entry.id());
        }
    }

    /** Stops fetching a model; what has come is kept, and the next attempt goes on from there. */
    void stop(String id) {
        Pull pull = pulls.get(id);
        if (pull != null) {
            pull.thread.interrupt();
        }
    }

    /** Whether a model is being fetched. */
    boolean isUnderWay(String id) {
        return pulls.containsKey(id);
    }

    /** How far the fetching of a model is; empty where none is under way, or one has only begun. */
    Optional<Step> step(String id) {
        return Optional.ofNullable(pulls.get(id)).flatMap(pull -> pull.step);
    }

    /** Why the last attempt to fetch a model failed. */
    Optional<String> failure(String id) {
        return Optional.ofNullable(failures.get(id));
    }

    @Override
    public void close() {
        pulls.values().forEach(pull -> pull.thread.interrupt());
    }

    private static final class Pull {
        private Thread thread = Thread.currentThread();
        private volatile Optional<Step> step = Optional.empty();
    }
}
