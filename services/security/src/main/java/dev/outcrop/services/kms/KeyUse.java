package dev.outcrop.services.kms;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import java.time.InstantSource;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.DryRunOperationException;
import software.amazon.awssdk.services.kms.model.InvalidKeyUsageException;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.RecipientInfo;
import software.amazon.awssdk.services.kms.model.UnsupportedOperationException;

/** The checks that every use of a key passes, and AWS's words where one does not. */
final class KeyUse {
    private final InstantSource clock;

    KeyUse(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Makes sure that a key may be used in a cryptographic operation.
     *
     * @throws DisabledException if it is disabled
     * @throws KmsInvalidStateException if it is about to be deleted, or waits for its material
     * @throws InvalidKeyUsageException if it is for something else
     */
    KmsKey usable(KmsKey key, KeyUsageType usage, String operation) {
        usable(key);
        if (key.usage() != usage) {
            throw InvalidKeyUsageException.builder()
                    .message(key.arn() + " key usage is " + key.usage() + " which is not valid for " + operation + ".")
                    .build();
        }
        return key;
    }

    /** Makes sure that a key is enabled. */
    KmsKey usable(KmsKey key) {
        switch (key.state(clock.instant())) {
            case DISABLED ->
                throw DisabledException.builder()
                        .message(key.arn() + " is disabled.")
                        .build();
            case PENDING_DELETION -> throw invalidState(key.arn() + " is pending deletion.");
            case PENDING_REPLICA_DELETION -> throw invalidState(key.arn() + " is pending replica deletion.");
            case PENDING_IMPORT -> throw invalidState(key.arn() + " is pending import.");
            default -> {}
        }
        return key;
    }

    /** Makes sure that a key is not about to be deleted. */
    KmsKey kept(KmsKey key) {
        if (key.awaitsDeletion()) {
            throw invalidState(
                    key.arn() + (key.deletionAt() > 0 ? " is pending deletion." : " is pending replica deletion."));
        }
        return key;
    }

    /** Makes sure that a key is the customer's to change, and not about to be deleted. */
    KmsKey changeable(KmsKey key, String operation) {
        owned(key, operation);
        return kept(key);
    }

    /** Makes sure that a key is the customer's to change. */
    KmsKey owned(KmsKey key, String operation) {
        if (key.awsManaged()) {
            throw refused(key, operation);
        }
        return ofAccount(key, operation);
    }

    /** Makes sure that a key is the caller's own, where AWS does not let others in whatever the key's policy says. */
    KmsKey ofAccount(KmsKey key, String operation) {
        if (!key.account().equals(CallContext.current().account())) {
            throw refused(key, operation);
        }
        return key;
    }

    /** The caller may not do it, and no policy could let it. */
    static AwsError refused(KmsKey key, String operation) {
        return AwsError.accessDenied(
                "User: " + CallContext.current().principal().arn()
                        + " is not authorized to perform: kms:" + operation + " on resource: " + key.arn()
                        + " because no resource-based policy allows the kms:" + operation + " action");
    }

    /** Ends a dry run: everything was fine. */
    static void stopIfDry(Boolean dryRun) {
        if (Boolean.TRUE.equals(dryRun)) {
            throw DryRunOperationException.builder()
                    .message("The request would have succeeded, but the DryRun option is set.")
                    .build();
        }
    }

    /** Attested enclaves are not there to be answered. */
    static void checkRecipient(RecipientInfo recipient, String operation) {
        if (recipient != null) {
            throw AwsError.notImplemented("kms", operation + " for the Recipient of an attestation document");
        }
    }

    static KmsInvalidStateException invalidState(String message) {
        return KmsInvalidStateException.builder().message(message).build();
    }

    static UnsupportedOperationException unsupported(String message) {
        return UnsupportedOperationException.builder().message(message).build();
    }
}
