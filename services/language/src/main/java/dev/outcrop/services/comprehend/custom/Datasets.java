package dev.outcrop.services.comprehend.custom;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.learning.AnnotatedText;
import dev.outcrop.engines.learning.DocumentClassifier;
import dev.outcrop.engines.learning.LabelledText;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.JobRun;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.services.comprehend.documents.S3Place;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.RecordQuery.Order;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.services.comprehend.model.CreateDatasetRequest;
import software.amazon.awssdk.services.comprehend.model.CreateDatasetResponse;
import software.amazon.awssdk.services.comprehend.model.DatasetAugmentedManifestsListItem;
import software.amazon.awssdk.services.comprehend.model.DatasetDataFormat;
import software.amazon.awssdk.services.comprehend.model.DatasetEntityRecognizerInputDataConfig;
import software.amazon.awssdk.services.comprehend.model.DatasetFilter;
import software.amazon.awssdk.services.comprehend.model.DatasetInputDataConfig;
import software.amazon.awssdk.services.comprehend.model.DatasetProperties;
import software.amazon.awssdk.services.comprehend.model.DatasetStatus;
import software.amazon.awssdk.services.comprehend.model.DatasetType;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierInputDataConfig;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerInputDataConfig;
import software.amazon.awssdk.services.comprehend.model.FlywheelProperties;
import software.amazon.awssdk.services.comprehend.model.ListDatasetsRequest;
import software.amazon.awssdk.services.comprehend.model.ModelType;

/**
 * The datasets of flywheels. What they are made of is copied into the flywheel's data lake and read once, so that an
 * iteration finds what was given.
 *
 * <p>Source: the operations on datasets of the Amazon Comprehend API reference; "Flywheel datasets" of the developer guide.
 */
public final class Datasets implements Work {
    /** What the jobs are to {@link Jobs}. */
    static final String KIND = "comprehend:dataset";

    private final Resources<DatasetProperties> datasets;
    private final Resources<DatasetInputDataConfig> inputs;
    private final Flywheels flywheels;
    private final ModelTags tags;
    private final IdempotencyTokens tokens;
    private final Supplier<Clients> clients;
    private final Supplier<Jobs> jobs;
    private final InstantSource clock;

    Datasets(
            ResourceStore store,
            Flywheels flywheels,
            ModelTags tags,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            InstantSource clock) {
        datasets = store.resources("comprehend:dataset", DatasetProperties::builder)
                .under(dataset -> FlywheelArn.of(dataset.datasetArn()).name());
        inputs = store.resources("comprehend:dataset-input", DatasetInputDataConfig::builder);
        this.flywheels = flywheels;
        this.tags = tags;
        this.tokens = store.idempotencyTokens();
        this.clients = clients;
        this.jobs = jobs;
        this.clock = clock;
    }

    public CreateDatasetResponse create(CreateDatasetRequest request) {
        return Failures.once(() -> tokens.once(
                "comprehend:CreateDataset",
                request.clientRequestToken(),
                request,
                CreateDatasetResponse::builder,
                () -> begin(request)));
    }

    private CreateDatasetResponse begin(CreateDatasetRequest request) {
        FlywheelProperties flywheel = flywheels.get(request.flywheelArn());
        check(flywheel, request.inputDataConfig());
        Instant now = clock.instant();
        String arn = flywheel.flywheelArn() + "/dataset/" + request.datasetName();
        DatasetProperties dataset = DatasetProperties.builder()
                .datasetArn(arn)
                .datasetName(request.datasetName())
                .datasetType(request.datasetType() == null ? DatasetType.TRAIN : request.datasetType())
                .datasetS3Uri(S3Place.of(flywheel.dataLakeS3Uri())
                        .below("datasets/" + request.datasetName() + "/" + Flywheels.STAMP.format(now))
                        .uri())
                .description(request.description())
                .status(DatasetStatus.CREATING)
                .creationTime(now)
                .build();
        try {
            datasets.insert(id(arn), dataset);
        } catch (AwsError taken) {
            throw Failures.inUse("A dataset named " + request.datasetName() + " exists already.");
        }
        tags.add(arn, request.tags());
        inputs.put(id(arn), request.inputDataConfig());
        jobs.get().submit(KIND, "comprehend-dataset-" + UUID.randomUUID(), arn.getBytes(UTF_8));
        return CreateDatasetResponse.builder().datasetArn(arn).build();
    }

    private static void check(FlywheelProperties flywheel, DatasetInputDataConfig input) {
        if (input.dataFormat() == DatasetDataFormat.AUGMENTED_MANIFEST) {
            Manifests.check(recognizer(input, flywheel).augmentedManifests());
        } else if (flywheel.modelType() == ModelType.DOCUMENT_CLASSIFIER
                ? input.documentClassifierInputDataConfig() == null
                : input.entityRecognizerInputDataConfig() == null) {
            throw Failures.invalid("InputDataConfig must have the configuration of the flywheel's ModelType.");
        }
    }

