package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.policy.MalformedPolicyException;
import dev.outcrop.kernel.policy.Policy;
import dev.outcrop.kernel.policy.PolicyUse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.secretsmanager.model.DeleteResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.DeleteResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.secretsmanager.model.PublicPolicyException;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.PutResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.ValidateResourcePolicyRequest;
import software.amazon.awssdk.services.secretsmanager.model.ValidateResourcePolicyResponse;
import software.amazon.awssdk.services.secretsmanager.model.ValidationErrorsEntry;

/**
 * The policies of secrets, which open them to other accounts. Who may do what under them IAM decides.
 *
 * <p>Source: "Resource-based policies" of the AWS Secrets Manager user guide.
 */
final class SecretPolicies {
    private static final String PREFIX = "secretsmanager";

    private final StoredSecrets secrets;
    private final Replication replication;

    SecretPolicies(StoredSecrets secrets, Replication replication) {
        this.secrets = secrets;
        this.replication = replication;
    }

    PutResourcePolicyResponse put(PutResourcePolicyRequest request) {
        Secret secret = secrets.primary(request.secretId());
        Policy policy = parsed(request.resourcePolicy());
        if (Boolean.TRUE.equals(request.blockPublicPolicy()) && policy.isPublic()) {
            throw PublicPolicyException.builder()
                    .message("You can't use a policy that grants broad access to the secret when BlockPublicPolicy is"
                            + " true.")
                    .build();
        }
        replication.update(secret, present -> present.governedBy(request.resourcePolicy()), Map.of());
        return PutResourcePolicyResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .build();
    }

    GetResourcePolicyResponse get(GetResourcePolicyRequest request) {
        Secret secret = secrets.live(request.secretId());
        return GetResourcePolicyResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .resourcePolicy(secret.policy().isEmpty() ? null : secret.policy())
                .build();
    }

    DeleteResourcePolicyResponse delete(DeleteResourcePolicyRequest request) {
        Secret secret = secrets.primary(request.secretId());
        replication.update(secret, present -> present.governedBy(""), Map.of());
        return DeleteResourcePolicyResponse.builder()
                .arn(secret.arn())
                .name(secret.name())
                .build();
    }

    ValidateResourcePolicyResponse validate(ValidateResourcePolicyRequest request) {
        Optional.ofNullable(request.secretId()).ifPresent(secrets::named);
        boolean open = parsed(request.resourcePolicy()).isPublic();
        List<ValidationErrorsEntry> errors = open
                ? List.of(ValidationErrorsEntry.builder()
                        .checkName("PUBLIC_POLICY")
                        .errorMessage("The policy grants broad access to the secret.")
                        .build())
                : List.of();
        return ValidateResourcePolicyResponse.builder()
                .policyValidationPassed(!open)
                .validationErrors(errors)
                .build();
    }

    private static Policy parsed(String document) {
        Policy policy;
        try {
            policy = Policy.parse(document, PolicyUse.RESOURCE);
        } catch (MalformedPolicyException problem) {
            throw malformed(
                    switch (problem.flaw()) {
                        case JSON -> "This resource policy contains invalid Json.";
                        case PRINCIPAL -> "This resource policy contains an unsupported principal.";
                        case SYNTAX, OTHER -> "This policy has invalid syntax.";
                    });
        }
        if (!List.of(PREFIX).containsAll(policy.services())) {
            throw malformed("This resource policy contains an unsupported action.");
        }
        return policy;
    }

    private static MalformedPolicyDocumentException malformed(String message) {
        return MalformedPolicyDocumentException.builder().message(message).build();
    }
}
