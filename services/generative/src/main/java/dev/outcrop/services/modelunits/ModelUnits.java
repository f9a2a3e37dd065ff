package dev.outcrop.services.modelunits;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import software.amazon.awssdk.services.bedrock.model.GetProvisionedModelThroughputResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;

/**
 * Lets calls to models in as far as model units allow. A call is let in when its model is chosen, and has left when it is
 * recorded. Where nobody has bought units, nothing is counted.
 */
public final class ModelUnits implements CallRecorder {
    /** The type of the records of provisioned models. */
    public static final String TYPE = "bedrock:provisioned-model";

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final Optional<Records> records;
    private final Function<String, Optional<String>> answering;
    private final int slots;
    private final AtomicLong changes = new AtomicLong();
    private volatile Known known = new Known(-1, Map.of());
    private final ConcurrentMap<CallContext, Place> inside = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final Map<Place, Integer> counts = new HashMap<>();

    /**
     * Units.
     *
     * @param answering the installed model that answers for a model id
     * @param slots     how many answers an installed model writes at once
     */
    public ModelUnits(Records records, Function<String, Optional<String>> answering, int slots) {
        this(Optional.of(records), answering, slots);
        records.watch(TYPE, _ -> changes.incrementAndGet(), changes::incrementAndGet);
    }

    private ModelUnits(Optional<Records> records, Function<String, Optional<String>> answering, int slots) {
        this.records = records;
        this.answering = answering;
        this.slots = slots;
    }

    /** Where nobody can buy units. */
    public static ModelUnits none() {
        return new ModelUnits(Optional.empty(), _ -> Optional.empty(), 1);
    }

    /** What provisioned models there were after so many changes, by their ARNs. */
    private record Known(long changes, Map<String, ProvisionedModel> models) {}

    /** What a call takes one of: a unit of a provisioned model, or what is left of an installed one. */
    private record Place(Optional<String> arn, String installed) {}

    /** The provisioned model with {@code arn}, whoever's. */
    public Optional<ProvisionedModel> find(String arn) {
        return Optional.ofNullable(models().get(arn));
    }

    /** How many more units could be kept of the model that answers for {@code modelId}; one answer is left to on-demand calls. */
    public int free(String modelId) {
        return answering
                .apply(modelId)
                .map(installed -> slots - 1 - reserved(installed))
                .orElse(0);
    }

    private int reserved(String installed) {
        int reserved = 0;
        for (ProvisionedModel model : models().values()) {
            if (answering.apply(model.modelId()).filter(installed::equals).isPresent()) {
                reserved += model.units();
            }
        }
        return reserved;
    }

    /**
     * Lets the present call in, once.
     *
     * @param arn       of the provisioned model that it names, if it names one
     * @param installed the model that answers it
     * @throws ThrottlingException if there are too many calls
     */
    public void enter(Optional<String> arn, String installed) {
        if (models().isEmpty() || inside.containsKey(CallContext.current())) {
            return;
        }
        Place place = new Place(arn, installed);
        long nanosLeft = arn.isPresent() ? 0 : LONGEST_WAIT.toNanos();
        lock.lock();
        try {
            while (counts.getOrDefault(place, 0) >= most(place)) {
                if (nanosLeft <= 0) {
                    throw throttled();
                }
                nanosLeft = left.awaitNanos(nanosLeft);
            }
            counts.merge(place, 1, Integer::sum);
            inside.put(CallContext.current(), place);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw throttled();
        } finally {
            lock.unlock();
        }
    }

    private int most(Place place) {
        return place.arn
                .map(arn -> find(arn).map(ProvisionedModel::units).orElse(0))
                .orElseGet(() -> Math.max(1, slots - reserved(place.installed)));
    }

    private static ThrottlingException throttled() {
        return ThrottlingException.builder()
                .message("Too many requests, please wait before trying again.")
                .build();
    }

    @Override
    public void record(CallRecord call) {
        Place place = inside.isEmpty() ? null : inside.remove(call.context());
        if (place != null) {
            lock.lock();
            try {
                counts.computeIfPresent(place, (_, count) -> count == 1 ? null : count - 1);
                left.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private Map<String, ProvisionedModel> models() {
        Known present = known;
        long now = changes.get();
        if (present.changes == now) {
            return present.models;
        }
        Map<String, ProvisionedModel> models = new HashMap<>();
        for (StoredRecord record :
                records.map(all -> all.all(TYPE, Optional.empty()).toList()).orElse(List.of())) {
            GetProvisionedModelThroughputResponse model =
                    StoredShapes.read(record.body(), GetProvisionedModelThroughputResponse::builder);
            String arn = model.modelArn();
            models.put(
                    model.provisionedModelArn(),
                    new ProvisionedModel(
                            model.provisionedModelArn(), arn.substring(arn.indexOf('/') + 1), model.modelUnits()));
        }
        known = new Known(now, Map.copyOf(models));
        return known.models;
    }
}
