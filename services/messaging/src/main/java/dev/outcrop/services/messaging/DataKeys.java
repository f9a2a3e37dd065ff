package dev.outcrop.services.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
 * Encrypts what messages say under data keys of KMS, which are asked for as whoever calls, and used again by the same
 * caller for as long as is said.
 */
public final class DataKeys {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int MOST_KEYS = 1000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String contextKey;
    private final Supplier<Clients> clients;
    private final InstantSource clock;
    private final Map<Use, Known> making = newest();
    private final Map<Use, Known> opening = newest();

    /** @param contextKey what the ARN of the resource is called in KMS's encryption context, such as {@code aws:sqs:arn} */
    public DataKeys(String contextKey, Supplier<Clients> clients, InstantSource clock) {
        this.contextKey = contextKey;
        this.clients = clients;
        this.clock = clock;
    }

    /** Who uses which key for which resource. */
    private record Use(String principal, String resource, String key) {}

    private record Known(byte[] key, byte[] wrapped, long until) {}

    private static Map<Use, Known> newest() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Use, Known> eldest) {
                return size() > MOST_KEYS;
            }
        };
    }

    /**
     * Encrypts.
     *
     * @param kmsKey as KMS knows it
     * @param arn    of the resource that {@code content} is for
     * @param name   of the content, without which it is not opened again
     * @param reused how long a data key is used
     * @throws KmsException if the caller may not use the key, or nobody can now
     */
    public byte[] sealed(String kmsKey, String arn, String name, byte[] content, Duration reused) {
        Use use = new Use(caller(), arn, kmsKey);
        Known known = present(making, use).orElseGet(() -> {
            GenerateDataKeyResponse made = kms().generateDataKey(request ->
                    request.keyId(kmsKey).keySpec(DataKeySpec.AES_256).encryptionContext(Map.of(contextKey, arn)));
            return remember(
                    making,
                    use,
                    new Known(
                            made.plaintext().asByteArray(),
                            made.ciphertextBlob().asByteArray(),
                            until(reused)));
        });
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] resource = arn.getBytes(UTF_8);
        byte[] text = gcm(Cipher.ENCRYPT_MODE, known.key, nonce, name, content);
        return ByteBuffer.allocate(4 + resource.length + known.wrapped.length + NONCE_BYTES + text.length)
                .putShort((short) resource.length)
                .put(resource)
                .putShort((short) known.wrapped.length)
                .put(known.wrapped)
                .put(nonce)
                .put(text)
                .array();
    }

    /**
     * Opens what was sealed, whatever resource it was sealed for.
     *
     * @throws KmsException if the caller may not use the key, or nobody can now
     */
    public byte[] opened(String name, byte[] stored, Duration reused) {
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
            byte[] key = kms().decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                            .encryptionContext(Map.of(contextKey, origin)))
                    .plaintext()
                    .asByteArray();
            return remember(opening, use, new Known(key, wrapped, until(reused)));
        });
        return gcm(Cipher.DECRYPT_MODE, known.key, nonce, name, text);
    }

    /** The ARN of the resource that something was sealed for. */
    public static String resource(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored);
        byte[] arn = new byte[bytes.getShort()];
        bytes.get(arn);
        return new String(arn, UTF_8);
    }

    private KmsClient kms() {
        return clients.get().of(KmsClient.class);
    }

    private static String caller() {
        CallContext call = CallContext.current();
        return call.account() + " " + call.principal().arn();
    }

    private long until(Duration reused) {
        return clock.millis() + reused.toMillis();
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

    private static byte[] gcm(int mode, byte[] key, byte[] nonce, String name, byte[] content) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(name.getBytes(UTF_8));
            return cipher.doFinal(content);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("what was sealed as " + name + " is damaged", damaged);
        }
    }
}
