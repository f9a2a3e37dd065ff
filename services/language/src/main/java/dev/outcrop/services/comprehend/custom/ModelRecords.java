package dev.outcrop.services.comprehend.custom;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.RecordQuery.Order;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerFilter;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerSummary;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * The models of one kind. What kinds have in common is read through the shape of entity recognisers.
 *
 * <p>Source: the operations on document classifiers and entity recognisers of the Amazon Comprehend API reference.
 */
final class ModelRecords<B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo> {
    private static final int MOST_TRAININGS = 10;
    private static final int ID_LENGTH = 32;
    private static final Set<ModelStatus> ACTIVE =
            EnumSet.of(ModelStatus.SUBMITTED, ModelStatus.TRAINING, ModelStatus.STOP_REQUESTED);

    private final ModelKind<B, P> kind;
    private final Resources<P> resources;
    private final ModelTags tags;
    private final ModelFiles files;
    private final Supplier<Jobs> jobs;
    private final Ids ids;
    private final InstantSource clock;

    ModelRecords(
            ModelKind<B, P> kind,
            ResourceStore store,
            ModelTags tags,
            ModelFiles files,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        this.kind = kind;
        this.resources = store.resources("comprehend:" + kind.resource(), kind.newBuilder());
        this.tags = tags;
        this.files = files;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    ModelKind<B, P> kind() {
        return kind;
    }

    /** The ARN that a model of this name and version has in the account and region of the call. */
    String arn(String name, Optional<String> version) {
        return Ids.arn("comprehend", kind.resource() + "/" + ModelArn.id(name, version));
    }

    /** Adds a model that is trained by a job of the kernel. */
    void train(String arn, B model) {
        long trainings = resources
                .list()
                .where(present -> ACTIVE.contains(common(present).status()))
                .all()
                .size();
        if (trainings >= MOST_TRAININGS) {
            throw Failures.limit("The maximum number of active training jobs, " + MOST_TRAININGS + ", is reached.");
        }
        add(arn, model, ModelStatus.SUBMITTED);
        jobs.get().submit(kind.work(), job(arn), arn.getBytes(UTF_8));
    }

    /** Adds a model. */
    void add(String arn, B model, ModelStatus status) {
        ModelArn parsed = ModelArn.of(arn);
        boolean taken = resources.list().all().stream()
                .map(kind.arn())
                .map(ModelArn::of)
                .anyMatch(other -> other.name().equals(parsed.name())
                        && (parsed.version().isEmpty() || other.version().equals(parsed.version())));
        if (taken) {
            throw Failures.inUse("Concurrent modification or duplicate of the resource: a model named " + parsed.id()
                    + " exists already.");
        }
        EntityRecognizerProperties patch = EntityRecognizerProperties.builder()
                .status(status)
                .submitTime(clock.instant())
                .build();
        P complete = kind.withArn().apply(Shapes.copy(patch, model), arn).build();
        try {
            resources.insert(parsed.id(), complete);
        } catch (AwsError conflict) {
            throw Failures.inUse("A model named " + parsed.id() + " exists already.");
        }
    }

    /** The id of the kernel's job that trains a model: letters of the ARN alone would be too long and too many. */
    private static String job(String arn) {
        return "comprehend-training-" + java.util.UUID.nameUUIDFromBytes(arn.getBytes(UTF_8));
    }

    String outputId() {
        return ids.hexadecimal(ID_LENGTH);
    }

    Optional<P> find(String arn) {
        ModelArn parsed = ModelArn.of(arn);
        CallContext call = CallContext.current();
        boolean own = parsed.account().equals(call.account())
                && parsed.region().equals(call.region())
                && parsed.resource().equals(kind.resource());
        return own ? resources.find(parsed.id()) : Optional.empty();
    }

    P get(String arn) {
        return find(arn).orElseThrow(Failures::missing);
    }

    EntityRecognizerProperties common(P model) {
        return model instanceof EntityRecognizerProperties recognizer
                ? recognizer
                : Shapes.copy(model, EntityRecognizerProperties.builder()).build();
    }

    EntityRecognizerProperties common(String arn) {
        return common(get(arn));
    }

    /**
     * A page of the models that fit, the newest first.
     *
     * @param filter as a request has it, possibly null
     * @param name   that the filter asks for, or null
     */
    Page<P> list(SdkPojo filter, String name, Integer most, String token) {
        EntityRecognizerFilter wanted = filter == null
                ? EntityRecognizerFilter.builder().build()
                : Shapes.copy(filter, EntityRecognizerFilter.builder()).build();
        int given = (name == null ? 0 : 1)
                + (wanted.statusAsString() == null ? 0 : 1)
                + (wanted.submitTimeAfter() == null && wanted.submitTimeBefore() == null ? 0 : 1);
        if (given > 1) {
            throw Failures.invalidFilter();
        }
        return Failures.page(() -> resources
                .list()
                .order(Order.NEWEST_FIRST)
                .where(model -> fits(common(model), wanted)
                        && (name == null
                                || ModelArn.of(kind.arn().apply(model)).name().equals(name)))
                .maximum(most)
                .after(token)
                .page());
    }

    private static boolean fits(EntityRecognizerProperties model, EntityRecognizerFilter wanted) {
        return (wanted.status() == null || wanted.status() == model.status())
                && (wanted.submitTimeAfter() == null || model.submitTime().isAfter(wanted.submitTimeAfter()))
                && (wanted.submitTimeBefore() == null || model.submitTime().isBefore(wanted.submitTimeBefore()));
    }

    /** Each name with its versions, by the names. */
    List<EntityRecognizerSummary> summaries() {
        Map<String, List<P>> byName = new LinkedHashMap<>();
        for (P model : resources.list().all()) {
            byName.computeIfAbsent(ModelArn.of(kind.arn().apply(model)).name(), _ -> new java.util.ArrayList<>())
                    .add(model);
        }
        return byName.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> {
                    P latest = entry.getValue().stream()
                            .max(Comparator.comparing(model -> common(model).submitTime()))
                            .orElseThrow();
                    EntityRecognizerProperties told = common(latest);
                    return EntityRecognizerSummary.builder()
                            .recognizerName(entry.getKey())
                            .numberOfVersions(entry.getValue().size())
                            .latestVersionCreatedAt(told.submitTime())
                            .latestVersionName(told.versionName())
                            .latestVersionStatus(told.status())
                            .build();
                })
                .toList();
    }