    private static String id(String arn) {
        return arn.substring(arn.lastIndexOf(":flywheel/") + ":flywheel/".length());
    }

    private static String arn(Job job) {
        return new String(job.input(), UTF_8);
    }

    @Override
    public void run(JobRun run) throws Exception {
        String arn = arn(run.job());
        DatasetProperties dataset = get(arn);
        FlywheelProperties flywheel = flywheels.get(arn.substring(0, arn.indexOf("/dataset/")));
        RoleBuckets buckets = new RoleBuckets(clients, flywheel.dataAccessRoleArn(), flywheel.flywheelArn());
        Optional<String> key = flywheel.dataSecurityConfig() == null
                ? Optional.empty()
                : Optional.ofNullable(flywheel.dataSecurityConfig().dataLakeKmsKeyId());
        DatasetInputDataConfig given = inputs.get(id(arn));
        DatasetInputDataConfig copied = copied(given, S3Place.of(dataset.datasetS3Uri()), buckets, key);
        inputs.put(id(arn), copied);
        long documents;
        if (flywheel.modelType() == ModelType.DOCUMENT_CLASSIFIER) {
            List<LabelledText> texts = new ArrayList<>();
            ClassifierData.read(buckets, classifier(copied), mode(flywheel), texts, texts);
            documents = texts.size();
        } else {
            List<AnnotatedText> texts = new ArrayList<>();
            RecognizerData.read(buckets, recognizer(copied, flywheel), texts, texts, new TreeMap<>());
            documents = texts.size();
        }
        datasets.update(
                id(arn),
                present -> present.toBuilder().numberOfDocuments(documents).build());
    }

    @Override
    public void ended(Job job) {
        boolean completed = job.status() == Job.Status.COMPLETED;
        datasets.update(
                id(arn(job)),
                present -> present.toBuilder()
                        .status(completed ? DatasetStatus.COMPLETED : DatasetStatus.FAILED)
                        .message(job.reason().orElse(null))
                        .endTime(clock.instant())
                        .build());
    }

    /** The input as it is in the data lake. */
    private static DatasetInputDataConfig copied(
            DatasetInputDataConfig given, S3Place lake, RoleBuckets buckets, Optional<String> key) {
        DatasetInputDataConfig.Builder copied = given.toBuilder();
        List<DatasetAugmentedManifestsListItem> manifests = new ArrayList<>();
        for (DatasetAugmentedManifestsListItem manifest : given.augmentedManifests()) {
            String to = copy(manifest.s3Uri(), lake.below("manifest" + manifests.size()), buckets, key);
            String name = manifest.s3Uri().substring(manifest.s3Uri().lastIndexOf('/') + 1);
            manifests.add(manifest.toBuilder().s3Uri(to + name).build());
        }
        copied.augmentedManifests(manifests);
        if (given.documentClassifierInputDataConfig() != null) {
            String from = given.documentClassifierInputDataConfig().s3Uri();
            copied.documentClassifierInputDataConfig(given.documentClassifierInputDataConfig().toBuilder()
                    .s3Uri(copy(from, lake.below("documents"), buckets, key))
                    .build());
        }
        if (given.entityRecognizerInputDataConfig() != null) {
            DatasetEntityRecognizerInputDataConfig from = given.entityRecognizerInputDataConfig();
            DatasetEntityRecognizerInputDataConfig.Builder to = from.toBuilder();
            to.documents(from.documents().toBuilder()
                    .s3Uri(copy(from.documents().s3Uri(), lake.below("documents"), buckets, key))
                    .build());
            if (from.annotations() != null) {
                to.annotations(
                        at -> at.s3Uri(copy(from.annotations().s3Uri(), lake.below("annotations"), buckets, key)));
            }
            if (from.entityList() != null) {
                to.entityList(at -> at.s3Uri(copy(from.entityList().s3Uri(), lake.below("entities"), buckets, key)));
            }
            copied.entityRecognizerInputDataConfig(to.build());
        }
        return copied.build();
    }

    private static String copy(String from, S3Place to, RoleBuckets buckets, Optional<String> key) {
        String target = to.below("").uri();
        // A job that was killed behind the copying finds the copies named already.
        return from.equals(target) || from.startsWith(target)
                ? from
                : buckets.copy(S3Place.of(from), to, key).uri();
    }

    static DocumentClassifier.Mode mode(FlywheelProperties flywheel) {
        return ClassifierData.mode(
                flywheel.taskConfig().documentClassificationConfig().mode());
    }

