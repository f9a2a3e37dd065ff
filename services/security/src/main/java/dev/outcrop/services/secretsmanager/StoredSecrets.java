package dev.outcrop.services.secretsmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** The secrets and their encrypted values, as records. A change of a secret and of its values happens as one. */
final class StoredSecrets {
    static final String SECRET = "secretsmanager:secret";
    static final String VALUE = "secretsmanager:value";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:secretsmanager:([^:]*):([^:]*):secret:(.+)");
    private static final int SUFFIX = 7;
    private static final int MOST_DEPRECATED = 100;

    private final Records records;
    private final InstantSource clock;

    StoredSecrets(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /**
     * The secret that a request names by its name, its ARN, or its ARN without the six random characters.
     *
     * @throws ResourceNotFoundException if there is none
     */
    Secret named(String id) {
        return find(id).orElseThrow(StoredSecrets::missing);
    }

    /** The same, if there is one. */
    Optional<Secret> find(String id) {
        Matcher arn = ARN.matcher(id);
        if (!arn.matches()) {
            return byName(id);
        }
        CallContext call = CallContext.current();
        if (!arn.group(1).equals(call.region()) || !arn.group(2).equals(call.account())) {
            return Optional.empty(); // Secrets of others are opened by policies, which nobody evaluates yet.
        }
        String name = arn.group(3);
        Optional<Secret> complete = name.length() > SUFFIX
                ? byName(name.substring(0, name.length() - SUFFIX))
                        .filter(secret -> secret.arn().equals(id))
                : Optional.empty();
        return complete.or(() -> byName(name));
    }

    /**
     * The secret, unless it is marked for deletion.
     *
     * @throws InvalidRequestException if it is
     */
    Secret live(String id) {
        return live(named(id));
    }

    static Secret live(Secret secret) {
        if (secret.awaitsDeletion()) {
            throw invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
        }
        return secret;
    }

    static InvalidRequestException invalidRequest(String message) {
        return InvalidRequestException.builder().message(message).build();
    }

    static ResourceNotFoundException missing() {
        return ResourceNotFoundException.builder()
                .message("Secrets Manager can't find the specified secret.")
                .build();
    }

    Optional<Secret> byName(String name) {
        return records.get(key(SECRET, name)).map(StoredSecrets::read);
    }

    /** Adds a secret, with its first value where it has one. */
    void insert(Secret secret, Optional<byte[]> value) {
        RecordKey place = key(SECRET, secret.name());
        records.write(transaction -> {
            if (transaction.get(place).isPresent()) {
                throw ResourceExistsException.builder()
                        .message("The operation failed because the secret " + secret.name() + " already exists.")
                        .build();
            }
            transaction.insert(place, "", Optional.empty(), Instant.ofEpochMilli(secret.createdAt()), write(secret));
            value.ifPresent(bytes -> transaction.insert(
                    valueKey(secret, secret.versions().getFirst().id()), "", Optional.empty(), clock.instant(), bytes));
            return null;
        });
    }

    /**
     * Changes a secret.
     *
     * @param change may run more than once, on the writer's thread with this call's context, and throws what the caller is to read
     */
    Secret update(Secret secret, UnaryOperator<Secret> change) {
        return update(secret, change, Map.of());
    }

    /** Changes a secret and adds encrypted values, by version. */
    Secret update(Secret secret, UnaryOperator<Secret> change, Map<String, byte[]> values) {
        RecordKey place = placeOf(secret);
        CallContext call = CallContext.current();
        return records.write(transaction -> call.call(() -> {
            StoredRecord present = transaction
                    .get(place)
                    .filter(record -> read(record).arn().equals(secret.arn()))
                    .orElseThrow(StoredSecrets::missing);
            Secret changed = change.apply(read(present));
            Secret kept = dropDeprecated(transaction, changed);
            transaction.update(place, present.version(), Optional.empty(), clock.instant(), write(kept));
            values.forEach((version, bytes) -> {
                if (kept.version(version).isPresent()
                        && transaction.get(valueKey(kept, version)).isEmpty()) {
                    transaction.insert(valueKey(kept, version), "", Optional.empty(), clock.instant(), bytes);
                }
            });
            return kept;
        }));
    }

    /** Versions without a stage go once there are more than a hundred of them, a day old. */
    private Secret dropDeprecated(RecordTransaction transaction, Secret secret) {
        long yesterday = clock.instant().minus(Duration.ofDays(1)).toEpochMilli();
        List<Secret.Version> deprecated = secret.versions().stream()
                .filter(version -> version.stages().isEmpty())
                .toList();
        int surplus = deprecated.size() - MOST_DEPRECATED;
        if (surplus <= 0) {
            return secret;
        }
        List<Secret.Version> dropped = deprecated.subList(0, surplus).stream()
                .filter(version -> version.createdAt() < yesterday)
                .toList();
        dropped.forEach(version -> transaction.delete(valueKey(secret, version.id())));
        List<Secret.Version> kept = new ArrayList<>(secret.versions());
        kept.removeAll(dropped);
        return secret.of(kept, secret.changedAt());
    }

    /** Removes a secret with its values, if {@code due} still holds; says whether it did. */
    boolean delete(Secret secret, Predicate<Secret> due) {
        RecordKey place = placeOf(secret);
        return records.write(transaction -> {
            Optional<Secret> present =
                    transaction.get(place).map(StoredSecrets::read).filter(due);
            present.ifPresent(gone -> {
                gone.versions().forEach(version -> transaction.delete(valueKey(gone, version.id())));
                transaction.delete(place);
            });
            return present.isPresent();
        });
    }

    /** The encrypted value of a version, if it has one. */
    Optional<byte[]> value(Secret secret, String versionId) {
        return records.get(valueKey(secret, versionId)).map(StoredRecord::body);
    }

    private static RecordKey placeOf(Secret secret) {
        return new RecordKey(SECRET, secret.account(), secret.region(), secret.name());
    }

    private static RecordKey valueKey(Secret secret, String versionId) {
        return new RecordKey(VALUE, secret.account(), secret.region(), secret.arn() + " " + versionId);
    }

    private static RecordKey key(String type, String id) {
        CallContext call = CallContext.current();
        return new RecordKey(type, call.account(), call.region(), id);
    }

    static Secret read(StoredRecord record) {
        try {
            return JSON.readValue(record.body(), Secret.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException("the secret " + record.key().id() + " cannot be read", damaged);
        }
    }

    private static byte[] write(Secret secret) {
        try {
            return JSON.writeValueAsBytes(secret);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
