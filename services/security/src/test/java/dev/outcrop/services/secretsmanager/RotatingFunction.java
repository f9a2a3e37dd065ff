package dev.outcrop.services.secretsmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.services.ServedSecurity;
import java.io.UncheckedIOException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Plays a Lambda service with one function, which rotates a secret as AWS's templates do. */
final class RotatingFunction implements LambdaClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServedSecurity house;

    RotatingFunction(ServedSecurity house) {
        this.house = house;
    }

    @Override
    public InvokeResponse invoke(InvokeRequest request) {
        JsonNode event;
        try {
            event = JSON.readTree(request.payload().asUtf8String());
        } catch (JsonProcessingException malformed) {
            throw new UncheckedIOException(malformed);
        }
        String secret = event.get("SecretId").asText();
        String token = event.get("ClientRequestToken").asText();
        SecretsManagerClient client = house.clients().of(SecretsManagerClient.class);
        switch (event.get("Step").asText()) {
            case "createSecret" ->
                client.putSecretValue(put -> put.secretId(secret)
                        .clientRequestToken(token)
                        .secretString("rotated")
                        .versionStages("AWSPENDING"));
            case "finishSecret" -> {
                String current =
                        client.getSecretValue(get -> get.secretId(secret)).versionId();
                client.updateSecretVersionStage(update -> update.secretId(secret)
                        .versionStage("AWSCURRENT")
                        .moveToVersionId(token)
                        .removeFromVersionId(current));
            }
            default -> {} // There is no database to set or to try the secret in.
        }
        return InvokeResponse.builder().statusCode(200).build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
