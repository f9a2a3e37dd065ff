package dev.outcrop.services.comprehend.custom;

import dev.outcrop.engines.learning.DocumentClassifier;
import dev.outcrop.engines.learning.Progress;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Page;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.services.comprehend.documents.S3Place;
import dev.outcrop.shapes.Shapes;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.comprehend.model.CreateDocumentClassifierRequest;
import software.amazon.awssdk.services.comprehend.model.CreateDocumentClassifierResponse;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierDataFormat;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierDocumentTypeFormat;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierInputDataConfig;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierMode;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierProperties;
import software.amazon.awssdk.services.comprehend.model.DocumentClassifierSummary;
import software.amazon.awssdk.services.comprehend.model.ListDocumentClassifiersRequest;

/**
 * Custom classifiers of documents.
 *
 * <p>Source: the operations on document classifiers of the Amazon Comprehend API reference; "Custom classification" of the
 * developer guide.
 */
public final class Classifiers {
    private final ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> models;
    private final ModelFiles files;
    private final ModelPolicies policies;
    private final ModelTags tags;
    private final IdempotencyTokens tokens;
    private final Supplier<Clients> clients;
    private final InstantSource clock;

    Classifiers(
            ModelRecords<DocumentClassifierProperties.Builder, DocumentClassifierProperties> models,
            ModelFiles files,
            ModelPolicies policies,
            ModelTags tags,
            IdempotencyTokens tokens,
            Supplier<Clients> clients,
            InstantSource clock) {
        this.models = models;
        this.files = files;
        this.policies = policies;
        this.tags = tags;
        this.tokens = tokens;
        this.clients = clients;
        this.clock = clock;
    }

    public CreateDocumentClassifierResponse create(CreateDocumentClassifierRequest request) {
        return Failures.once(() -> tokens.once(
                "comprehend:CreateDocumentClassifier",
                request.clientRequestToken(),
                request,
                CreateDocumentClassifierResponse::builder,
                () -> submit(request)));
    }

    private CreateDocumentClassifierResponse submit(CreateDocumentClassifierRequest request) {
        check(request.inputDataConfig());
        String arn = models.arn(request.documentClassifierName(), Optional.ofNullable(request.versionName()));
        if (request.modelKmsKeyId() != null) {
            ModelFiles.check(arn, request.modelKmsKeyId(), new RoleBuckets(clients, request.dataAccessRoleArn(), arn));
        }
        DocumentClassifierProperties.Builder model = Shapes.copy(request, DocumentClassifierProperties.builder())
                .mode(request.mode() == null ? DocumentClassifierMode.MULTI_CLASS : request.mode());
        if (request.outputDataConfig() != null && request.outputDataConfig().s3Uri() != null) {
            S3Place output = S3Place.of(request.outputDataConfig().s3Uri())
                    .below(CallContext.current().account() + "-CLR-" + models.outputId() + "/output/output.tar.gz");
            model.outputDataConfig(
                    request.outputDataConfig().toBuilder().s3Uri(output.uri()).build());
        }
        models.train(arn, model);
        tags.add(arn, request.tags());
        if (request.modelPolicy() != null) {
            policies.put(arn, request.modelPolicy(), Optional.empty());
        }
        return CreateDocumentClassifierResponse.builder()
                .documentClassifierArn(arn)
                .build();
    }

    private static void check(DocumentClassifierInputDataConfig input) {
        if (input.documentType() == DocumentClassifierDocumentTypeFormat.SEMI_STRUCTURED_DOCUMENT) {
            throw AwsError.notImplemented("comprehend", "classifiers of semi-structured documents");
        }
        if (input.dataFormat() == DocumentClassifierDataFormat.AUGMENTED_MANIFEST) {
            Manifests.check(input.augmentedManifests());
        } else if (input.s3Uri() == null) {
            throw Failures.invalid("S3Uri is required when DataFormat is COMPREHEND_CSV.");
        } else if (!input.augmentedManifests().isEmpty()) {
            throw Failures.invalid("AugmentedManifests is not allowed when DataFormat is COMPREHEND_CSV.");
        }
    }

    /** How the kernel's jobs train classifiers. */
    Training<DocumentClassifierProperties.Builder, DocumentClassifierProperties> training() {
        return new Training<>(models, clients, this::train);
    }

    private DocumentClassifierProperties train(
            DocumentClassifierProperties model, RoleBuckets buckets, Progress progress) throws IOException {
        DocumentClassifier.Mode mode = ClassifierData.mode(model.mode());
        ClassifierData data = ClassifierData.read(buckets, model.inputDataConfig(), mode);
        TrainedClassifier trained = TrainedClassifier.of(data, mode, progress);
        files.write(
                model.documentClassifierArn(), trained.bytes(), Optional.ofNullable(model.modelKmsKeyId()), buckets);
        if (model.outputDataConfig() != null && model.outputDataConfig().s3Uri() != null) {
            buckets.put(
                    S3Place.of(model.outputDataConfig().s3Uri()),
                    Optional.ofNullable(model.outputDataConfig().kmsKeyId()),
                    RequestBody.fromBytes(trained.output()));
        }
        return models.get(model.documentClassifierArn()).toBuilder()
                .trainingEndTime(clock.instant())
                .classifierMetadata(trained.metadata())
                .build();
    }

    public DocumentClassifierProperties get(String arn) {
        return models.get(arn);
    }

    public Page<DocumentClassifierProperties> list(ListDocumentClassifiersRequest request) {
        return models.list(
                request.filter(),
                request.filter() == null ? null : request.filter().documentClassifierName(),
                request.maxResults(),
                request.nextToken());
    }

    /** Each name with its versions. */
    public List<DocumentClassifierSummary> summaries() {
        return models.summaries().stream()
                .map(summary -> Shapes.copy(summary, DocumentClassifierSummary.builder())
                        .documentClassifierName(summary.recognizerName())
                        .build())
                .toList();
    }

    public void stop(String arn) {
        models.stop(arn);
    }
}
