package dev.outcrop.services.comprehend.custom;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.learning.ClassifierEvaluation;
import dev.outcrop.engines.learning.Progress;
import dev.outcrop.engines.learning.RecognizerEvaluation.Scores;
import dev.outcrop.engines.learning.UntrainableException;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.storage.RecordQuery.Order;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.services.comprehend.model.FlywheelIterationFilter;
import software.amazon.awssdk.services.comprehend.model.FlywheelIterationProperties;
import software.amazon.awssdk.services.comprehend.model.FlywheelIterationStatus;
import software.amazon.awssdk.services.comprehend.model.FlywheelModelEvaluationMetrics;
import software.amazon.awssdk.services.comprehend.model.FlywheelProperties;
import software.amazon.awssdk.services.comprehend.model.ListFlywheelIterationHistoryRequest;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;
import software.amazon.awssdk.services.comprehend.model.ModelType;
import software.amazon.awssdk.services.comprehend.model.StartFlywheelIterationRequest;
import software.amazon.awssdk.services.comprehend.model.StartFlywheelIterationResponse;

/**
 * Iterations of flywheels: a new version of the model is trained on all training datasets, and compared with the active one
 * on all test datasets. Which of them is active from then on, the user says.
 *
 * <p>Source: StartFlywheelIteration and DescribeFlywheelIteration of the Amazon Comprehend API reference; "Flywheel
 * iterations" of the developer guide.
 */
public final class Iterations implements Work {
    /** What the jobs are to {@link Jobs}. */
    static final String KIND = "comprehend:flywheel-iteration";

    private static final int VERSION_ID = 8;

    private final Resources<FlywheelIterationProperties> iterations;
    private final Flywheels flywheels;
    private final Datasets datasets;
    private final ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> classifiers;
    private final ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> recognizers;
    private final CustomModels models;
    private final ModelFiles files;
    private final IdempotencyTokens tokens;
    private final Supplier<Clients> clients;
    private final Supplier<Jobs> jobs;
    private final Ids ids;
    private final InstantSource clock;

    Iterations(
            ResourceStore store,
            Flywheels flywheels,
            Datasets datasets,
            ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> classifiers,
            ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> recognizers,
            CustomModels models,
            ModelFiles files,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        iterations = store.resources("comprehend:flywheel-iteration", FlywheelIterationProperties::builder)
                .under(iteration -> FlywheelArn.of(iteration.flywheelArn()).name());
        this.flywheels = flywheels;
        this.datasets = datasets;
        this.classifiers = classifiers;
        this.recognizers = recognizers;
        this.models = models;
        this.files = files;
        this.tokens = store.idempotencyTokens();
        this.clients = clients;
        this.jobs = jobs;
        this.ids = ids;
        this.clock = clock;
    }

    public StartFlywheelIterationResponse start(StartFlywheelIterationRequest request) {
        return Failures.once(() -> tokens.once(
                "comprehend:StartFlywheelIteration",
                request.clientRequestToken(),
                request,
                StartFlywheelIterationResponse::builder,
                () -> begin(request.flywheelArn())));
    }

    private StartFlywheelIterationResponse begin(String arn) {
        FlywheelProperties flywheel = flywheels.get(arn);
        boolean going = iterations.list().under(FlywheelArn.of(arn).name()).all().stream()
                .anyMatch(Iterations::isGoing);
        if (going) {
            throw Failures.inUse("An iteration of the flywheel is in progress.");
        }
        Instant now = clock.instant();
        String id = Flywheels.STAMP.format(now);
        FlywheelIterationProperties iteration = FlywheelIterationProperties.builder()
                .flywheelArn(arn)
                .flywheelIterationId(id)
                .creationTime(now)
                .status(FlywheelIterationStatus.TRAINING)
                .evaluatedModelArn(flywheel.activeModelArn())
                .trainedModelArn(newVersion(flywheel))
                .build();
        try {
            iterations.insert(key(arn, id), iteration);
        } catch (AwsError taken) {
            throw Failures.inUse("An iteration of the flywheel has begun within this second.");
        }
        flywheels.change(
                arn,
                present -> present.toBuilder()
                        .latestFlywheelIteration(id)
                        .lastModifiedTime(now)
                        .build());
        jobs.get()
                .submit(KIND, "comprehend-iteration-" + ids.uuid(), key(arn, id).getBytes(UTF_8));
        return StartFlywheelIterationResponse.builder()
                .flywheelArn(arn)
                .flywheelIterationId(id)
                .build();
    }