    private static DocumentClassifierInputDataConfig classifier(DatasetInputDataConfig input) {
        DocumentClassifierInputDataConfig.Builder common =
                Shapes.copy(input, DocumentClassifierInputDataConfig.builder());
        return input.documentClassifierInputDataConfig() == null
                ? common.build()
                : Shapes.copy(input.documentClassifierInputDataConfig(), common).build();
    }

    private static EntityRecognizerInputDataConfig recognizer(
            DatasetInputDataConfig input, FlywheelProperties flywheel) {
        EntityRecognizerInputDataConfig.Builder common = Shapes.copy(input, EntityRecognizerInputDataConfig.builder());
        if (flywheel.taskConfig().entityRecognitionConfig() != null) {
            common.entityTypes(flywheel.taskConfig().entityRecognitionConfig().entityTypes());
        }
        return input.entityRecognizerInputDataConfig() == null
                ? common.build()
                : Shapes.copy(input.entityRecognizerInputDataConfig(), common).build();
    }

    private List<DatasetProperties> completed(FlywheelProperties flywheel, DatasetType type) {
        return datasets.list().under(FlywheelArn.of(flywheel.flywheelArn()).name()).all().stream()
                .filter(dataset -> dataset.status() == DatasetStatus.COMPLETED && dataset.datasetType() == type)
                .toList();
    }

    /** All labelled texts of a flywheel's datasets. */
    ClassifierData labelled(FlywheelProperties flywheel, RoleBuckets buckets) throws IOException {
        List<LabelledText> train = new ArrayList<>();
        List<LabelledText> test = new ArrayList<>();
        for (DatasetProperties dataset : completed(flywheel, DatasetType.TRAIN)) {
            ClassifierData.read(
                    buckets, classifier(inputs.get(id(dataset.datasetArn()))), mode(flywheel), train, train);
        }
        for (DatasetProperties dataset : completed(flywheel, DatasetType.TEST)) {
            ClassifierData.read(buckets, classifier(inputs.get(id(dataset.datasetArn()))), mode(flywheel), test, test);
        }
        return ClassifierData.of(train, test, mode(flywheel));
    }

    /** All annotated texts of a flywheel's datasets. */
    RecognizerData annotated(FlywheelProperties flywheel, RoleBuckets buckets) throws IOException {
        List<AnnotatedText> train = new ArrayList<>();
        List<AnnotatedText> test = new ArrayList<>();
        Map<String, String> phrases = new TreeMap<>();
        for (DatasetProperties dataset : completed(flywheel, DatasetType.TRAIN)) {
            var input = recognizer(inputs.get(id(dataset.datasetArn())), flywheel);
            RecognizerData.read(buckets, input, train, train, phrases);
        }
        for (DatasetProperties dataset : completed(flywheel, DatasetType.TEST)) {
            var input = recognizer(inputs.get(id(dataset.datasetArn())), flywheel);
            RecognizerData.read(buckets, input, test, test, new TreeMap<>());
        }
        return RecognizerData.of(
                train,
                test,
                phrases,
                RecognizerData.types(recognizer(DatasetInputDataConfig.builder().build(), flywheel)));
    }

    boolean exists(String arn) {
        return find(arn).isPresent();
    }

    private Optional<DatasetProperties> find(String arn) {
        FlywheelArn parsed = FlywheelArn.of(arn);
        CallContext call = CallContext.current();
        boolean own = parsed.account().equals(call.account()) && parsed.region().equals(call.region());
        return own ? datasets.find(id(arn)) : Optional.empty();
    }

    public DatasetProperties get(String arn) {
        return find(arn).orElseThrow(Failures::missing);
    }

    public Page<DatasetProperties> list(ListDatasetsRequest request) {
        DatasetFilter filter =
                request.filter() == null ? DatasetFilter.builder().build() : request.filter();
        Resources<DatasetProperties>.Listing listing = datasets.list().order(Order.NEWEST_FIRST);
        if (request.flywheelArn() != null) {
            flywheels.get(request.flywheelArn());
            listing.under(FlywheelArn.of(request.flywheelArn()).name());
        }
        return Failures.page(() -> listing.where(
                        dataset -> (filter.status() == null || filter.status() == dataset.status())
                                && (filter.datasetType() == null || filter.datasetType() == dataset.datasetType())
                                && (filter.creationTimeAfter() == null
                                        || dataset.creationTime().isAfter(filter.creationTimeAfter()))
                                && (filter.creationTimeBefore() == null
                                        || dataset.creationTime().isBefore(filter.creationTimeBefore())))
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page());
    }

    /** Forgets the datasets of a flywheel; what is in the data lake stays. */
    void deleteAll(String flywheel) {
        for (DatasetProperties dataset :
                datasets.list().under(FlywheelArn.of(flywheel).name()).all()) {
            datasets.delete(id(dataset.datasetArn()));
            inputs.delete(id(dataset.datasetArn()));
            tags.removeAll(dataset.datasetArn());
        }
    }
}
