package dev.outcrop.services.cloudtrail;

import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StorageException;
import dev.outcrop.storage.StoredRecord;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.cloudtrail.model.InvalidTimeRangeException;
import software.amazon.awssdk.services.cloudtrail.model.ListPublicKeysRequest;
import software.amazon.awssdk.services.cloudtrail.model.PublicKey;

/** The RSA keys that sign digests, each region's own, made anew every so often; private ones are kept encrypted. */
final class SigningKeys {
    /** How they sign. */
    static final String ALGORITHM = "SHA256withRSA";

    private static final String TYPE = "cloudtrail:signing-key";
    private static final int BITS = 2048;
    private static final int FINGERPRINT_LENGTH = 32;
    private static final Duration VALIDITY = Duration.ofDays(90);
    private static final int MOST_LISTED = 1000;

    private final Records records;
    private final Secrets secrets;
    private final InstantSource clock;
    private final ReentrantLock making = new ReentrantLock();

    SigningKeys(Records records, Secrets secrets, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** A key that signs. */
    record SigningKey(String fingerprint, Instant from, Instant until, byte[] publicKey, PrivateKey privateKey) {
        /** The signature of {@code content} in hexadecimal. */
        String sign(byte[] content) {
            try {
                Signature signature = Signature.getInstance(ALGORITHM);
                signature.initSign(privateKey);
                signature.update(content);
                return HexFormat.of().formatHex(signature.sign());
            } catch (GeneralSecurityException failure) {
                throw new IllegalStateException("a digest cannot be signed", failure);
            }
        }
    }

    /** The key that signs in {@code region} now. */
    SigningKey current(String region) {
        making.lock();
        try {
            Instant now = clock.instant();
            Optional<StoredRecord> valid = stored(region).stream()
                    .filter(record ->
                            !from(record).isAfter(now) && until(record).isAfter(now))
                    .max(Comparator.comparing(SigningKeys::from));
            return read(valid.orElseGet(() -> make(region, now)));
        } finally {
            making.unlock();
        }
    }

    private StoredRecord make(String region, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            KeyPair pair = generator.generateKeyPair();
            byte[] publicKey = pkcs1((RSAPublicKey) pair.getPublic());
            String fingerprint = LogFileContent.sha256(publicKey).substring(0, FINGERPRINT_LENGTH);
            Instant from = now.truncatedTo(ChronoUnit.SECONDS);
            RecordKey key = new RecordKey(TYPE, "", region, fingerprint);
            byte[] privateKey = secrets.encrypt(pair.getPrivate().getEncoded(), context(key));
            byte[] body = ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES + publicKey.length + privateKey.length)
                    .putLong(from.toEpochMilli())
                    .putLong(from.plus(VALIDITY).toEpochMilli())
                    .putInt(publicKey.length)
                    .put(publicKey)
                    .put(privateKey)
                    .array();
            return records.write(transaction -> {
                transaction.insert(key, "", Optional.empty(), now, body);
                return transaction.get(key).orElseThrow();
            });
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has RSA", impossible);
        }
    }

    private static String context(RecordKey key) {
        return TYPE + " " + key.region() + " " + key.id();
    }

    private List<StoredRecord> stored(String region) {
        return records.list(new RecordQuery(
                TYPE,
                Optional.of(""),
                Optional.of(region),
                Optional.empty(),
                RecordQuery.Order.NEWEST_FIRST,
                Optional.empty(),
                MOST_LISTED));
    }

    private static Instant from(StoredRecord record) {
        return Instant.ofEpochMilli(ByteBuffer.wrap(record.body()).getLong());
    }

    private static Instant until(StoredRecord record) {
        return Instant.ofEpochMilli(ByteBuffer.wrap(record.body()).getLong(Long.BYTES));
    }

    private SigningKey read(StoredRecord record) {
        byte[] encrypted = record.body();
        int length = ByteBuffer.wrap(encrypted).getInt(2 * Long.BYTES);
        int end = 2 * Long.BYTES + Integer.BYTES + length;
        byte[] rest = new byte[encrypted.length - end];
        ByteBuffer.wrap(encrypted).get(end, rest);
        try {
            PrivateKey key = KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(secrets.decrypt(rest, context(record.key()))));
            return new SigningKey(record.key().id(), from(record), until(record), publicKey(record), key);
        } catch (GeneralSecurityException damaged) {
            throw new StorageException("the signing key " + record.key().id() + " cannot be read", damaged);
        }
    }

    private static byte[] publicKey(StoredRecord record) {
        ByteBuffer body = ByteBuffer.wrap(record.body()).position(2 * Long.BYTES);
        byte[] key = new byte[body.getInt()];
        body.get(key);
        return key;
    }

    /** The keys that were valid at some time of the range that is asked for; without one, the present key. */
    List<PublicKey> list(ListPublicKeysRequest request, String region) {
        Instant now = clock.instant();
        Instant from = request.startTime() == null ? now : request.startTime();
        Instant to = request.endTime() == null ? now : request.endTime();
        if (request.startTime() != null && from.isAfter(to)) {
            throw InvalidTimeRangeException.builder()
                    .message("Start time must be before end time.")
                    .build();
        }
        Instant start = from.isAfter(to) ? to : from;
        return stored(region).stream()
                .filter(record -> !from(record).isAfter(to) && !until(record).isBefore(start))
                .map(record -> PublicKey.builder()
                        .value(SdkBytes.fromByteArray(publicKey(record)))
                        .validityStartTime(from(record))
                        .validityEndTime(until(record))
                        .fingerprint(record.key().id())
                        .build())
                .toList();
    }

    /** A public key as PKCS #1 (RFC 8017, appendix A.1.1) encodes it. */
    private static byte[] pkcs1(RSAPublicKey key) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(integer(key.getModulus()));
        content.writeBytes(integer(key.getPublicExponent()));
        return element(0x30, content.toByteArray());
    }

    private static byte[] integer(BigInteger number) {
        return element(0x02, number.toByteArray());
    }

    /** An element of DER (X.690) with its tag and length. */
    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(tag);
        if (content.length < 0x80) {
            bytes.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int skipped = length[0] == 0 ? 1 : 0;
            bytes.write(0x80 | (length.length - skipped));
            bytes.write(length, skipped, length.length - skipped);
        }
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }
}
