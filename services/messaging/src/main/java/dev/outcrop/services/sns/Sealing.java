package dev.outcrop.services.sns;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Principal;
import dev.outcrop.services.messaging.DataKeys;
import dev.outcrop.storage.Secrets;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * Encrypts messages on their way: under the master key and, where a topic has a key of KMS, below that under data keys,
 * which are asked for as the publisher and used again for five minutes. A server that has to deliver what another left asks
 * for them in the name of the account that the topic belongs to.
 *
 * <p>Source: "Encryption at rest" and "Key management" of the Amazon SNS developer guide.
 */
final class Sealing {
    private static final String NAME = "sns.amazonaws.com";
    /** What stands before a message that is under a data key; others are JSON. */
    private static final byte KMS = 2;

    private static final Duration REUSED = Duration.ofMinutes(5);

    private final Secrets secrets;
    private final DataKeys dataKeys;

    Sealing(Secrets secrets, Supplier<Clients> clients, InstantSource clock) {
        this.secrets = secrets;
        dataKeys = new DataKeys("aws:sns:topicArn", clients, clock);
    }

    /** A message as the publisher has it encrypted, under a key of KMS if the topic has one. */
    byte[] ofPublisher(Topic topic, PublishedMessage message) {
        Optional<String> key = topic.attribute("KmsMasterKeyId");
        byte[] written = message.write();
        if (key.isEmpty()) {
            return written;
        }
        byte[] sealed = asked(() -> dataKeys.sealed(key.get(), topic.arn(), topic.uid(), written, REUSED));
        return ByteBuffer.allocate(1 + sealed.length).put(KMS).put(sealed).array();
    }

    /** What is kept of that in the record with this name. */
    byte[] kept(String record, byte[] ofPublisher) {
        return secrets.encrypt(ofPublisher, record);
    }

    /** What is kept in the record with this name, opened on behalf of its topic. */
    PublishedMessage opened(Topic topic, String record, byte[] kept) throws GeneralSecurityException {
        byte[] stored = secrets.decrypt(kept, record);
        if (stored[0] != KMS) {
            return PublishedMessage.read(stored);
        }
        byte[] rest = Arrays.copyOfRange(stored, 1, stored.length);
        CallContext owner = CallContext.builder()
                .principal(Principal.root(topic.account(), Optional.empty()))
                .region(topic.region())
                .requestId(UUID.randomUUID().toString())
                .sourceAddress(NAME)
                .userAgent(NAME)
                .callingService(Optional.of("sns"))
                .sourceArn(Optional.of(topic.arn()))
                .secureTransport(true)
                .build();
        return PublishedMessage.read(owner.call(() -> dataKeys.opened(topic.uid(), rest, REUSED)));
    }

    private static <T> T asked(Supplier<T> call) {
        try {
            return call.get();
        } catch (KmsException refusal) {
            String code = refusal.awsErrorDetails().errorCode();
            throw new AwsError(
                    switch (code) {
                        case "DisabledException" -> "KMSDisabled";
                        case "KMSInvalidStateException" -> "KMSInvalidState";
                        case "NotFoundException" -> "KMSNotFound";
                        case "ThrottlingException" -> "KMSThrottling";
                        default -> "KMSAccessDenied";
                    },
                    400,
                    refusal.awsErrorDetails().errorMessage());
        }
    }
}
