package dev.outcrop.services.comprehend.custom;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.IdempotencyTokens;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Measured;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.storage.RecordQuery.Order;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import software.amazon.awssdk.services.comprehend.model.ClassifyDocumentResponse;
import software.amazon.awssdk.services.comprehend.model.CreateEndpointRequest;
import software.amazon.awssdk.services.comprehend.model.CreateEndpointResponse;
import software.amazon.awssdk.services.comprehend.model.EndpointFilter;
import software.amazon.awssdk.services.comprehend.model.EndpointProperties;
import software.amazon.awssdk.services.comprehend.model.EndpointStatus;
import software.amazon.awssdk.services.comprehend.model.Entity;
import software.amazon.awssdk.services.comprehend.model.ListEndpointsRequest;
import software.amazon.awssdk.services.comprehend.model.TextSizeLimitExceededException;
import software.amazon.awssdk.services.comprehend.model.UpdateEndpointRequest;

/**
 * Endpoints, by which models are asked while somebody waits. They are in service as soon as they are made: a model that is
 * not open yet is opened by the first that asks.
 *
 * <p>Source: the operations on endpoints of the Amazon Comprehend API reference; "Using Amazon Comprehend endpoints" of the
 * developer guide.
 */
public final class Endpoints {
    private static final int MOST_UNITS = 10;
    private static final int MOST_UNITS_OF_ACCOUNT = 100;
    private static final int LARGEST_TEXT = 10 << 10;

    private final Resources<EndpointProperties> endpoints;
    private final CustomModels models;
    private final Function<String, String> activeModel;
    private final ModelTags tags;
    private final IdempotencyTokens tokens;
    private final Throughput throughput;
    private final InstantSource clock;

    /** @param activeModel the ARN of the model that a flywheel's ARN stands for */
    Endpoints(
            ResourceStore store,
            CustomModels models,
            Function<String, String> activeModel,
            ModelTags tags,
            InstantSource clock) {
        endpoints = store.resources("comprehend:endpoint", EndpointProperties::builder);
        this.models = models;
        this.activeModel = activeModel;
        this.tags = tags;
        this.tokens = store.idempotencyTokens();
        this.throughput = new Throughput(clock);
        this.clock = clock;
    }

    public CreateEndpointResponse create(CreateEndpointRequest request) {
        return Failures.once(() -> tokens.once(
                "comprehend:CreateEndpoint",
                request.clientRequestToken(),
                request,
                CreateEndpointResponse::builder,
                () -> begin(request)));
    }

    private CreateEndpointResponse begin(CreateEndpointRequest request) {
        if ((request.modelArn() == null) == (request.flywheelArn() == null)) {
            throw Failures.invalid("Specify either ModelArn or FlywheelArn, but not both.");
        }
        String model = request.modelArn() == null ? activeModel.apply(request.flywheelArn()) : request.modelArn();
        models.requireTrained(model);
        String resource =
                CustomModels.isClassifier(model) ? "document-classifier-endpoint" : "entity-recognizer-endpoint";
        String arn = Ids.arn("comprehend", resource + "/" + request.endpointName());
        requireUnits(arn, request.desiredInferenceUnits());
        Instant now = clock.instant();
        EndpointProperties endpoint = EndpointProperties.builder()
                .endpointArn(arn)
                .status(EndpointStatus.IN_SERVICE)
                .modelArn(model)
                .desiredModelArn(model)
                .desiredInferenceUnits(request.desiredInferenceUnits())
                .currentInferenceUnits(request.desiredInferenceUnits())
                .creationTime(now)
                .lastModifiedTime(now)
                .dataAccessRoleArn(request.dataAccessRoleArn())
                .desiredDataAccessRoleArn(request.dataAccessRoleArn())
                .flywheelArn(request.flywheelArn())
                .build();
        try {
            endpoints.insert(id(arn), endpoint);
        } catch (AwsError taken) {
            throw Failures.inUse("An endpoint named " + request.endpointName() + " exists already.");
        }
        tags.add(arn, request.tags());
        return CreateEndpointResponse.builder().endpointArn(arn).modelArn(model).build();
    }

    private void requireUnits(String arn, int wanted) {
        if (wanted > MOST_UNITS) {
            throw Failures.limit("An endpoint may have " + MOST_UNITS + " inference units.");
        }
        int others = endpoints.list().all().stream()
                .filter(endpoint -> !endpoint.endpointArn().equals(arn))
                .mapToInt(EndpointProperties::desiredInferenceUnits)
                .sum();
        if (others + wanted > MOST_UNITS_OF_ACCOUNT) {
            throw Failures.limit("All endpoints of an account may have " + MOST_UNITS_OF_ACCOUNT + " inference units.");
        }
    }

