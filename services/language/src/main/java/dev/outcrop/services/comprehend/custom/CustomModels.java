package dev.outcrop.services.comprehend.custom;

import dev.outcrop.engines.learning.DocumentClassifier;
import dev.outcrop.engines.learning.EntityRecognizer;
import dev.outcrop.kernel.Clients;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;
import software.amazon.awssdk.services.comprehend.model.StartDocumentClassificationJobRequest;
import software.amazon.awssdk.services.comprehend.model.StartEntitiesDetectionJobRequest;

/**
 * Models that were trained, ready to be asked. The last few that were asked stay open for some minutes, after which KMS is
 * asked again where a model is under one of its keys.
 */
public final class CustomModels {
    private static final int MOST_OPEN = 8;
    private static final Duration KEPT = Duration.ofMinutes(5);

    private final ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> classifiers;
    private final ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> recognizers;
    private final ModelFiles files;
    private final Function<String, String> activeModel;
    private final Supplier<Clients> clients;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Open> open = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Open> eldest) {
            return size() > MOST_OPEN;
        }
    };

    private record Open(Instant trained, Instant until, Object model) {}

    /** @param activeModel the ARN of the model that a flywheel's ARN stands for */
    CustomModels(
            ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> classifiers,
            ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> recognizers,
            ModelFiles files,
            Function<String, String> activeModel,
            Supplier<Clients> clients,
            InstantSource clock) {
        this.classifiers = classifiers;
        this.recognizers = recognizers;
        this.files = files;
        this.activeModel = activeModel;
        this.clients = clients;
        this.clock = clock;
    }

    /**
     * Which model a request for a job means.
     *
     * @return a shape with nothing but the ARN of the model, if the job has one
     */
    public SdkPojo resolved(SdkPojo request) {
        return switch (request) {
            case StartDocumentClassificationJobRequest job -> {
                String arn = meant(job.documentClassifierArn(), job.flywheelArn());
                trained(classifiers, arn);
                yield StartDocumentClassificationJobRequest.builder()
                        .documentClassifierArn(arn)
                        .build();
            }
            case StartEntitiesDetectionJobRequest job
            when job.entityRecognizerArn() != null || job.flywheelArn() != null -> {
                String arn = meant(job.entityRecognizerArn(), job.flywheelArn());
                EntityRecognizerProperties model = trained(recognizers, arn);
                if (!job.languageCodeAsString().equals(model.languageCodeAsString())) {
                    throw Failures.invalid("The language code " + job.languageCodeAsString()
                            + " is not that of the entity recognizer, " + model.languageCodeAsString() + ".");
                }
                yield StartEntitiesDetectionJobRequest.builder()
                        .entityRecognizerArn(arn)
                        .build();
            }
            default -> StartEntitiesDetectionJobRequest.builder().build();
        };
    }

    private String meant(String model, String flywheel) {
        if ((model == null) == (flywheel == null)) {
            throw Failures.invalid("Specify the ARN of either a model or a flywheel, but not of both.");
        }
        return model == null ? activeModel.apply(flywheel) : model;
    }

    private static <P extends SdkPojo> EntityRecognizerProperties trained(ModelRecords<?, P> records, String arn) {
        EntityRecognizerProperties model = records.common(arn);
        if (model.status() != ModelStatus.TRAINED && model.status() != ModelStatus.TRAINED_WITH_WARNING) {
            throw Failures.unavailable("The model " + arn + " is not ready: its status is " + model.statusAsString());
        }
        return model;
    }

    /** Makes sure that a model can be asked. */
    void requireTrained(String arn) {
        if (isClassifier(arn)) {
            trained(classifiers, arn);
        } else {
            trained(recognizers, arn);
        }
    }

    static boolean isClassifier(String arn) {
        return ModelArn.of(arn).resource().equals(ModelKind.CLASSIFIER.resource());
    }

    /** The classifier with an ARN. */
    public ClassifierModel classifier(String arn) {
        return new ClassifierModel(
                opened(arn, classifiers, bytes -> DocumentClassifier.read(new ByteArrayInputStream(bytes))));
    }

    /** The recogniser with an ARN. */
    public RecognizerModel recognizer(String arn) {
        return new RecognizerModel(
                opened(arn, recognizers, bytes -> EntityRecognizer.read(new ByteArrayInputStream(bytes))));
    }

    @SuppressWarnings("unchecked") // What is open under an ARN was read as the kind of its models.
    private <P extends SdkPojo, M> M opened(String arn, ModelRecords<?, P> records, Function<byte[], M> read) {
        EntityRecognizerProperties model = trained(records, arn);
        Instant now = clock.instant();
        lock.lock();
        try {
            Open present = open.get(arn);
            if (present != null && present.trained.equals(model.endTime()) && now.isBefore(present.until)) {
                return (M) present.model;
            }
        } finally {
            lock.unlock();
        }
        RoleBuckets role = new RoleBuckets(clients, model.dataAccessRoleArn(), arn);
        byte[] bytes = files.read(arn, Optional.ofNullable(model.modelKmsKeyId()), role)
                .orElseThrow(() -> Failures.unavailable("The model " + arn + " has been deleted."));
        M fresh = read.apply(bytes);
        lock.lock();
        try {
            open.put(arn, new Open(model.endTime(), now.plus(KEPT), fresh));
        } finally {
            lock.unlock();
        }
        return fresh;
    }
}
