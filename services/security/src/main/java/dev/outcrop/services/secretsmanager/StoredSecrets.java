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
import software.amazon.awssdk.services.secretsmanager.model.LimitExceededException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** The secrets and their encrypted values, as records. A change of a secret and of its values happens as one. */
final class StoredSecrets {
    static final String SECRET = "secretsmanager:secret";
    static final String VALUE = "secretsmanager:value";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:secretsmanager:([^:]*):([^:]*):secret:(.+)");
    private static final int SUFFIX = 7;
    private static final int MOST_VERSIONS = 100;
    private static final int MOST_STAGES = 20;
    private static final Duration YOUNG = Duration.ofDays(1);

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

    /** The same, if there is one; by ARN also that of another account. */
    Optional<Secret> find(String id) {
        Matcher arn = ARN.matcher(id);
        if (!arn.matches()) {
            return byName(id);
        }
        String region = arn.group(1);
        String account = arn.group(2);
        if (!region.equals(CallContext.current().region())) {
            return Optional.empty();
        }
        String name = arn.group(3);
        Optional<Secret> complete = name.length() > SUFFIX
                ? at(account, region, name.substring(0, name.length() - SUFFIX))
                        .filter(secret -> secret.arn().equals(id))
                : Optional.empty();
        return complete.or(() -> at(account, region, name));
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

    /**
     * The secret, unless it is marked for deletion or follows one in another region.
     *
     * @throws InvalidRequestException if it does
     */
    Secret primary(String id) {
        return primary(live(id));
    }

    static Secret primary(Secret secret) {
        if (secret.follows()) {
            throw invalidRequest(
                    "Operation not permitted on a replica secret. Call must be made in primary secret's region.");
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

    /** The call's own secret called {@code name}. */
    Optional<Secret> byName(String name) {
        CallContext call = CallContext.current();
        return at(call.account(), call.region(), name);
    }

    Optional<Secret> at(String account, String region, String name) {
        return records.get(new RecordKey(SECRET, account, region, name)).map(StoredSecrets::read);
    }

    /** Adds a secret, with its first value where it has one. */
    void insert(Secret secret, Optional<byte[]> value) {
        RecordKey place = placeOf(secret);
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

    /** Changes a secret and sets encrypted values, by version. */
    Secret update(Secret secret, UnaryOperator<Secret> change, Map<String, byte[]> values) {
        RecordKey place = placeOf(secret);
        CallContext call = CallContext.current();
        return records.write(transaction -> call.call(() -> {
            StoredRecord present = transaction
                    .get(place)
                    .filter(record -> read(record).arn().equals(secret.arn()))
                    .orElseThrow(StoredSecrets::missing);
            Secret before = read(present);
            Secret changed = dropDeprecated(transaction, change.apply(before));
            checkQuotas(before, changed);
            transaction.update(place, present.version(), Optional.empty(), clock.instant(), write(changed));
            set(transaction, changed, values);
            return changed;
        }));
    }

    private void set(RecordTransaction transaction, Secret secret, Map<String, byte[]> values) {
        values.forEach((version, bytes) -> {
            if (secret.version(version).isPresent()) {
                transaction.delete(valueKey(secret, version));
                transaction.insert(valueKey(secret, version), "", Optional.empty(), clock.instant(), bytes);
            }
        });
    }

    /**
     * Stores a copy of a secret in its region, whatever copy was there, with those of its values that are new.
     *
     * @param over whether another secret of the same name gives way
     * @return whether it was stored
     */
    boolean copy(Secret copy, Map<String, byte[]> values, boolean over) {
        RecordKey place = placeOf(copy);
        return records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(place);
            Optional<Secret> before = present.map(StoredSecrets::read);
            boolean same = before.filter(secret -> secret.arn().equals(copy.arn()) && secret.follows())
                    .isPresent();
            if (present.isPresent() && !same && !over) {
                return false;
            }
            before.ifPresent(secret -> secret.versions().stream()
                    .filter(version -> !same || copy.version(version.id()).isEmpty())
                    .forEach(version -> transaction.delete(valueKey(secret, version.id()))));
            if (present.isPresent()) {
                transaction.update(place, present.get().version(), Optional.empty(), clock.instant(), write(copy));
            } else {
                transaction.insert(place, "", Optional.empty(), clock.instant(), write(copy));
            }
            set(transaction, copy, values);
            return true;
        });
    }

    /** Has a copy follow its secret no more, in both places at once; gives the copy as it is then. */
    Secret promote(Secret replica) {
        return records.write(transaction -> {
            StoredRecord there = transaction
                    .get(placeOf(replica))
                    .filter(record -> read(record).follows())
                    .orElseThrow(StoredSecrets::missing);
            Secret promoted = read(there).promoted();
            transaction.update(there.key(), there.version(), Optional.empty(), clock.instant(), write(promoted));
            forget(transaction, replica);
            return promoted;
        });
    }

    /** The secret that {@code replica} follows is not copied there any more. */
    private void forget(RecordTransaction transaction, Secret replica) {
        RecordKey home = new RecordKey(SECRET, replica.account(), replica.primaryRegion(), replica.name());
        transaction
                .get(home)
                .filter(record -> read(record).arn().equals(replica.arnIn(replica.primaryRegion())))
                .ifPresent(record -> {
                    Secret primary = read(record);
                    Secret left = primary.replicatedTo(primary.replicas().stream()
                            .filter(copy -> !copy.region().equals(replica.region()))
                            .toList());
                    transaction.update(home, record.version(), Optional.empty(), clock.instant(), write(left));
                });
    }

    /** Versions without a stage go, oldest first, once there are more than a hundred, unless they are of this day. */
    private Secret dropDeprecated(RecordTransaction transaction, Secret secret) {
        int surplus = secret.versions().size() - MOST_VERSIONS;
        if (surplus <= 0) {
            return secret;
        }
        long yesterday = clock.instant().minus(YOUNG).toEpochMilli();
        List<Secret.Version> dropped = secret.versions().stream()
                .filter(version -> version.stages().isEmpty() && version.createdAt() < yesterday)
                .limit(surplus)
                .toList();
        dropped.forEach(version -> transaction.delete(valueKey(secret, version.id())));
        List<Secret.Version> kept = new ArrayList<>(secret.versions());
        kept.removeAll(dropped);
        return secret.of(kept, secret.changedAt());
    }

    private static void checkQuotas(Secret before, Secret changed) {
        int versions = changed.versions().size();
        int stages = changed.stages().values().stream().mapToInt(List::size).sum();
        boolean tooMany =
                versions > MOST_VERSIONS && versions > before.versions().size();
        if (tooMany || stages > MOST_STAGES) {
            throw LimitExceededException.builder()
                    .message(
                            "The request failed because it would exceed one of the Secrets Manager quotas: a secret has "
                                    + MOST_VERSIONS + " versions and " + MOST_STAGES + " staging labels at most.")
                    .build();
        }
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
