package dev.outcrop.services.comprehend.custom;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.services.comprehend.documents.S3Place;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.RecordQuery.Order;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.comprehend.model.CreateFlywheelRequest;
import software.amazon.awssdk.services.comprehend.model.CreateFlywheelResponse;
import software.amazon.awssdk.services.comprehend.model.DataSecurityConfig;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.services.comprehend.model.EntityTypesListItem;
import software.amazon.awssdk.services.comprehend.model.FlywheelFilter;
import software.amazon.awssdk.services.comprehend.model.FlywheelProperties;
import software.amazon.awssdk.services.comprehend.model.FlywheelStatus;
import software.amazon.awssdk.services.comprehend.model.FlywheelSummary;
import software.amazon.awssdk.services.comprehend.model.ListFlywheelsRequest;
import software.amazon.awssdk.services.comprehend.model.ModelType;
import software.amazon.awssdk.services.comprehend.model.TaskConfig;
import software.amazon.awssdk.services.comprehend.model.UpdateFlywheelRequest;

/**
 * Flywheels: a task, its data lake, and the model that does the task at present.
 *
 * <p>Source: the operations on flywheels of the Amazon Comprehend API reference; "Flywheels" of the developer guide.
 */
public final class Flywheels {
    static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int MOST = 50;

    private final Resources<FlywheelProperties> flywheels;
    private final ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> classifiers;
    private final ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> recognizers;
    private final CustomModels models;
    private final ModelTags tags;
    private final IdempotencyTokens tokens;
    private final InstantSource clock;

    Flywheels(
            ResourceStore store,
            ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> classifiers,
            ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> recognizers,
            CustomModels models,
            ModelTags tags,
            InstantSource clock) {
        flywheels = store.resources("comprehend:flywheel", FlywheelProperties::builder);
        this.classifiers = classifiers;
        this.recognizers = recognizers;
        this.models = models;
        this.tags = tags;
        this.tokens = store.idempotencyTokens();
        this.clock = clock;
    }

    public CreateFlywheelResponse create(CreateFlywheelRequest request) {
        return Failures.once(() -> tokens.once(
                "comprehend:CreateFlywheel",
                request.clientRequestToken(),
                request,
                CreateFlywheelResponse::builder,
                () -> begin(request)));
    }

    private CreateFlywheelResponse begin(CreateFlywheelRequest request) {
        boolean hasModel = request.activeModelArn() != null;
        if (hasModel == (request.taskConfig() != null) || hasModel == (request.modelType() != null)) {
            throw Failures.invalid("Specify either ActiveModelArn, or both TaskConfig and ModelType.");
        }
        TaskConfig task = hasModel ? task(request.activeModelArn()) : request.taskConfig();
        ModelType type = hasModel ? type(request.activeModelArn()) : request.modelType();
        check(task, type);
        if (flywheels.list().all().size() >= MOST) {
            throw Failures.limit("An account may have " + MOST + " flywheels.");
        }
        Instant now = clock.instant();
        String arn = Ids.arn("comprehend", "flywheel/" + request.flywheelName());
        FlywheelProperties flywheel = FlywheelProperties.builder()
                .flywheelArn(arn)
                .activeModelArn(request.activeModelArn())
                .dataAccessRoleArn(request.dataAccessRoleArn())
                .taskConfig(task)
                .modelType(type)
                .dataLakeS3Uri(S3Place.of(request.dataLakeS3Uri())
                        .below(request.flywheelName() + "/schemaVersion=1/" + STAMP.format(now))
                        .uri())
                .dataSecurityConfig(request.dataSecurityConfig())
                .status(FlywheelStatus.ACTIVE)
                .creationTime(now)
                .lastModifiedTime(now)
                .build();
        try {
            flywheels.insert(request.flywheelName(), flywheel);
        } catch (AwsError taken) {
            throw Failures.inUse("A flywheel named " + request.flywheelName() + " exists already.");
        }
        tags.add(arn, request.tags());
        return CreateFlywheelResponse.builder()
                .flywheelArn(arn)
                .activeModelArn(request.activeModelArn())
                .build();
    }

    private static ModelType type(String model) {
        return CustomModels.isClassifier(model) ? ModelType.DOCUMENT_CLASSIFIER : ModelType.ENTITY_RECOGNIZER;
    }

