package dev.outcrop.services.bedrock;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.kernel.Tags;
import dev.outcrop.services.foundationmodels.FoundationModel;
import dev.outcrop.services.modelunits.ModelUnits;
import dev.outcrop.shapes.Shapes;
import dev.outcrop.storage.RecordQuery.Order;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.bedrock.model.CommitmentDuration;
import software.amazon.awssdk.services.bedrock.model.ConflictException;
import software.amazon.awssdk.services.bedrock.model.CreateProvisionedModelThroughputRequest;
import software.amazon.awssdk.services.bedrock.model.CreateProvisionedModelThroughputResponse;
import software.amazon.awssdk.services.bedrock.model.GetProvisionedModelThroughputResponse;
import software.amazon.awssdk.services.bedrock.model.ListProvisionedModelThroughputsRequest;
import software.amazon.awssdk.services.bedrock.model.ListProvisionedModelThroughputsResponse;
import software.amazon.awssdk.services.bedrock.model.ProvisionedModelStatus;
import software.amazon.awssdk.services.bedrock.model.ProvisionedModelSummary;
import software.amazon.awssdk.services.bedrock.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrock.model.ServiceQuotaExceededException;
import software.amazon.awssdk.services.bedrock.model.SortOrder;
import software.amazon.awssdk.services.bedrock.model.UpdateProvisionedModelThroughputRequest;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/**
 * Model units that accounts have bought. What a unit is worth {@link ModelUnits} says; what it costs is charged by the
 * hour, by {@link ModelUnitHours}. Units of custom models answer 501, as these models do.
 *
 * <p>Source: "Increase model invocation capacity with Provisioned Throughput in Amazon Bedrock", Amazon Bedrock user guide.
 */
final class ProvisionedThroughputs {
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:bedrock:([a-z0-9-]+):([0-9]{12}):provisioned-model/([a-z0-9]{12})");

    private final FoundationModelCatalog models;
    private final ModelUnits units;
    private final ModelUnitHours hours;
    private final Resources<GetProvisionedModelThroughputResponse> provisioned;
    private final Tags tags;
    private final IdempotencyTokens idempotencyTokens;
    private final Ids ids;
    private final InstantSource clock;

    ProvisionedThroughputs(
            FoundationModelCatalog models,
            ModelUnits units,
            ModelUnitHours hours,
            ResourceStore store,
            Ids ids,
            InstantSource clock) {
        this.models = models;
        this.units = units;
        this.hours = hours;
        provisioned = store.resources(ModelUnits.TYPE, GetProvisionedModelThroughputResponse::builder)
                .named(GetProvisionedModelThroughputResponse::provisionedModelName);
        tags = store.tags();
        idempotencyTokens = store.idempotencyTokens();
        this.ids = ids;
        this.clock = clock;
    }

    /** Buys model units. */
    CreateProvisionedModelThroughputResponse create(CreateProvisionedModelThroughputRequest request) {
        return idempotencyTokens.once(
                "bedrock:CreateProvisionedModelThroughput",
                request.clientRequestToken(),
                request.toBuilder().clientRequestToken(null).build(),
                CreateProvisionedModelThroughputResponse::builder,
                () -> insert(request));
    }

    private CreateProvisionedModelThroughputResponse insert(CreateProvisionedModelThroughputRequest request) {
        if (request.modelId().contains(":custom-model/")) {
            throw AwsError.notImplemented("bedrock", "CreateProvisionedModelThroughput of custom models");
        }
        FoundationModel model = models.find(request.modelId());
        if (!models.isInstalled(model.id()) && !model.inferenceTypes().contains("PROVISIONED")) {
            throw invalid("The model " + model.id() + " does not support Provisioned Throughput.");
        }
        checkName(request.provisionedModelName());
        if (request.modelUnits() > units.free(model.id())) {
            throw ServiceQuotaExceededException.builder()
                    .message("The model units that can be reserved of the model that answers for " + model.id()
                            + " are " + Math.max(0, units.free(model.id())) + ", but " + request.modelUnits()
                            + " were requested.")
                    .build();
        }
        String id = ids.lowercase(12);
        Instant now = clock.instant();
        String arn = FoundationModelCatalog.arn(model.id());
        GetProvisionedModelThroughputResponse made = GetProvisionedModelThroughputResponse.builder()
                .provisionedModelName(request.provisionedModelName())
                .provisionedModelArn(Ids.arn("bedrock", "provisioned-model/" + id))
                .modelUnits(request.modelUnits())
                .desiredModelUnits(request.modelUnits())
                .modelArn(arn)
                .desiredModelArn(arn)
                .foundationModelArn(arn)
                .status(ProvisionedModelStatus.IN_SERVICE)
                .creationTime(now)
                .lastModifiedTime(now)
                .commitmentDuration(request.commitmentDuration())
                .commitmentExpirationTime(Optional.ofNullable(request.commitmentDuration())
                        .map(term -> end(now, term))
                        .orElse(null))
                .build();
        if (request.hasTags()) {
            tags.add(made.provisionedModelArn(), BedrockTags.byKey(request.tags()));
        }
        provisioned.insert(id, made);
        return CreateProvisionedModelThroughputResponse.builder()
                .provisionedModelArn(made.provisionedModelArn())
                .build();
    }