    private static String id(String arn) {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    boolean exists(String arn) {
        return isOwn(arn) && endpoints.find(id(arn)).isPresent();
    }

    private static boolean isOwn(String arn) {
        String[] parts = arn.split(":", 6);
        CallContext call = CallContext.current();
        return parts[3].equals(call.region()) && parts[4].equals(call.account());
    }

    public EndpointProperties get(String arn) {
        if (!isOwn(arn)) {
            throw Failures.missing();
        }
        return endpoints.find(id(arn)).orElseThrow(Failures::missing);
    }

    public Page<EndpointProperties> list(ListEndpointsRequest request) {
        EndpointFilter filter =
                request.filter() == null ? EndpointFilter.builder().build() : request.filter();
        return Failures.page(() -> endpoints
                .list()
                .order(Order.NEWEST_FIRST)
                .where(endpoint ->
                        (filter.modelArn() == null || filter.modelArn().equals(endpoint.modelArn()))
                                && (filter.status() == null || filter.status() == endpoint.status())
                                && (filter.creationTimeAfter() == null
                                        || endpoint.creationTime().isAfter(filter.creationTimeAfter()))
                                && (filter.creationTimeBefore() == null
                                        || endpoint.creationTime().isBefore(filter.creationTimeBefore())))
                .maximum(request.maxResults())
                .after(request.nextToken())
                .page());
    }

    /** The ARN of the model that the endpoint has from now on. */
    public String update(UpdateEndpointRequest request) {
        EndpointProperties present = get(request.endpointArn());
        if (request.desiredModelArn() != null && request.flywheelArn() != null) {
            throw Failures.invalid("Specify either DesiredModelArn or FlywheelArn, but not both.");
        }
        String wanted =
                request.flywheelArn() == null ? request.desiredModelArn() : activeModel.apply(request.flywheelArn());
        String model = wanted == null ? present.modelArn() : wanted;
        models.requireTrained(model);
        if (CustomModels.isClassifier(model) != CustomModels.isClassifier(present.modelArn())) {
            throw Failures.invalid("The new model of an endpoint must be of the same type as the present one.");
        }
        int units = request.desiredInferenceUnits() == null
                ? present.currentInferenceUnits()
                : request.desiredInferenceUnits();
        requireUnits(present.endpointArn(), units);
        String role = request.desiredDataAccessRoleArn() == null
                ? present.dataAccessRoleArn()
                : request.desiredDataAccessRoleArn();
        endpoints.update(
                id(present.endpointArn()),
                endpoint -> endpoint.toBuilder()
                        .modelArn(model)
                        .desiredModelArn(model)
                        .desiredInferenceUnits(units)
                        .currentInferenceUnits(units)
                        .dataAccessRoleArn(role)
                        .desiredDataAccessRoleArn(role)
                        .flywheelArn(request.flywheelArn() == null ? endpoint.flywheelArn() : request.flywheelArn())
                        .lastModifiedTime(clock.instant())
                        .build());
        return model;
    }

    public void delete(String arn) {
        EndpointProperties present = get(arn);
        if (present.flywheelArn() != null && present.status() == EndpointStatus.UPDATING) {
            throw Failures.inUse("The endpoint is being updated by its flywheel.");
        }
        endpoints.delete(id(arn));
        tags.removeAll(arn);
        throughput.forget(arn);
    }

    /** Endpoints of a flywheel follow its active model. */
    void follow(String flywheel, String model) {
        for (EndpointProperties endpoint : endpoints.list().all()) {
            if (flywheel.equals(endpoint.flywheelArn())) {
                endpoints.update(
                        id(endpoint.endpointArn()),
                        present -> present.toBuilder()
                                .modelArn(model)
                                .desiredModelArn(model)
                                .lastModifiedTime(clock.instant())
                                .build());
            }
        }
    }

    /** Whether an endpoint uses a model. */
    boolean isUsed(String model) {
        return endpoints.list().all().stream()
                .anyMatch(endpoint -> endpoint.modelArn().equals(model));
    }

    /**
     * The classes of a text by the classifier behind an endpoint.
     *
     * @throws AwsError {@code ThrottlingException} if the endpoint's inference units do not let so much through
     */
    public ClassifyDocumentResponse classify(String endpoint, String text) {
        EndpointProperties used = reserved(endpoint, text);
        ClassifyDocumentResponse classes = models.classifier(used.modelArn()).classify(text);
        measure(used, text);
        return classes;
    }

    /** The entities of a text by the recogniser behind an endpoint; the same holds for it. */
    public List<Entity> entities(String endpoint, String text) {
        EndpointProperties used = reserved(endpoint, text);
        List<Entity> entities = models.recognizer(used.modelArn()).find(text);
        measure(used, text);
        return entities;
    }

    /** Tells CloudWatch of a text that was analysed; "Monitoring Amazon Comprehend endpoints" of the developer guide. */
    private static void measure(EndpointProperties endpoint, String text) {
        int provisioned = endpoint.currentInferenceUnits();
        double consumed = Throughput.units(text.codePointCount(0, text.length()));
        CallContext.current()
                .metering()
                .measured(new Measured(
                        "AWS/Comprehend",
                        Map.of("EndpointArn", endpoint.endpointArn()),
                        List.of(Set.of("EndpointArn")),
                        List.of(
                                new Measured.Measurement("ProvisionedInferenceUnits", "Count", provisioned),
                                new Measured.Measurement("RequestedInferenceUnits", "Count", consumed),
                                new Measured.Measurement("ConsumedInferenceUnits", "Count", consumed),
                                new Measured.Measurement(
                                        "InferenceUtilization", "Percent", 100 * consumed / provisioned))));
    }

    private EndpointProperties reserved(String arn, String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > LARGEST_TEXT) {
            throw TextSizeLimitExceededException.builder()
                    .message("Input text size exceeds limit. Max length of request text allowed is " + LARGEST_TEXT
                            + " bytes while in this request the text size is "
                            + text.getBytes(StandardCharsets.UTF_8).length + " bytes")
                    .build();
        }
        Optional<EndpointProperties> endpoint = isOwn(arn) ? endpoints.find(id(arn)) : Optional.empty();
        if (endpoint.isEmpty()) {
            // The operations that use endpoints have no other error for this.
            throw Failures.unavailable("The specified endpoint is not available: " + arn);
        }
        throughput.take(arn, endpoint.get().currentInferenceUnits(), text.codePointCount(0, text.length()));
        return endpoint.get();
    }
}