    private static boolean isGoing(FlywheelIterationProperties iteration) {
        return switch (iteration.status()) {
            case TRAINING, EVALUATING, STOP_REQUESTED -> true;
            default -> false;
        };
    }

    /** The ARN of a version of the active model, or of one that is called as the flywheel. */
    private String newVersion(FlywheelProperties flywheel) {
        String name = flywheel.activeModelArn() == null
                ? FlywheelArn.of(flywheel.flywheelArn()).name()
                : ModelArn.of(flywheel.activeModelArn()).name();
        Optional<String> version = Optional.of("Comprehend-Generated-v1-" + ids.hexadecimal(VERSION_ID));
        return flywheel.modelType() == ModelType.DOCUMENT_CLASSIFIER
                ? classifiers.arn(name, version)
                : recognizers.arn(name, version);
    }

    private static String key(String arn, String id) {
        return FlywheelArn.of(arn).name() + "/" + id;
    }

    private static String key(Job job) {
        return new String(job.input(), UTF_8);
    }

    private void change(String key, UnaryOperator<FlywheelIterationProperties.Builder> change) {
        iterations.update(key, present -> change.apply(present.toBuilder()).build());
    }

    @Override
    public void run(JobRun run) throws Exception {
        String key = key(run.job());
        FlywheelIterationProperties iteration = iterations.get(key);
        FlywheelProperties flywheel = flywheels.get(iteration.flywheelArn());
        RoleBuckets buckets = new RoleBuckets(clients, flywheel.dataAccessRoleArn(), flywheel.flywheelArn());
        try {
            if (flywheel.modelType() == ModelType.DOCUMENT_CLASSIFIER) {
                classifier(key, iteration, flywheel, buckets, Training.progress(run));
            } else {
                recognizer(key, iteration, flywheel, buckets, Training.progress(run));
            }
        } catch (UntrainableException untrainable) {
            throw AwsError.validation(untrainable.getMessage());
        }
    }

    private void classifier(
            String key,
            FlywheelIterationProperties iteration,
            FlywheelProperties flywheel,
            RoleBuckets buckets,
            Progress progress)
            throws IOException {
        ClassifierData data = datasets.labelled(flywheel, buckets);
        TrainedClassifier trained = TrainedClassifier.of(data, Datasets.mode(flywheel), progress);
        change(key, present -> present.status(FlywheelIterationStatus.EVALUATING));
        if (iteration.evaluatedModelArn() != null) {
            ClassifierEvaluation active = models.classifier(iteration.evaluatedModelArn())
                    .classifier()
                    .evaluate(data.test());
            change(key, present -> present.evaluatedModelMetrics(metrics(active)));
        }
        change(key, present -> present.trainedModelMetrics(metrics(trained.evaluation())));
        keep(iteration.trainedModelArn(), trained.bytes(), flywheel);
        if (classifiers.find(iteration.trainedModelArn()).isEmpty()) {
            Instant now = clock.instant();
            classifiers.add(
                    iteration.trainedModelArn(),
                    DocumentClassifierProperties.builder()
                            .languageCode(flywheel.taskConfig().languageCodeAsString())
                            .mode(flywheel.taskConfig()
                                    .documentClassificationConfig()
                                    .modeAsString())
                            .versionName(ModelArn.of(iteration.trainedModelArn())
                                    .version()
                                    .orElse(null))
                            .trainingStartTime(iteration.creationTime())
                            .trainingEndTime(now)
                            .endTime(now)
                            .classifierMetadata(trained.metadata())
                            .dataAccessRoleArn(flywheel.dataAccessRoleArn())
                            .modelKmsKeyId(kmsKey(flywheel).orElse(null))
                            .flywheelArn(flywheel.flywheelArn()),
                    ModelStatus.TRAINED);
        }
    }

