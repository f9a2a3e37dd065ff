package dev.outcrop.services.compatible;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.services.bedrockruntime.EmbeddingRoute;
import dev.outcrop.services.bedrockruntime.ModelRouting;
import dev.outcrop.services.bedrockruntime.TextRoute;
import dev.outcrop.services.bedrockruntime.families.Invocation;
import dev.outcrop.services.foundationmodels.InstalledModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** The models behind both interfaces. */
public final class ServedModels {
    private final Supplier<ModelRouting> routing;
    private final InstalledModels installed;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Instant startedAt;

    public ServedModels(
            Supplier<ModelRouting> routing, InstalledModels installed, InstantSource clock, RandomGenerator random) {
        this.routing = routing;
        this.installed = installed;
        this.clock = clock;
        this.random = random;
        this.startedAt = clock.instant();
    }

    TextRoute text(String modelId) {
        return routed(modelId, routing.get()::text);
    }

    EmbeddingRoute embedding(String modelId) {
        return routed(modelId, routing.get()::embedding);
    }

    /**
     * Makes sure that the caller may do {@code action} with a model, and with what stands behind it.
     *
     * @throws AwsError if it may not
     */
    void require(String action, String modelId) {
        routing.get().arns(modelId).forEach(arn -> CallContext.current().require(action, arn));
    }

    /** Throws if the id names nothing. */
    void find(String modelId) {
        routed(modelId, routing.get()::resolve);
    }

    private static <T> T routed(String modelId, Function<String, T> route) {
        try {
            return route.apply(modelId);
        } catch (ValidationException | ResourceNotFoundException missing) {
            NoSuchModelException failure = new NoSuchModelException(missing.getMessage());
            failure.initCause(missing);
            throw failure;
        }
    }

    /** The installed models. */
    List<InstalledModel> all() {
        return installed.all();
    }

    /** Who made a model: told of installed ones, and of others as far as the id says it. */
    String owner(String id) {
        return installed.find(id).map(InstalledModel::provider).orElseGet(() -> {
            int dot = id.indexOf('.');
            return dot > 0 ? id.substring(0, dot) : "unknown";
        });
    }

    /** A model's name for people; the id where it has none. */
    String name(String id) {
        return installed.find(id).map(InstalledModel::name).orElse(id);
    }

    /** When these models began to be served: nothing here knows when they were made. */
    Instant since() {
        return startedAt;
    }

    Invocation invocation(String modelId, boolean streaming) {
        return new Invocation(modelId, streaming, clock, random);
    }
}