    /** Changes a model, whatever it has become meanwhile. */
    P update(String arn, UnaryOperator<P> change) {
        return resources.update(ModelArn.of(arn).id(), change);
    }

    /** Brings a model to another status, unless its training has ended; one that is to stop only ends. */
    void change(String arn, ModelStatus status, Optional<String> message) {
        boolean ends = !ACTIVE.contains(status);
        update(arn, present -> {
            ModelStatus before = common(present).status();
            if (!ACTIVE.contains(before) || (before == ModelStatus.STOP_REQUESTED && !ends)) {
                return present;
            }
            EntityRecognizerProperties patch = EntityRecognizerProperties.builder()
                    .status(status)
                    .message(message.orElse(null))
                    .endTime(ends ? clock.instant() : null)
                    .trainingStartTime(status == ModelStatus.TRAINING ? clock.instant() : null)
                    .build();
            return Shapes.copy(patch, Shapes.copy(present, kind.newBuilder().get()))
                    .build();
        });
    }

    /** Asks a training to stop. */
    void stop(String arn) {
        ModelStatus status = common(arn).status();
        if (!ACTIVE.contains(status)) {
            throw Failures.invalid("The training cannot be stopped: the status of the model is " + status + ".");
        }
        change(arn, ModelStatus.STOP_REQUESTED, Optional.empty());
        jobs.get().stop(job(arn));
    }

    /** Removes a model whose training has ended. */
    void delete(String arn) {
        if (ACTIVE.contains(common(arn).status())) {
            throw Failures.unavailable("The model cannot be deleted while its training is active.");
        }
        files.delete(arn);
        tags.removeAll(arn);
        resources.delete(ModelArn.of(arn).id());
    }
}
