package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Page;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.Resources;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.Connection;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthResponseParameters;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionHttpParameters;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionAuthRequestParameters;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionRequest;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.DeauthorizeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.DeleteConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.ListConnectionsRequest;
import software.amazon.awssdk.services.eventbridge.model.ListConnectionsResponse;
import software.amazon.awssdk.services.eventbridge.model.UpdateConnectionRequest;
import software.amazon.awssdk.services.eventbridge.model.UpdateConnectionResponse;

/**
 * Connections: how API destinations are spoken to, and by which proof.
 *
 * <p>Source: the operations on connections of the API reference; "Amazon EventBridge quotas" of the user guide.
 */
final class Connections {
    private static final String TYPE = "events:connection";
    private static final int MOST = 3000;

    private final Resources<DescribeConnectionResponse> connections;
    private final Records records;
    private final ConnectionSecrets secrets;
    private final OAuthTokens tokens;
    private final Ids ids;
    private final InstantSource clock;

    Connections(
            ResourceStore store,
            Records records,
            ConnectionSecrets secrets,
            OAuthTokens tokens,
            Ids ids,
            InstantSource clock) {
        connections = store.resources(TYPE, DescribeConnectionResponse::builder);
        this.records = records;
        this.secrets = secrets;
        this.tokens = tokens;
        this.ids = ids;
        this.clock = clock;
    }

    CreateConnectionResponse create(CreateConnectionRequest request) {
        if (request.invocationConnectivityParameters() != null
                || request.authParameters().connectivityParameters() != null) {
            throw Errors.notServed("private connectivity");
        }
        if (request.kmsKeyIdentifier() != null) {
            throw Errors.notServed("KmsKeyIdentifier");
        }
        check(request.authorizationType(), request.authParameters());
        if (connections.find(request.name()).isPresent()) {
            throw Errors.exists("Connection " + request.name() + " already exists.");
        }
        if (connections.list().all().size() >= MOST) {
            throw Errors.tooMany();
        }
        CallContext call = CallContext.current();
        DescribeConnectionResponse made = DescribeConnectionResponse.builder()
                .name(request.name())
                .connectionArn("arn:aws:events:" + call.region() + ":" + call.account() + ":connection/"
                        + request.name() + "/" + ids.uuid())
                .description(request.description())
                .authorizationType(request.authorizationType())
                .authParameters(shown(request.authParameters()))
                .creationTime(clock.instant())
                .lastModifiedTime(clock.instant())
                .build();
        String secret = secrets.create(made, request.authParameters());
        DescribeConnectionResponse authorized =
                authorized(made.toBuilder().secretArn(secret).build(), request.authParameters());
        connections.insert(request.name(), authorized);
        return CreateConnectionResponse.builder()
                .connectionArn(authorized.connectionArn())
                .connectionState(authorized.connectionState())
                .creationTime(authorized.creationTime())
                .lastModifiedTime(authorized.lastModifiedTime())
                .build();
    }

    private static void check(ConnectionAuthorizationType type, CreateConnectionAuthRequestParameters parameters) {
        Object needed = switch (type) {
            case BASIC -> parameters.basicAuthParameters();
            case API_KEY -> parameters.apiKeyAuthParameters();
            case OAUTH_CLIENT_CREDENTIALS -> parameters.oAuthParameters();
            default -> null;
        };
        if (needed == null) {
            throw Errors.invalid("Authorization parameters do not match the authorization type " + type + ".");
        }
    }

    /** The parameters without what is secret of them. */
    private static ConnectionAuthResponseParameters shown(CreateConnectionAuthRequestParameters parameters) {
        ConnectionAuthResponseParameters all =
                StoredShapes.read(StoredShapes.write(parameters), ConnectionAuthResponseParameters::builder);
        ConnectionAuthResponseParameters.Builder shown = all.toBuilder();
        if (all.invocationHttpParameters() != null) {
            shown.invocationHttpParameters(shown(all.invocationHttpParameters()));
        }
        if (all.oAuthParameters() != null && all.oAuthParameters().oAuthHttpParameters() != null) {
            shown.oAuthParameters(all.oAuthParameters().toBuilder()
                    .oAuthHttpParameters(shown(all.oAuthParameters().oAuthHttpParameters()))
                    .build());
        }
        return shown.build();
    }

    private static ConnectionHttpParameters shown(ConnectionHttpParameters parameters) {
        return parameters.toBuilder()
                .headerParameters(parameters.headerParameters().stream()
                        .map(one -> Boolean.TRUE.equals(one.isValueSecret())
                                ? one.toBuilder().value(null).build()
                                : one)
                        .toList())
                .queryStringParameters(parameters.queryStringParameters().stream()
                        .map(one -> Boolean.TRUE.equals(one.isValueSecret())
                                ? one.toBuilder().value(null).build()
                                : one)
                        .toList())
                .bodyParameters(parameters.bodyParameters().stream()
                        .map(one -> Boolean.TRUE.equals(one.isValueSecret())
                                ? one.toBuilder().value(null).build()
                                : one)
                        .toList())
                .build();
    }

