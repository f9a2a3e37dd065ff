package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.ApiDestination;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationState;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.CreateApiDestinationRequest;
import software.amazon.awssdk.services.eventbridge.model.CreateApiDestinationResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeApiDestinationResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.ListApiDestinationsRequest;
import software.amazon.awssdk.services.eventbridge.model.ListApiDestinationsResponse;
import software.amazon.awssdk.services.eventbridge.model.UpdateApiDestinationRequest;
import software.amazon.awssdk.services.eventbridge.model.UpdateApiDestinationResponse;

/**
 * API destinations: HTTP endpoints that events are sent to.
 *
 * <p>Source: the operations on API destinations of the API reference; "Amazon EventBridge quotas" of the user guide. Beside
 * HTTPS, endpoints of plain HTTP are taken.
 */
final class ApiDestinations {
    private static final String TYPE = "events:api-destination";
    private static final int MOST = 3000;
    private static final int USUAL_RATE = 300;

    private final Resources<DescribeApiDestinationResponse> destinations;
    private final Records records;
    private final Connections connections;
    private final Ids ids;
    private final InstantSource clock;

    ApiDestinations(ResourceStore store, Records records, Connections connections, Ids ids, InstantSource clock) {
        destinations = store.resources(TYPE, DescribeApiDestinationResponse::builder);
        this.records = records;
        this.connections = connections;
        this.ids = ids;
        this.clock = clock;
    }

    CreateApiDestinationResponse create(CreateApiDestinationRequest request) {
        checkEndpoint(request.invocationEndpoint());
        connection(request.connectionArn());
        if (destinations.find(request.name()).isPresent()) {
            throw Errors.exists("An api-destination '" + request.name() + "' already exists.");
        }
        if (destinations.list().all().size() >= MOST) {
            throw Errors.tooMany();
        }
        CallContext call = CallContext.current();
        DescribeApiDestinationResponse made = DescribeApiDestinationResponse.builder()
                .name(request.name())
                .apiDestinationArn("arn:aws:events:" + call.region() + ":" + call.account() + ":api-destination/"
                        + request.name() + "/" + ids.uuid())
                .description(request.description())
                .connectionArn(request.connectionArn())
                .invocationEndpoint(request.invocationEndpoint())
                .httpMethod(request.httpMethod())
                .invocationRateLimitPerSecond(Optional.ofNullable(request.invocationRateLimitPerSecond())
                        .orElse(USUAL_RATE))
                .creationTime(clock.instant())
                .lastModifiedTime(clock.instant())
                .build();
        destinations.insert(request.name(), made);
        return CreateApiDestinationResponse.builder()
                .apiDestinationArn(made.apiDestinationArn())
                .apiDestinationState(state(made))
                .creationTime(made.creationTime())
                .lastModifiedTime(made.lastModifiedTime())
                .build();
    }

    private static void checkEndpoint(String endpoint) {
        try {
            URI uri = URI.create(endpoint.replace('*', 'x'));
            boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            if (http && uri.getHost() != null) {
                return;
            }
        } catch (IllegalArgumentException malformed) {
            throw invalidEndpoint();
        }
        throw invalidEndpoint();
    }

    private static RuntimeException invalidEndpoint() {
        return Errors.invalid("Parameter InvocationEndpoint is not valid. Reason: It must be the URL of an endpoint.");
    }

    private DescribeConnectionResponse connection(String arn) {
        CallContext call = CallContext.current();
        return connections
                .findByArn(arn)
                .filter(found -> arn.contains(":" + call.region() + ":" + call.account() + ":"))
                .orElseThrow(() -> Errors.missing("Connection '" + arn + "' does not exist."));
    }

    /** A destination can be called as long as its connection is good. */
    private ApiDestinationState state(DescribeApiDestinationResponse destination) {
        return connections
                .findByArn(destination.connectionArn())
                .filter(connection -> connection.connectionState() == ConnectionState.AUTHORIZED)
                .map(_ -> ApiDestinationState.ACTIVE)
                .orElse(ApiDestinationState.INACTIVE);
    }

    DescribeApiDestinationResponse get(String name) {
        DescribeApiDestinationResponse found = destinations.find(name).orElseThrow(() -> missing(name));
        return found.toBuilder().apiDestinationState(state(found)).build();
    }

    private static RuntimeException missing(String name) {
        return Errors.missing(
                "Failed to describe the api-destination(s). An api-destination '" + name + "' does not exist.");
    }

    /** The destination with an ARN, of any account. */
    Optional<DescribeApiDestinationResponse> findByArn(String arn) {
        String[] parts = arn.split(":", 6);
        String name = parts[5].split("/", 3)[1];
        return records.get(new RecordKey(TYPE, parts[4], parts[3], name))
                .map(record -> StoredShapes.read(record.body(), DescribeApiDestinationResponse::builder))
                .filter(destination -> destination.apiDestinationArn().equals(arn));
    }

    UpdateApiDestinationResponse update(UpdateApiDestinationRequest request) {
        get(request.name());
        if (request.invocationEndpoint() != null) {
            checkEndpoint(request.invocationEndpoint());
        }
        if (request.connectionArn() != null) {
            connection(request.connectionArn());
        }
        DescribeApiDestinationResponse changed = destinations.update(request.name(), present -> {
            DescribeApiDestinationResponse.Builder builder = present.toBuilder().lastModifiedTime(clock.instant());
            Optional.ofNullable(request.description()).ifPresent(builder::description);
            Optional.ofNullable(request.connectionArn()).ifPresent(builder::connectionArn);
            Optional.ofNullable(request.invocationEndpoint()).ifPresent(builder::invocationEndpoint);
            Optional.ofNullable(request.httpMethod()).ifPresent(builder::httpMethod);
            Optional.ofNullable(request.invocationRateLimitPerSecond())
                    .ifPresent(builder::invocationRateLimitPerSecond);
            return builder.build();
        });
        return UpdateApiDestinationResponse.builder()
                .apiDestinationArn(changed.apiDestinationArn())
                .apiDestinationState(state(changed))
                .creationTime(changed.creationTime())
                .lastModifiedTime(changed.lastModifiedTime())
                .build();
    }

    void delete(String name) {
        if (!destinations.delete(name)) {
            throw missing(name);
        }
    }

    ListApiDestinationsResponse list(ListApiDestinationsRequest request) {
        Page<DescribeApiDestinationResponse> page = destinations
                .list()
                .where(destination ->
                        request.namePrefix() == null || destination.name().startsWith(request.namePrefix()))
                .where(destination -> request.connectionArn() == null
                        || destination.connectionArn().equals(request.connectionArn()))
                .maximum(request.limit())
                .after(request.nextToken())
                .page();
        return ListApiDestinationsResponse.builder()
                .apiDestinations(page.map(this::summary).items())
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private ApiDestination summary(DescribeApiDestinationResponse destination) {
        return ApiDestination.builder()
                .apiDestinationArn(destination.apiDestinationArn())
                .name(destination.name())
                .apiDestinationState(state(destination))
                .connectionArn(destination.connectionArn())
                .invocationEndpoint(destination.invocationEndpoint())
                .httpMethod(destination.httpMethod())
                .invocationRateLimitPerSecond(destination.invocationRateLimitPerSecond())
                .creationTime(destination.creationTime())
                .lastModifiedTime(destination.lastModifiedTime())
                .build();
    }
}
