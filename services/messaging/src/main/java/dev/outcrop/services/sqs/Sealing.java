package dev.outcrop.services.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.storage.Secrets;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;
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
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int MOST_KEYS = 1000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Secrets secrets;
    private final Supplier<Clients> clients;
    private final InstantSource clock;
    private final Map<Use, Known> making = newest();
    private final Map<Use, Known> opening = newest();

    Sealing(Secrets secrets, Supplier<Clients> clients, InstantSource clock) {
        this.secrets = secrets;
        this.clients = clients;
        this.clock = clock;
    }

    /** Who uses which key for which queue. */
    private record Use(String principal, String queue, String key) {}

    private record Known(byte[] key, byte[] wrapped, long until) {}

    private static Map<Use, Known> newest() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Use, Known> eldest) {
                return size() > MOST_KEYS;
            }
        };
    }

    /** What is kept of {@code content} in {@code queue}; {@code id} is the message's. */
    byte[] sealed(Queue queue, String id, byte[] content) {
        Optional<String> kmsKey = queue.kmsKey();
        if (kmsKey.isPresent()) {
            return underDataKey(queue, kmsKey.get(), id, content);
        }
        return queue.isEncrypted()
                ? prefixed(MANAGED, secrets.encrypt(content, context(id)))
                : prefixed(PLAIN, content);
    }

    /** What was sealed; {@code id} is the message's. */
    byte[] opened(Queue queue, String id, byte[] stored) {
        byte[] rest = Arrays.copyOfRange(stored, 1, stored.length);
        try {
            return switch (stored[0]) {
                case PLAIN -> rest;
                case MANAGED -> secrets.decrypt(rest, context(id));
                case KMS -> byDataKey(queue, id, rest);
                default -> throw new GeneralSecurityException("unknown seal");
            };
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("the message " + id + " of " + queue.arn() + " is damaged", damaged);
        }
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

    private byte[] underDataKey(Queue queue, String kmsKey, String id, byte[] content) {
        Use use = new Use(caller(), queue.arn(), kmsKey);
        Known known = present(making, use).orElseGet(() -> {
            GenerateDataKeyResponse made = ask(kms -> kms.generateDataKey(request -> request.keyId(kmsKey)
                    .keySpec(DataKeySpec.AES_256)
                    .encryptionContext(Map.of("aws:sqs:arn", queue.arn()))));
            return remember(
                    making,
                    use,
                    new Known(
                            made.plaintext().asByteArray(),
                            made.ciphertextBlob().asByteArray(),
                            until(queue)));
        });
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] arn = queue.arn().getBytes(UTF_8);
        byte[] text = gcm(Cipher.ENCRYPT_MODE, known.key, nonce, id, content);
        return ByteBuffer.allocate(1 + 4 + arn.length + known.wrapped.length + NONCE_BYTES + text.length)
                .put(KMS)
                .putShort((short) arn.length)
                .put(arn)
                .putShort((short) known.wrapped.length)
                .put(known.wrapped)
                .put(nonce)
                .put(text)
                .array();
    }

    /** The message may have been sealed for another queue, which gave it up to this one. */
    private byte[] byDataKey(Queue queue, String id, byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        byte[] arn = new byte[bytes.getShort()];
        bytes.get(arn);
        byte[] wrapped = new byte[bytes.getShort()];
        bytes.get(wrapped);
        byte[] nonce = new byte[NONCE_BYTES];
        bytes.get(nonce);
        byte[] text = new byte[bytes.remaining()];
        bytes.get(text);
        String origin = new String(arn, UTF_8);
        Use use = new Use(caller(), origin, Base64.getEncoder().encodeToString(wrapped));
        Known known = present(opening, use).orElseGet(() -> {
            byte[] key = ask(kms -> kms.decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                            .encryptionContext(Map.of("aws:sqs:arn", origin))))
                    .plaintext()
                    .asByteArray();
            return remember(opening, use, new Known(key, wrapped, until(queue)));
        });
        return gcm(Cipher.DECRYPT_MODE, known.key, nonce, id, text);
    }

    private static String caller() {
        CallContext call = CallContext.current();
        return call.account() + " " + call.principal().arn();
    }

    private long until(Queue queue) {
        return clock.millis() + queue.dataKeyReuseSeconds() * 1000L;
    }

    private Optional<Known> present(Map<Use, Known> keys, Use use) {
        synchronized (keys) {
            return Optional.ofNullable(keys.get(use)).filter(known -> known.until > clock.millis());
        }
    }

    private static Known remember(Map<Use, Known> keys, Use use, Known known) {
        synchronized (keys) {
            keys.put(use, known);
        }
        return known;
    }

    private static byte[] gcm(int mode, byte[] key, byte[] nonce, String id, byte[] content) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(context(id).getBytes(UTF_8));
            return cipher.doFinal(content);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("the message " + id + " is damaged", damaged);
        }
    }

    private <T> T ask(Function<KmsClient, T> call) {
        try {
            return call.apply(clients.get().of(KmsClient.class));
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
