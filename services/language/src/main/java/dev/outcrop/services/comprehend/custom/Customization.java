package dev.outcrop.services.comprehend.custom;

import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;

/** All that users train, put together. */
public final class Customization {
    private final ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> classifierRecords;
    private final ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> recognizerRecords;
    private final ModelTags tags;
    private final ModelPolicies policies;
    private final CustomModels models;
    private final Classifiers classifiers;
    private final Recognizers recognizers;
    private final Endpoints endpoints;

    public Customization(
            Records records,
            Secrets secrets,
            ResourceStore store,
            Supplier<Clients> clients,
            Supplier<Jobs> jobs,
            Ids ids,
            InstantSource clock) {
        tags = new ModelTags(store.tags());
        ModelFiles files = new ModelFiles(records, secrets, clock);
        classifierRecords = new ModelRecords<>(ModelKind.CLASSIFIER, store, tags, files, jobs, ids, clock);
        recognizerRecords = new ModelRecords<>(ModelKind.RECOGNIZER, store, tags, files, jobs, ids, clock);
        policies = new ModelPolicies(store, this::isModel, ids, clock);
        models = new CustomModels(classifierRecords, recognizerRecords, files, this::activeModel, clients, clock);
        classifiers =
                new Classifiers(classifierRecords, files, policies, tags, store.idempotencyTokens(), clients, clock);
        recognizers =
                new Recognizers(recognizerRecords, files, policies, tags, store.idempotencyTokens(), clients, clock);
        endpoints = new Endpoints(store, models, this::activeModel, tags, clock);
    }

    private String activeModel(String flywheel) {
        throw Failures.missing();
    }

    private boolean isModel(String arn) {
        return (arn.contains(":document-classifier/")
                        && classifierRecords.find(arn).isPresent())
                || (arn.contains(":entity-recognizer/")
                        && recognizerRecords.find(arn).isPresent());
    }

    /** Whether there is a model, endpoint, flywheel or dataset with an ARN in the account and region of the call. */
    public boolean exists(String arn) {
        return isModel(arn) || (arn.contains("-endpoint/") && endpoints.exists(arn));
    }

    /** Removes a model that no endpoint uses. */
    public void deleteModel(String arn) {
        if (!isModel(arn)) {
            throw Failures.missing();
        }
        if (endpoints.isUsed(arn)) {
            throw Failures.inUse("The model is used by an endpoint.");
        }
        if (CustomModels.isClassifier(arn)) {
            classifierRecords.delete(arn);
        } else {
            recognizerRecords.delete(arn);
        }
        policies.forget(arn);
    }

    public ModelTags tags() {
        return tags;
    }

    public ModelPolicies policies() {
        return policies;
    }

    public CustomModels models() {
        return models;
    }

    public Classifiers classifiers() {
        return classifiers;
    }

    public Recognizers recognizers() {
        return recognizers;
    }

    public Endpoints endpoints() {
        return endpoints;
    }

    /** What is done while nobody calls. */
    public Background background() {
        return new Background(
                Map.of(
                        ModelKind.CLASSIFIER.work(), classifiers.training(),
                        ModelKind.RECOGNIZER.work(), recognizers.training()),
                List.of());
    }
}
