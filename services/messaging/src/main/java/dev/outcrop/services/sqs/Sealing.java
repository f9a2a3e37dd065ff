package dev.outcrop.services.sqs;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.Clients;
import dev.outcrop.services.messaging.DataKeys;
import dev.outcrop.storage.Secrets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * Encrypts what messages say: under the master key (SSE-SQS), or under data keys of KMS (SSE-KMS), which are asked for as
 * whoever calls and used again by the same caller for as long as the queue says.
 *
 * <p>Source: "Encryption at rest in Amazon SQS" and "Amazon SQS Key management" of the developer guide.
 */
final class Sealing {
    private static final byte PLAIN = 0;
    private static final byte MANAGED = 1;
    private static final byte KMS = 2;

    private final Secrets secrets;
    private final DataKeys dataKeys;

    Sealing(Secrets secrets, Supplier<Clients> clients, InstantSource clock) {
        this.secrets = secrets;
        dataKeys = new DataKeys("aws:sqs:arn", clients, clock);
    }

    /** What is kept of {@code content} in {@code queue}; {@code id} is the message's. */
    byte[] sealed(Queue queue, String id, byte[] content) {
        Optional<String> kmsKey = queue.kmsKey();
        if (kmsKey.isPresent()) {
            return prefixed(
                    KMS, asked(() -> dataKeys.sealed(kmsKey.get(), queue.arn(), context(id), content, reused(queue))));
        }
        return queue.isEncrypted()
                ? prefixed(MANAGED, secrets.encrypt(content, context(id)))
                : prefixed(PLAIN, content);
    }

    /** What was sealed, be it for another queue, which gave it up to this one; {@code id} is the message's. */
    byte[] opened(Queue queue, String id, byte[] stored) {
        byte[] rest = Arrays.copyOfRange(stored, 1, stored.length);
        try {
            return switch (stored[0]) {
                case PLAIN -> rest;
                case MANAGED -> secrets.decrypt(rest, context(id));
                case KMS -> asked(() -> dataKeys.opened(context(id), rest, reused(queue)));
                default -> throw new GeneralSecurityException("unknown seal");
            };
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("the message " + id + " of " + queue.arn() + " is damaged", damaged);
        }
    }

    private static Duration reused(Queue queue) {
        return Duration.ofSeconds(queue.dataKeyReuseSeconds());
    }

    private static String context(String id) {
        return "sqs message " + id;
    }

    private static byte[] prefixed(byte scheme, byte[] content) {
        byte[] all = new byte[content.length + 1];
        all[0] = scheme;
        System.arraycopy(content, 0, all, 1, content.length);
        return all;
    }

    private static <T> T asked(Supplier<T> call) {
        try {
            return call.get();
        } catch (KmsException refusal) {
            String code = refusal.awsErrorDetails().errorCode();
            throw new AwsError(
                    switch (code) {
                        case "DisabledException" -> "KmsDisabled";
                        case "KMSInvalidStateException" -> "KmsInvalidState";
                        case "NotFoundException" -> "KmsNotFound";
                        case "InvalidKeyUsageException" -> "KmsInvalidKeyUsage";
                        case "ThrottlingException" -> "KmsThrottled";
                        default -> "KmsAccessDenied";
                    },
                    400,
                    refusal.awsErrorDetails().errorMessage());
        }
    }
}
