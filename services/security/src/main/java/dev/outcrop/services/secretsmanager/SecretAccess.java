package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.ProtectedResources;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;

/** What IAM is told of secrets. */
final class SecretAccess implements ProtectedResources {
    private final StoredSecrets secrets;
    private final SecretTags tags;

    SecretAccess(StoredSecrets secrets, SecretTags tags) {
        this.secrets = secrets;
        this.tags = tags;
    }

    /** The ARN of the secret that a request names in whatever way; of one that there is not without its end. */
    static String arn(StoredSecrets secrets, String name) {
        return secrets.find(name)
                .map(Secret::arn)
                .orElseGet(() -> name.startsWith("arn:") ? name : Ids.arn("secretsmanager", "secret:" + name));
    }

    /** The whole ARN where the request has a name or a part of it; of a secret that is yet to come the ARN without end. */
    @Override
    public List<String> resources(String operation, SdkRequest request, List<String> named) {
        return named.stream()
                .map(arn -> secrets.find(arn).map(Secret::arn).orElse(arn))
                .toList();
    }

    @Override
    public Map<String, String> tags(String arn) {
        return secrets.find(arn).<Map<String, String>>map(tags::of).orElse(Map.of());
    }

    @Override
    public Optional<List<String>> condition(String key, String arn) {
        Optional<Secret> secret = secrets.find(arn);
        return switch (key) {
            case "secretsmanager:secretprimaryregion" -> secret.map(known -> List.of(known.home()));
            case "secretsmanager:resource/allowrotationlambdaarn" ->
                secret.map(known -> known.rotation().lambdaArn())
                        .filter(lambda -> !lambda.isEmpty())
                        .map(List::of);
            default -> Optional.empty();
        };
    }

    @Override
    public Optional<String> policy(String arn) {
        return secrets.find(arn).map(Secret::policy).filter(policy -> !policy.isEmpty());
    }
}