    private void recognizer(
            String key,
            FlywheelIterationProperties iteration,
            FlywheelProperties flywheel,
            RoleBuckets buckets,
            Progress progress)
            throws IOException {
        RecognizerData data = datasets.annotated(flywheel, buckets);
        TrainedRecognizer trained = TrainedRecognizer.of(data, progress);
        change(key, present -> present.status(FlywheelIterationStatus.EVALUATING));
        if (iteration.evaluatedModelArn() != null) {
            Scores active = models.recognizer(iteration.evaluatedModelArn())
                    .recognizer()
                    .evaluate(data.test())
                    .overall();
            change(key, present -> present.evaluatedModelMetrics(metrics(active)));
        }
        change(
                key,
                present ->
                        present.trainedModelMetrics(metrics(trained.evaluation().overall())));
        keep(iteration.trainedModelArn(), trained.bytes(), flywheel);
        if (recognizers.find(iteration.trainedModelArn()).isEmpty()) {
            Instant now = clock.instant();
            recognizers.add(
                    iteration.trainedModelArn(),
                    EntityRecognizerProperties.builder()
                            .languageCode(flywheel.taskConfig().languageCodeAsString())
                            .versionName(ModelArn.of(iteration.trainedModelArn())
                                    .version()
                                    .orElse(null))
                            .trainingStartTime(iteration.creationTime())
                            .trainingEndTime(now)
                            .endTime(now)
                            .recognizerMetadata(trained.metadata())
                            .dataAccessRoleArn(flywheel.dataAccessRoleArn())
                            .modelKmsKeyId(kmsKey(flywheel).orElse(null))
                            .flywheelArn(flywheel.flywheelArn()),
                    ModelStatus.TRAINED);
        }
    }

    private static Optional<String> kmsKey(FlywheelProperties flywheel) {
        return flywheel.dataSecurityConfig() == null
                ? Optional.empty()
                : Optional.ofNullable(flywheel.dataSecurityConfig().modelKmsKeyId());
    }

    private void keep(String arn, byte[] bytes, FlywheelProperties flywheel) {
        files.write(arn, bytes, kmsKey(flywheel), new RoleBuckets(clients, flywheel.dataAccessRoleArn(), arn));
    }

    private static FlywheelModelEvaluationMetrics metrics(ClassifierEvaluation evaluation) {
        return FlywheelModelEvaluationMetrics.builder()
                .averageF1Score(evaluation.f1())
                .averagePrecision(evaluation.precision())
                .averageRecall(evaluation.recall())
                .averageAccuracy(evaluation.accuracy())
                .build();
    }

    private static FlywheelModelEvaluationMetrics metrics(Scores scores) {
        return FlywheelModelEvaluationMetrics.builder()
                .averageF1Score(scores.f1())
                .averagePrecision(scores.precision())
                .averageRecall(scores.recall())
                .build();
    }

    @Override
    public void ended(Job job) {
        change(
                key(job),
                present -> present.status(
                                switch (job.status()) {
                                    case COMPLETED -> FlywheelIterationStatus.COMPLETED;
                                    case STOPPED -> FlywheelIterationStatus.STOPPED;
                                    default -> FlywheelIterationStatus.FAILED;
                                })
                        .message(job.reason().orElse(null))
                        .endTime(clock.instant()));
    }

    public FlywheelIterationProperties get(String flywheel, String id) {
        flywheels.get(flywheel);
        return iterations.find(key(flywheel, id)).orElseThrow(Failures::missing);
    }

    public Page<FlywheelIterationProperties> list(ListFlywheelIterationHistoryRequest request) {
        flywheels.get(request.flywheelArn());
        FlywheelIterationFilter filter =
                request.filter() == null ? FlywheelIterationFilter.builder().build() : request.filter();
        return Failures.page(() -> iterations
                .list()
                .under(FlywheelArn.of(request.flywheelArn()).name())
                .order(Order.NEWEST_FIRST)
                .where(iteration -> (filter.creationTimeAfter() == null
                                || iteration.creationTime().isAfter(filter.creationTimeAfter()))
                        && (filter.creationTimeBefore() == null
                                || iteration.creationTime().isBefore(filter.creationTimeBefore())))
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page());
    }

    /** Forgets the iterations of a flywheel, none of which may be in progress. */
    void deleteAll(String flywheel) {
        var all = iterations.list().under(FlywheelArn.of(flywheel).name()).all();
        if (all.stream().anyMatch(Iterations::isGoing)) {
            throw Failures.inUse("An iteration of the flywheel is in progress.");
        }
        all.forEach(iteration -> iterations.delete(key(flywheel, iteration.flywheelIterationId())));
    }
}