    private static Instant end(Instant begin, CommitmentDuration term) {
        return switch (term) {
            case ONE_MONTH -> begin.atOffset(ZoneOffset.UTC).plusMonths(1).toInstant();
            case SIX_MONTHS -> begin.atOffset(ZoneOffset.UTC).plusMonths(6).toInstant();
            case UNKNOWN_TO_SDK_VERSION -> begin;
        };
    }

    private void checkName(String name) {
        if (provisioned.findNamed("", name).isPresent()) {
            throw invalid("The provisioned model name " + name + " is in use.");
        }
    }

    /** The units of a name, an id or an ARN. */
    GetProvisionedModelThroughputResponse get(String identifier) {
        Matcher arn = ARN.matcher(identifier);
        if (!arn.matches()) {
            return provisioned
                    .findNamed("", identifier)
                    .or(() -> provisioned.find(identifier))
                    .orElseThrow(() -> missing(identifier));
        }
        CallContext call = CallContext.current();
        if (!arn.group(1).equals(call.region()) || !arn.group(2).equals(call.account())) {
            throw missing(identifier);
        }
        return provisioned.find(arn.group(3)).orElseThrow(() -> missing(identifier));
    }

    /** A page of the units that fit. */
    ListProvisionedModelThroughputsResponse list(ListProvisionedModelThroughputsRequest request) {
        Page<GetProvisionedModelThroughputResponse> page = provisioned
                .list()
                .order(request.sortOrder() == SortOrder.ASCENDING ? Order.OLDEST_FIRST : Order.NEWEST_FIRST)
                .where(model -> fits(model, request))
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page();
        return ListProvisionedModelThroughputsResponse.builder()
                .provisionedModelSummaries(page.items().stream()
                        .map(model -> Shapes.copy(model, ProvisionedModelSummary.builder())
                                .build())
                        .toList())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static boolean fits(
            GetProvisionedModelThroughputResponse model, ListProvisionedModelThroughputsRequest request) {
        return (request.creationTimeAfter() == null || model.creationTime().isAfter(request.creationTimeAfter()))
                && (request.creationTimeBefore() == null || model.creationTime().isBefore(request.creationTimeBefore()))
                && (request.statusEquals() == null || model.status() == request.statusEquals())
                && (request.modelArnEquals() == null || model.modelArn().equals(request.modelArnEquals()))
                && (request.nameContains() == null
                        || model.provisionedModelName().contains(request.nameContains()));
    }

    /** Renames units. */
    void update(UpdateProvisionedModelThroughputRequest request) {
        GetProvisionedModelThroughputResponse present = get(request.provisionedModelId());
        if (request.desiredModelId() != null
                && !models.find(request.desiredModelId())
                        .id()
                        .equals(present.modelArn().substring(present.modelArn().indexOf('/') + 1))) {
            throw invalid(
                    "You can't change the model of a Provisioned Throughput that is associated with a base model.");
        }
        String name = request.desiredProvisionedModelName();
        if (name != null && !name.equals(present.provisionedModelName())) {
            checkName(name);
            provisioned.update(
                    id(present),
                    before -> before.toBuilder()
                            .provisionedModelName(name)
                            .lastModifiedTime(clock.instant())
                            .build());
        }
    }

    /** Gives units back, which a term forbids until it is over. */
    void delete(String identifier) {
        GetProvisionedModelThroughputResponse present = get(identifier);
        if (present.commitmentExpirationTime() != null
                && clock.instant().isBefore(present.commitmentExpirationTime())) {
            throw ConflictException.builder()
                    .message(
                            "You can't delete a Provisioned Throughput before the commitment term is over. The term of "
                                    + present.provisionedModelArn() + " is over at "
                                    + present.commitmentExpirationTime() + ".")
                    .build();
        }
        CallContext call = CallContext.current();
        hours.charge(call.account(), call.region(), id(present), present, Duration.ZERO);
        provisioned.delete(id(present));
        hours.forget(call.account(), call.region(), id(present));
        tags.removeAll(present.provisionedModelArn());
    }

    private static String id(GetProvisionedModelThroughputResponse model) {
        return model.provisionedModelArn().substring(model.provisionedModelArn().indexOf('/') + 1);
    }

    private static ValidationException invalid(String message) {
        return ValidationException.builder().message(message).build();
    }

    private static ResourceNotFoundException missing(String identifier) {
        return ResourceNotFoundException.builder()
                .message("Could not find the provisioned model " + identifier + ".")
                .build();
    }
}
