package dev.outcrop.services.kms;

import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.kms.model.CreateGrantRequest;
import software.amazon.awssdk.services.kms.model.DecryptRequest;
import software.amazon.awssdk.services.kms.model.EncryptRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyPairWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyRequest;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyWithoutPlaintextRequest;
import software.amazon.awssdk.services.kms.model.GrantConstraints;
import software.amazon.awssdk.services.kms.model.GrantListEntry;
import software.amazon.awssdk.services.kms.model.ReEncryptRequest;

/**
 * How far a grant reaches: its constraint on the encryption context, whose names and values are told apart by case, and
 * what it passes on. Who may make grants by a grant makes none that allow more.
 *
 * <p>Source: "Using grant constraints" and "Granting CreateGrant permission" of the AWS KMS developer guide.
 */
final class GrantLimits {
    private GrantLimits() {}

    /** Whether {@code request} stays within {@code grant}, which allows its action. */
    static boolean hold(GrantListEntry grant, String action, SdkRequest request) {
        Optional<GrantConstraints> constraints =
                Optional.ofNullable(grant.constraints()).filter(GrantLimits::saysAnything);
        if (request instanceof CreateGrantRequest child) {
            return grant.operations().containsAll(child.operations())
                    && constraints
                            .map(parent -> isAsStrict(parent, child.constraints()))
                            .orElse(true);
        }
        return constraints.isEmpty()
                || encryptionContext(action, request)
                        .map(context -> fits(constraints.get(), context))
                        .orElse(true);
    }

    private static boolean saysAnything(GrantConstraints constraints) {
        return constraints.hasEncryptionContextEquals() || constraints.hasEncryptionContextSubset();
    }

    private static boolean fits(GrantConstraints constraints, Map<String, String> context) {
        return constraints.hasEncryptionContextEquals()
                ? context.equals(constraints.encryptionContextEquals())
                : context.entrySet()
                        .containsAll(constraints.encryptionContextSubset().entrySet());
    }

    private static boolean isAsStrict(GrantConstraints parent, GrantConstraints child) {
        if (child == null || !saysAnything(child)) {
            return false;
        }
        if (parent.hasEncryptionContextEquals()) {
            return child.hasEncryptionContextEquals() && fits(parent, child.encryptionContextEquals());
        }
        return fits(
                parent,
                child.hasEncryptionContextEquals() ? child.encryptionContextEquals() : child.encryptionContextSubset());
    }

    /** Empty for operations that take none, to which constraints do not apply. */
    private static Optional<Map<String, String>> encryptionContext(String action, SdkRequest request) {
        return switch (request) {
            case EncryptRequest encrypt -> Optional.of(encrypt.encryptionContext());
            case DecryptRequest decrypt -> Optional.of(decrypt.encryptionContext());
            case ReEncryptRequest reEncrypt ->
                Optional.of(
                        action.equals("kms:ReEncryptFrom")
                                ? reEncrypt.sourceEncryptionContext()
                                : reEncrypt.destinationEncryptionContext());
            case GenerateDataKeyRequest dataKey -> Optional.of(dataKey.encryptionContext());
            case GenerateDataKeyWithoutPlaintextRequest dataKey -> Optional.of(dataKey.encryptionContext());
            case GenerateDataKeyPairRequest pair -> Optional.of(pair.encryptionContext());
            case GenerateDataKeyPairWithoutPlaintextRequest pair -> Optional.of(pair.encryptionContext());
            default -> Optional.empty();
        };
    }
}