    /** The connection with the state that it has once its proof has been tried. */
    private DescribeConnectionResponse authorized(
            DescribeConnectionResponse connection, CreateConnectionAuthRequestParameters parameters) {
        Optional<String> refusal =
                connection.authorizationType() == ConnectionAuthorizationType.OAUTH_CLIENT_CREDENTIALS
                        ? tokens.refresh(connection.connectionArn(), parameters.oAuthParameters())
                        : Optional.empty();
        return connection.toBuilder()
                .connectionState(refusal.isEmpty() ? ConnectionState.AUTHORIZED : ConnectionState.DEAUTHORIZED)
                .stateReason(refusal.orElse(null))
                .lastAuthorizedTime(refusal.isEmpty() ? clock.instant() : connection.lastAuthorizedTime())
                .build();
    }

    DescribeConnectionResponse get(String name) {
        return connections.find(name).orElseThrow(() -> missing(name));
    }

    private static RuntimeException missing(String name) {
        return Errors.missing("Connection " + name + " does not exist.");
    }

    /** The connection with an ARN, of any account. */
    Optional<DescribeConnectionResponse> findByArn(String arn) {
        String[] parts = arn.split(":", 6);
        String name = parts[5].split("/", 3)[1];
        return records.get(new RecordKey(TYPE, parts[4], parts[3], name))
                .map(record -> StoredShapes.read(record.body(), DescribeConnectionResponse::builder))
                .filter(connection -> connection.connectionArn().equals(arn));
    }

    UpdateConnectionResponse update(UpdateConnectionRequest request) {
        if (request.invocationConnectivityParameters() != null) {
            throw Errors.notServed("private connectivity");
        }
        if (request.kmsKeyIdentifier() != null && !request.kmsKeyIdentifier().isEmpty()) {
            throw Errors.notServed("KmsKeyIdentifier");
        }
        DescribeConnectionResponse present = get(request.name());
        DescribeConnectionResponse.Builder changed = present.toBuilder().lastModifiedTime(clock.instant());
        Optional.ofNullable(request.description()).ifPresent(changed::description);
        Optional.ofNullable(request.authorizationType()).ifPresent(changed::authorizationType);
        if (request.authParameters() != null || request.authorizationType() != null) {
            CreateConnectionAuthRequestParameters before = present.secretArn() == null
                    ? CreateConnectionAuthRequestParameters.builder().build()
                    : secrets.read(present);
            CreateConnectionAuthRequestParameters parameters = request.authParameters() == null
                    ? before
                    : ConnectionSecrets.merged(before, request.authParameters());
            check(changed.build().authorizationType(), parameters);
            if (present.secretArn() == null) {
                changed.secretArn(secrets.create(present, parameters));
            } else {
                secrets.update(present, parameters);
            }
            changed = authorized(changed.authParameters(shown(parameters)).build(), parameters).toBuilder();
        }
        DescribeConnectionResponse updated = changed.build();
        connections.update(request.name(), _ -> updated);
        return UpdateConnectionResponse.builder()
                .connectionArn(updated.connectionArn())
                .connectionState(updated.connectionState())
                .creationTime(updated.creationTime())
                .lastModifiedTime(updated.lastModifiedTime())
                .lastAuthorizedTime(updated.lastAuthorizedTime())
                .build();
    }

    /** Takes the proof away, and leaves the rest. */
    DeauthorizeConnectionResponse deauthorize(String name) {
        DescribeConnectionResponse present = get(name);
        if (present.secretArn() != null) {
            secrets.delete(present);
        }
        tokens.forget(present.connectionArn());
        DescribeConnectionResponse changed = connections.update(
                name,
                connection -> connection.toBuilder()
                        .connectionState(ConnectionState.DEAUTHORIZED)
                        .secretArn(null)
                        .lastModifiedTime(clock.instant())
                        .build());
        return DeauthorizeConnectionResponse.builder()
                .connectionArn(changed.connectionArn())
                .connectionState(changed.connectionState())
                .creationTime(changed.creationTime())
                .lastModifiedTime(changed.lastModifiedTime())
                .lastAuthorizedTime(changed.lastAuthorizedTime())
                .build();
    }

    DeleteConnectionResponse delete(String name) {
        DescribeConnectionResponse present = get(name);
        connections.delete(name);
        tokens.forget(present.connectionArn());
        if (present.secretArn() != null) {
            secrets.delete(present);
        }
        return DeleteConnectionResponse.builder()
                .connectionArn(present.connectionArn())
                .connectionState(ConnectionState.DELETING)
                .creationTime(present.creationTime())
                .lastModifiedTime(present.lastModifiedTime())
                .lastAuthorizedTime(present.lastAuthorizedTime())
                .build();
    }

    ListConnectionsResponse list(ListConnectionsRequest request) {
        Page<DescribeConnectionResponse> page = connections
                .list()
                .where(connection ->
                        request.namePrefix() == null || connection.name().startsWith(request.namePrefix()))
                .where(connection ->
                        request.connectionState() == null || connection.connectionState() == request.connectionState())
                .maximum(request.limit())
                .after(request.nextToken())
                .page();
        List<Connection> items = page.map(Connections::summary).items();
        return ListConnectionsResponse.builder()
                .connections(items)
                .nextToken(page.nextToken().orElse(null))
                .build();
    }

    private static Connection summary(DescribeConnectionResponse connection) {
        return Connection.builder()
                .connectionArn(connection.connectionArn())
                .name(connection.name())
                .connectionState(connection.connectionState())
                .stateReason(connection.stateReason())
                .authorizationType(connection.authorizationType())
                .creationTime(connection.creationTime())
                .lastModifiedTime(connection.lastModifiedTime())
                .lastAuthorizedTime(connection.lastAuthorizedTime())
                .build();
    }
}
