package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.patterns.JsonValue;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.shapes.codec.StoredShapes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionAuthRequestParameters;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * What connections prove themselves by, as secrets of Secrets Manager in the account of the connection, which EventBridge
 * makes, reads and deletes in its own name.
 */
final class ConnectionSecrets {
    private final Supplier<Clients> clients;
    private final Ids ids;

    ConnectionSecrets(Supplier<Clients> clients, Ids ids) {
        this.clients = clients;
        this.ids = ids;
    }

    /** Keeps what {@code connection} proves itself by, and gives the ARN of the secret. */
    String create(DescribeConnectionResponse connection, CreateConnectionAuthRequestParameters parameters) {
        String name = "events-connection/" + connection.name() + "/" + ids.uuid();
        return call(
                connection,
                secrets -> secrets.createSecret(request -> request.name(name)
                                .description("The connection " + connection.connectionArn() + " of EventBridge")
                                .secretString(text(parameters)))
                        .arn());
    }

    /** Puts other parameters in the place of those that {@code connection} has. */
    void update(DescribeConnectionResponse connection, CreateConnectionAuthRequestParameters parameters) {
        call(
                connection,
                secrets -> secrets.putSecretValue(
                        request -> request.secretId(connection.secretArn()).secretString(text(parameters))));
    }

    CreateConnectionAuthRequestParameters read(DescribeConnectionResponse connection) {
        String text = call(
                connection,
                secrets -> secrets.getSecretValue(request -> request.secretId(connection.secretArn()))
                        .secretString());
        return StoredShapes.read(text.getBytes(UTF_8), CreateConnectionAuthRequestParameters::builder);
    }

    void delete(DescribeConnectionResponse connection) {
        call(
                connection,
                secrets -> secrets.deleteSecret(
                        request -> request.secretId(connection.secretArn()).forceDeleteWithoutRecovery(true)));
    }

    @FunctionalInterface
    private interface Call<T> {
        T with(SecretsManagerClient secrets);
    }

    private <T> T call(DescribeConnectionResponse connection, Call<T> body) {
        String[] arn = connection.connectionArn().split(":", 6);
        return OwnCalls.call(
                arn[4],
                arn[3],
                connection.connectionArn(),
                () -> body.with(clients.get().of(SecretsManagerClient.class)));
    }

    private static String text(SdkPojo shape) {
        return new String(StoredShapes.write(shape), UTF_8);
    }

    /** The parameters with those of a change in their places. */
    static CreateConnectionAuthRequestParameters merged(
            CreateConnectionAuthRequestParameters present, SdkPojo changes) {
        try {
            JsonValue merged = merged(JsonValue.read(text(present)), JsonValue.read(text(changes)));
            return StoredShapes.read(merged.json().getBytes(UTF_8), CreateConnectionAuthRequestParameters::builder);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static JsonValue merged(JsonValue present, JsonValue change) {
        if (!(present instanceof JsonValue.Fields(Map<String, JsonValue> before))
                || !(change instanceof JsonValue.Fields(Map<String, JsonValue> after))) {
            return change;
        }
        Map<String, JsonValue> merged = new LinkedHashMap<>(before);
        after.forEach((name, value) -> merged.merge(name, value, ConnectionSecrets::merged));
        return new JsonValue.Fields(merged);
    }
}
