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
import software.amazon.awssdk.services.comprehend.model.FlywheelProperties;
import software.amazon.awssdk.services.comprehend.model.UpdateFlywheelRequest;

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
    private final Flywheels flywheels;
    private final Datasets datasets;
    private final Iterations iterations;
    private final ModelImport imports;

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
        flywheels = new Flywheels(store, classifierRecords, recognizerRecords, models, tags, clock);
        datasets = new Datasets(store, flywheels, tags, clients, jobs, clock);
        iterations = new Iterations(
                store,
                flywheels,
                datasets,
                classifierRecords,
                recognizerRecords,
                models,
                files,
                clients,
                jobs,
                ids,
                clock);
        imports = new ModelImport(classifierRecords, recognizerRecords, files, tags, clients, clock);
    }

    private String activeModel(String flywheel) {
        return flywheels.activeModel(flywheel);
    }

    private boolean isModel(String arn) {
        return (arn.contains(":document-classifier/")
                        && classifierRecords.find(arn).isPresent())
                || (arn.contains(":entity-recognizer/")
                        && recognizerRecords.find(arn).isPresent());
    }

    /** Whether there is a model, endpoint, flywheel or dataset with an ARN in the account and region of the call. */
    public boolean exists(String arn) {
        return isModel(arn)
                || (arn.contains("-endpoint/") && endpoints.exists(arn))
                || (arn.contains("/dataset/") && datasets.exists(arn))
                || (arn.contains(":flywheel/") && !arn.contains("/dataset/") && flywheels.exists(arn));
    }

    /** Removes a model that no endpoint uses. */
    public void deleteModel(String arn) {
        if (!isModel(arn)) {
            throw Failures.missing();
        }
        if (endpoints.isUsed(arn)) {
            throw Failures.inUse("The model is used by an endpoint.");
        }
        if (flywheels.isUsed(arn)) {
            throw Failures.inUse("The model is the active one of a flywheel.");
        }
        if (CustomModels.isClassifier(arn)) {
            classifierRecords.delete(arn);
        } else {
            recognizerRecords.delete(arn);
        }
        policies.forget(arn);
    }

    /** Changes a flywheel; endpoints of it follow. */
    public FlywheelProperties updateFlywheel(UpdateFlywheelRequest request) {
        FlywheelProperties changed = flywheels.update(request);
        if (request.activeModelArn() != null) {
            endpoints.follow(request.flywheelArn(), request.activeModelArn());
        }
        return changed;
    }

    /** Removes a flywheel with its datasets and iterations; its models and its data lake stay. */
    public void deleteFlywheel(String arn) {
        if (!flywheels.exists(arn)) {
            throw Failures.missing();
        }
        iterations.deleteAll(arn);
        datasets.deleteAll(arn);
        flywheels.delete(arn);
    }

    public Flywheels flywheels() {
        return flywheels;
    }

    public Datasets datasets() {
        return datasets;
    }

    public Iterations iterations() {
        return iterations;
    }

    public ModelImport imports() {
        return imports;
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
                        ModelKind.CLASSIFIER.work(),
                        classifiers.training(),
                        ModelKind.RECOGNIZER.work(),
                        recognizers.training(),
                        Datasets.KIND,
                        datasets,
                        Iterations.KIND,
                        iterations),
                List.of());
    }
}