    /** What a model that is there does. */
    private TaskConfig task(String model) {
        models.requireTrained(model);
        if (CustomModels.isClassifier(model)) {
            DocumentClassifierProperties classifier = classifiers.get(model);
            return TaskConfig.builder()
                    .languageCode(classifier.languageCodeAsString())
                    .documentClassificationConfig(configuration -> configuration.mode(classifier.modeAsString()))
                    .build();
        }
        EntityRecognizerProperties recognizer = recognizers.get(model);
        return TaskConfig.builder()
                .languageCode(recognizer.languageCodeAsString())
                .entityRecognitionConfig(configuration ->
                        configuration.entityTypes(recognizer.recognizerMetadata().entityTypes().stream()
                                .map(type -> EntityTypesListItem.builder()
                                        .type(type.type())
                                        .build())
                                .toList()))
                .build();
    }

    private static void check(TaskConfig task, ModelType type) {
        boolean fits = type == ModelType.DOCUMENT_CLASSIFIER
                ? task.documentClassificationConfig() != null && task.entityRecognitionConfig() == null
                : task.entityRecognitionConfig() != null && task.documentClassificationConfig() == null;
        if (!fits) {
            throw Failures.invalid("TaskConfig must have the configuration of the ModelType, and no other.");
        }
    }

    boolean exists(String arn) {
        return find(arn).isPresent();
    }

    private Optional<FlywheelProperties> find(String arn) {
        FlywheelArn parsed = FlywheelArn.of(arn);
        CallContext call = CallContext.current();
        boolean own = parsed.account().equals(call.account()) && parsed.region().equals(call.region());
        return own ? flywheels.find(parsed.name()) : Optional.empty();
    }

    public FlywheelProperties get(String arn) {
        return find(arn).orElseThrow(Failures::missing);
    }

    /** The ARN of the model that a flywheel's task is done by. */
    String activeModel(String arn) {
        String model = get(arn).activeModelArn();
        if (model == null) {
            throw Failures.unavailable("The flywheel " + arn + " has no active model version.");
        }
        return model;
    }

    public Page<FlywheelSummary> list(ListFlywheelsRequest request) {
        FlywheelFilter filter =
                request.filter() == null ? FlywheelFilter.builder().build() : request.filter();
        Page<FlywheelProperties> page = Failures.page(() -> flywheels
                .list()
                .order(Order.NEWEST_FIRST)
                .where(flywheel -> (filter.status() == null || filter.status() == flywheel.status())
                        && (filter.creationTimeAfter() == null
                                || flywheel.creationTime().isAfter(filter.creationTimeAfter()))
                        && (filter.creationTimeBefore() == null
                                || flywheel.creationTime().isBefore(filter.creationTimeBefore())))
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page());
        return new Page<>(
                page.items().stream()
                        .map(flywheel ->
                                Shapes.copy(flywheel, FlywheelSummary.builder()).build())
                        .toList(),
                page.nextToken());
    }

    /** Changes a flywheel, such as the model that does its task. */
    public FlywheelProperties update(UpdateFlywheelRequest request) {
        FlywheelProperties present = get(request.flywheelArn());
        if (request.activeModelArn() != null) {
            models.requireTrained(request.activeModelArn());
            if (type(request.activeModelArn()) != present.modelType()) {
                throw Failures.invalid("The new active model must be of the flywheel's ModelType.");
            }
        }
        return change(request.flywheelArn(), flywheel -> {
            FlywheelProperties.Builder changed = Shapes.copy(request, flywheel.toBuilder());
            if (request.dataSecurityConfig() != null) {
                DataSecurityConfig before = flywheel.dataSecurityConfig() == null
                        ? DataSecurityConfig.builder().build()
                        : flywheel.dataSecurityConfig();
                changed.dataSecurityConfig(Shapes.copy(request.dataSecurityConfig(), before.toBuilder())
                        .build());
            }
            return changed.lastModifiedTime(clock.instant()).build();
        });
    }

    FlywheelProperties change(String arn, UnaryOperator<FlywheelProperties> change) {
        return flywheels.update(FlywheelArn.of(arn).name(), change);
    }

    void delete(String arn) {
        get(arn);
        flywheels.delete(FlywheelArn.of(arn).name());
        tags.removeAll(arn);
    }

    /** Whether a flywheel has a model as its active one. */
    boolean isUsed(String model) {
        return flywheels.list().all().stream().anyMatch(flywheel -> model.equals(flywheel.activeModelArn()));
    }
}
