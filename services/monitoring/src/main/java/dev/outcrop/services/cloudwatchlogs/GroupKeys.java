package dev.outcrop.services.cloudwatchlogs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.logs.KeySealer;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.GenerateDataKeyResponse;

/**
 * Encrypts the keys of files of events under the master key and, where their group is associated with a key of KMS, below
 * that under a data key of KMS's. What was written under an earlier key of the group stays so. A data key is remembered for
 * five minutes, so that a key of KMS that is disabled closes the events soon.
 *
 * <p>Source: "Encrypt log data in CloudWatch Logs using AWS Key Management Service" of the Amazon CloudWatch Logs user
 * guide.
 */
final class GroupKeys implements KeySealer {
    private static final Logger LOG = LoggerFactory.getLogger(GroupKeys.class);
    private static final String CURRENT = "logs:group-key";
    private static final String DATA_KEY = "logs:data-key";
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final byte HOUSE = 0;
    private static final byte KMS = 1;
    private static final int UUID_BYTES = 36;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Records records;
    private final Secrets secrets;
    private final Supplier<Clients> clients;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final ConcurrentMap<String, Remembered> remembered = new ConcurrentHashMap<>();

    GroupKeys(Records records, Secrets secrets, Supplier<Clients> clients, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.clients = clients;
        this.clock = clock;
    }

    private record Remembered(byte[] key, Instant until) {}

    /** Makes sure that the service may use a key of KMS for the group with {@code arn}. */
    void check(String kmsKeyId, String arn) {
        dataKey(kmsKeyId, arn);
    }

    private GenerateDataKeyResponse dataKey(String kmsKeyId, String arn) {
        CallContext call = CallContext.current();
        try {
            return OwnCalls.call(
                    call.account(),
                    call.region(),
                    arn,
                    () -> clients.get()
                            .of(KmsClient.class)
                            .generateDataKey(request -> request.keyId(kmsKeyId)
                                    .keySpec(DataKeySpec.AES_256)
                                    .encryptionContext(context(arn))));
        } catch (AwsServiceException | AwsError refusal) {
            throw LogFailures.invalid(
                    "The specified KMS Key Id could not be used with LogGroup '" + arn + "': " + refusal.getMessage());
        }
    }

    private static Map<String, String> context(String arn) {
        return Map.of("aws:logs:arn", arn);
    }

    /** Has new files of a group encrypted under a key of KMS. */
    void associate(StoredGroup group, String kmsKeyId) {
        GenerateDataKeyResponse made = dataKey(kmsKeyId, group.arn());
        String id = UUID.randomUUID().toString();
        byte[] body = (group.account() + "\n" + group.region() + "\n" + group.arn() + "\n").getBytes(UTF_8);
        byte[] blob = made.ciphertextBlob().asByteArray();
        byte[] dataKey = ByteBuffer.allocate(Integer.BYTES + body.length + blob.length)
                .putInt(body.length)
                .put(body)
                .put(blob)
                .array();
        records.write(transaction -> {
            transaction.insert(
                    new RecordKey(DATA_KEY, "", "", id), group.id(), Optional.empty(), clock.instant(), dataKey);
            transaction.delete(new RecordKey(CURRENT, "", "", group.id()));
            transaction.insert(
                    new RecordKey(CURRENT, "", "", group.id()),
                    "",
                    Optional.empty(),
                    clock.instant(),
                    id.getBytes(UTF_8));
            return null;
        });
    }

    /** Has new files of a group encrypted under the master key alone. */
    void disassociate(StoredGroup group) {
        records.write(transaction -> transaction.delete(new RecordKey(CURRENT, "", "", group.id())));
    }

    /**
     * Makes sure that the key of KMS that a group is under can be used now, if it is under one.
     *
     * @throws software.amazon.awssdk.services.cloudwatchlogs.model.InvalidParameterException if not
     */
    void requireUsable(StoredGroup group) {
        if (group.shape().kmsKeyId() == null) {
            return;
        }
        Optional<StoredRecord> current = records.get(new RecordKey(CURRENT, "", "", group.id()));
        try {
            if (current.isPresent()) {
                plaintext(new String(current.get().body(), UTF_8));
            }
        } catch (GeneralSecurityException refusal) {
            throw LogFailures.invalid("The KMS key of log group " + group.name() + " cannot be used.");
        }
    }

    @Override
    public byte[] seal(String group, byte[] key) {
        Optional<StoredRecord> current =
                group.isEmpty() ? Optional.empty() : records.get(new RecordKey(CURRENT, "", "", group));
        byte[] inner;
        if (current.isEmpty()) {
            inner = ByteBuffer.allocate(1 + key.length).put(HOUSE).put(key).array();
        } else {
            try {
                byte[] id = current.get().body();
                byte[] nonce = new byte[NONCE_BYTES];
                random.nextBytes(nonce);
                byte[] sealed = crypt(Cipher.ENCRYPT_MODE, plaintext(new String(id, UTF_8)), nonce, key);
                inner = ByteBuffer.allocate(1 + id.length + nonce.length + sealed.length)
                        .put(KMS)
                        .put(id)
                        .put(nonce)
                        .put(sealed)
                        .array();
            } catch (GeneralSecurityException failure) {
                // What was acknowledged is kept; nobody reads it while the key cannot be used, and other groups go on.
                LOG.warn("events of log group {} are kept under the master key alone", group, failure);
                inner = ByteBuffer.allocate(1 + key.length).put(HOUSE).put(key).array();
            }
        }
        return secrets.encrypt(inner, "log events of " + group);
    }

    @Override
    public byte[] unseal(String group, byte[] sealed) throws GeneralSecurityException {
        ByteBuffer inner = ByteBuffer.wrap(secrets.decrypt(sealed, "log events of " + group));
        if (inner.get() == HOUSE) {
            return rest(inner);
        }
        byte[] id = new byte[UUID_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        inner.get(id).get(nonce);
        return crypt(Cipher.DECRYPT_MODE, plaintext(new String(id, UTF_8)), nonce, rest(inner));
    }

    private static byte[] rest(ByteBuffer buffer) {
        byte[] rest = new byte[buffer.remaining()];
        buffer.get(rest);
        return rest;
    }

    private static byte[] crypt(int mode, byte[] key, byte[] nonce, byte[] content) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher.doFinal(content);
    }

    private byte[] plaintext(String id) throws GeneralSecurityException {
        Remembered known = remembered.get(id);
        if (known != null && known.until().isAfter(clock.instant())) {
            return known.key();
        }
        StoredRecord record = records.get(new RecordKey(DATA_KEY, "", "", id))
                .orElseThrow(() -> new GeneralSecurityException("the data key " + id + " is gone"));
        ByteBuffer body = ByteBuffer.wrap(record.body());
        byte[] words = new byte[body.getInt()];
        body.get(words);
        String[] place = new String(words, UTF_8).split("\n");
        byte[] blob = rest(body);
        byte[] key;
        try {
            key = OwnCalls.call(
                    place[0],
                    place[1],
                    place[2],
                    () -> clients.get()
                            .of(KmsClient.class)
                            .decrypt(request -> request.ciphertextBlob(SdkBytes.fromByteArray(blob))
                                    .encryptionContext(context(place[2])))
                            .plaintext()
                            .asByteArray());
        } catch (AwsServiceException | AwsError refusal) {
            throw new GeneralSecurityException("the KMS key of the log group cannot be used", refusal);
        }
        remembered.put(id, new Remembered(key, clock.instant().plus(REMEMBERED)));
        return key;
    }
}
