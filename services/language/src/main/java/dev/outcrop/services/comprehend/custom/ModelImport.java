package dev.outcrop.services.comprehend.custom;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.shapes.Shapes;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.services.comprehend.model.ImportModelRequest;
import software.amazon.awssdk.services.comprehend.model.ImportModelResponse;
import software.amazon.awssdk.services.comprehend.model.ModelStatus;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Copies models from other accounts, which let the caller by the model's policy, and from other regions. The copy is there
 * when the call is answered.
 *
 * <p>Source: ImportModel of the Amazon Comprehend API reference; "Copying custom models between AWS accounts" of the
 * developer guide.
 */
public final class ModelImport {
    private final ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> classifiers;
    private final ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> recognizers;
    private final ModelFiles files;
    private final ModelTags tags;
    private final Supplier<Clients> clients;
    private final InstantSource clock;

    ModelImport(
            ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> classifiers,
            ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> recognizers,
            ModelFiles files,
            ModelTags tags,
            Supplier<Clients> clients,
            InstantSource clock) {
        this.classifiers = classifiers;
        this.recognizers = recognizers;
        this.files = files;
        this.tags = tags;
        this.clients = clients;
        this.clock = clock;
    }

    public ImportModelResponse copy(ImportModelRequest request) {
        String arn = CustomModels.isClassifier(request.sourceModelArn())
                ? copy(request, classifiers)
                : copy(request, recognizers);
        return ImportModelResponse.builder().modelArn(arn).build();
    }

    private <B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo> String copy(
            ImportModelRequest request, ModelRecords<B, P> records) {
        ModelArn source = ModelArn.of(request.sourceModelArn());
        CallContext there = CallContext.current().toBuilder()
                .account(source.account())
                .region(source.region())
                .build();
        P model = there.call(() -> records.get(request.sourceModelArn()));
        EntityRecognizerProperties common = records.common(model);
        if (common.status() != ModelStatus.TRAINED && common.status() != ModelStatus.TRAINED_WITH_WARNING) {
            throw Failures.unavailable("The source model is not ready: its status is " + common.statusAsString());
        }
        if ((common.modelKmsKeyId() != null || request.modelKmsKeyId() != null)
                && request.dataAccessRoleArn() == null) {
            throw Failures.invalid("DataAccessRoleArn is required where a model is under a key of KMS.");
        }
        String name = request.modelName() == null ? source.name() : request.modelName();
        String arn = records.arn(name, Optional.ofNullable(request.versionName()));
        RoleBuckets role = new RoleBuckets(clients, String.valueOf(request.dataAccessRoleArn()), arn);
        byte[] bytes = there.call(
                        () -> files.read(request.sourceModelArn(), Optional.ofNullable(common.modelKmsKeyId()), role))
                .orElseThrow(Failures::missing);
        if (request.modelKmsKeyId() != null) {
            ModelFiles.check(arn, request.modelKmsKeyId(), role);
        }
        EntityRecognizerProperties patch =
                EntityRecognizerProperties.builder().endTime(clock.instant()).build();
        B copy = Shapes.copy(patch, described(records, model, request));
        records.add(arn, copy, ModelStatus.TRAINED);
        tags.add(arn, request.tags());
        files.write(arn, bytes, Optional.ofNullable(request.modelKmsKeyId()), role);
        return arn;
    }

    /** What is told of the copy: what the model is, and nothing of how it was trained. */
    private static <B extends SdkPojo & SdkBuilder<B, P>, P extends SdkPojo> B described(
            ModelRecords<B, P> records, P model, ImportModelRequest request) {
        SdkPojo told = switch (model) {
            case DocumentClassifierProperties classifier ->
                DocumentClassifierProperties.builder()
                        .languageCode(classifier.languageCodeAsString())
                        .mode(classifier.modeAsString())
                        .classifierMetadata(classifier.classifierMetadata())
                        .sourceModelArn(request.sourceModelArn())
                        .versionName(request.versionName())
                        .modelKmsKeyId(request.modelKmsKeyId())
                        .dataAccessRoleArn(request.dataAccessRoleArn())
                        .build();
            case EntityRecognizerProperties recognizer ->
                EntityRecognizerProperties.builder()
                        .languageCode(recognizer.languageCodeAsString())
                        .recognizerMetadata(recognizer.recognizerMetadata())
                        .sourceModelArn(request.sourceModelArn())
                        .versionName(request.versionName())
                        .modelKmsKeyId(request.modelKmsKeyId())
                        .dataAccessRoleArn(request.dataAccessRoleArn())
                        .build();
            default -> throw new IllegalArgumentException("no model: " + model);
        };
        return Shapes.copy(told, records.kind().newBuilder().get());
    }
}
