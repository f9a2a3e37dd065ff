package dev.outcrop.services.comprehend.custom;

import dev.outcrop.engines.learning.EntityRecognizer;
import dev.outcrop.engines.learning.Progress;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Page;
import dev.outcrop.services.comprehend.documents.RoleBuckets;
import dev.outcrop.shapes.Shapes;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.comprehend.model.CreateEntityRecognizerRequest;
import software.amazon.awssdk.services.comprehend.model.CreateEntityRecognizerResponse;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerDataFormat;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerInputDataConfig;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerProperties;
import software.amazon.awssdk.services.comprehend.model.EntityRecognizerSummary;
import software.amazon.awssdk.services.comprehend.model.ListEntityRecognizersRequest;

/**
 * Custom recognisers of entities in plain texts.
 *
 * <p>Source: the operations on entity recognisers of the Amazon Comprehend API reference; "Custom entity recognition" of
 * the developer guide.
 */
public final class Recognizers {
    private final ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> models;
    private final ModelFiles files;
    private final ModelPolicies policies;
    private final ModelTags tags;
    private final IdempotencyTokens tokens;
    private final Supplier<Clients> clients;
    private final InstantSource clock;

    Recognizers(
            ModelRecords<EntityRecognizerProperties.Builder, EntityRecognizerProperties> models,
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

    public CreateEntityRecognizerResponse create(CreateEntityRecognizerRequest request) {
        return Failures.once(() -> tokens.once(
                "comprehend:CreateEntityRecognizer",
                request.clientRequestToken(),
                request,
                CreateEntityRecognizerResponse::builder,
                () -> submit(request)));
    }

    private CreateEntityRecognizerResponse submit(CreateEntityRecognizerRequest request) {
        check(request.inputDataConfig());
        String arn = models.arn(request.recognizerName(), Optional.ofNullable(request.versionName()));
        if (request.modelKmsKeyId() != null) {
            ModelFiles.check(arn, request.modelKmsKeyId(), new RoleBuckets(clients, request.dataAccessRoleArn(), arn));
        }
        models.train(arn, Shapes.copy(request, EntityRecognizerProperties.builder()));
        tags.add(arn, request.tags());
        if (request.modelPolicy() != null) {
            policies.put(arn, request.modelPolicy(), Optional.empty());
        }
        return CreateEntityRecognizerResponse.builder().entityRecognizerArn(arn).build();
    }

    private static void check(EntityRecognizerInputDataConfig input) {
        int types = input.entityTypes().size();
        if (types < 1 || types > EntityRecognizer.MOST_TYPES) {
            throw Failures.invalid("EntityTypes must have 1 to " + EntityRecognizer.MOST_TYPES + " items.");
        }
        if (input.dataFormat() == EntityRecognizerDataFormat.AUGMENTED_MANIFEST) {
            Manifests.check(input.augmentedManifests());
            return;
        }
        if (input.documents() == null || (input.annotations() == null) == (input.entityList() == null)) {
            throw Failures.invalid("Documents and either Annotations or EntityList are required when DataFormat is"
                    + " COMPREHEND_CSV.");
        }
        boolean testAnnotations =
                input.annotations() != null && input.annotations().testS3Uri() != null;
        if (testAnnotations != (input.documents().testS3Uri() != null)) {
            throw Failures.invalid("TestS3Uri must be given for both Documents and Annotations, or for neither.");
        }
    }

    /** How the kernel's jobs train recognisers. */
    Training<EntityRecognizerProperties.Builder, EntityRecognizerProperties> training() {
        return new Training<>(models, clients, this::train);
    }

    private EntityRecognizerProperties train(EntityRecognizerProperties model, RoleBuckets buckets, Progress progress)
            throws IOException {
        TrainedRecognizer trained =
                TrainedRecognizer.of(RecognizerData.read(buckets, model.inputDataConfig()), progress);
        files.write(model.entityRecognizerArn(), trained.bytes(), Optional.ofNullable(model.modelKmsKeyId()), buckets);
        return models.get(model.entityRecognizerArn()).toBuilder()
                .trainingEndTime(clock.instant())
                .recognizerMetadata(trained.metadata())
                .build();
    }

    public EntityRecognizerProperties get(String arn) {
        return models.get(arn);
    }

    public Page<EntityRecognizerProperties> list(ListEntityRecognizersRequest request) {
        return models.list(
                request.filter(),
                request.filter() == null ? null : request.filter().recognizerName(),
                request.maxResults(),
                request.nextToken());
    }

    /** Each name with its versions. */
    public List<EntityRecognizerSummary> summaries() {
        return models.summaries();
    }

    public void stop(String arn) {
        models.stop(arn);
    }
}
