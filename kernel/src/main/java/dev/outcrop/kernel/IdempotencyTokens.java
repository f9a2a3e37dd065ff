package dev.outcrop.kernel;

import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/**
 * Lets a caller say the same thing twice and have it done once. The tokens are rows, so that they hold across restarts
 * and servers; they are forgotten after a day.
 */
public final class IdempotencyTokens {
    /** How long a token is remembered. */
    public static final Duration LIFETIME = Duration.ofDays(1);
    /** How long a call that never answered, because its server died, keeps its token. */
    public static final Duration LONGEST_CALL = Duration.ofMinutes(10);

    private static final String TYPE = "outcrop:idempotency-token";
    private static final int HASH_BYTES = 32;
    private static final int FORGOTTEN_AT_ONCE = 100;

    private final Records records;
    private final InstantSource clock;

    IdempotencyTokens(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /**
     * Answers a call, by {@code body} the first time that the token comes and with the same answer from then on.
     *
     * @param operation   such as {@code bedrock:CreateGuardrail}
     * @param token       what the caller sent, or null
     * @param parameters  the request without its token
     * @param newBuilder  makes the builder of the response
     * @throws AwsError {@code ConflictException} if the token came before with other parameters, or its first call is
     *     still being answered
     */
    public <B extends SdkBuilder<B, T>, T extends SdkPojo> T once(
            String operation, String token, SdkPojo parameters, Supplier<B> newBuilder, Supplier<T> body) {
        if (token == null) {
            return body.get();
        }
        byte[] hash = hash(parameters);
        RecordKey key = key(operation, token);
        Instant now = clock.instant();
        Optional<StoredRecord> earlier = reserve(key, hash, now);
        if (earlier.isPresent()) {
            return StoredShapes.read(answered(earlier.get(), hash), newBuilder);
        }
        T answer;
        try {
            answer = body.get();
        } catch (RuntimeException | Error failure) {
            records.write(transaction -> transaction.delete(key));
            throw failure;
        }
        byte[] stored = StoredShapes.write(answer);
        byte[] complete = ByteBuffer.allocate(HASH_BYTES + stored.length)
                .put(hash)
                .put(stored)
                .array();
        records.write(transaction -> {
            transaction.update(key, 1, Optional.empty(), clock.instant(), complete);
            return null;
        });
        return answer;
    }

    /** Takes the token for this call, unless an earlier one has it. */
    private Optional<StoredRecord> reserve(RecordKey key, byte[] hash, Instant now) {
        try {
            return records.write(transaction -> {
                transaction.deleteCreatedBefore(TYPE, now.minus(LIFETIME), FORGOTTEN_AT_ONCE);
                Optional<StoredRecord> present = transaction.get(key);
                if (present.isPresent() && isAbandoned(present.get(), now)) {
                    transaction.delete(key);
                    present = Optional.empty();
                }
                if (present.isEmpty()) {
                    transaction.insert(key, "", Optional.empty(), now, hash);
                }
                return present;
            });
        } catch (DuplicateRecordException another) {
            throw inProgress();
        }
    }

    private static boolean isAbandoned(StoredRecord record, Instant now) {
        return record.body().length == HASH_BYTES && record.createdAt().isBefore(now.minus(LONGEST_CALL));
    }

    private static byte[] answered(StoredRecord record, byte[] hash) {
        byte[] body = record.body();
        if (!MessageDigest.isEqual(Arrays.copyOf(body, HASH_BYTES), hash)) {
            throw new AwsError(
                    "ConflictException",
                    409,
                    "The client token was used before with other parameters; use a new token, or the same parameters");
        }
        if (body.length == HASH_BYTES) {
            throw inProgress();
        }
        return Arrays.copyOfRange(body, HASH_BYTES, body.length);
    }

    private static AwsError inProgress() {
        return new AwsError("ConflictException", 409, "A call with the same client token is in progress");
    }

    private static RecordKey key(String operation, String token) {
        CallContext context = CallContext.current();
        return new RecordKey(TYPE, context.account(), context.region(), operation + " " + token);
    }

    private static byte[] hash(SdkPojo parameters) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(StoredShapes.write(parameters));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
