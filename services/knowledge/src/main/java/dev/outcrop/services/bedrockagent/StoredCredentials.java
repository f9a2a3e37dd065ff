package dev.outcrop.services.bedrockagent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.sources.CredentialsSecret;
import dev.outcrop.engines.sources.SourceException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Credentials in a secret of Secrets Manager, read as the role of a knowledge base. */
final class StoredCredentials {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BaseRole role;
    private final String secretArn;

    StoredCredentials(BaseRole role, String secretArn) {
        this.role = role;
        this.secretArn = secretArn;
    }

    /**
     * The secret's key-value pairs.
     *
     * @throws SourceException if it has none
     */
    CredentialsSecret read() {
        Map<String, String> values = new HashMap<>();
        object().properties()
                .forEach(value -> values.put(value.getKey(), value.getValue().asText()));
        return new CredentialsSecret(values);
    }

    /** Puts values into the secret beside the others, in a new version of it. */
    void renew(Map<String, String> values) {
        ObjectNode renewed = object();
        values.forEach(renewed::put);
        role.call(
                SecretsManagerClient.class,
                secrets -> secrets.putSecretValue(
                        request -> request.secretId(secretArn).secretString(renewed.toString())));
    }

    private ObjectNode object() {
        String text = role.call(
                        SecretsManagerClient.class,
                        secrets -> secrets.getSecretValue(request -> request.secretId(secretArn)))
                .secretString();
        try {
            JsonNode json = text == null ? null : JSON.readTree(text);
            if (json instanceof ObjectNode object) {
                return object;
            }
            throw new SourceException("The secret " + secretArn + " does not hold key-value pairs");
        } catch (IOException unreadable) {
            // Not the cause: its message quotes the secret.
            throw new SourceException("The secret " + secretArn + " does not hold key-value pairs");
        }
    }
}
