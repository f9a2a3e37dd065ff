package dev.outcrop.services.kms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.AlreadyExistsException;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.OriginType;

/** The keys of all accounts and regions with their aliases, as records. */
final class KmsKeys {
    static final String KEY = "kms:key";
    static final String ALIAS = "kms:alias";
    static final String GRANT = "kms:grant";
    static final String AWS_PREFIX = "alias/aws/";
    private static final String ID_PREFIX = "key/";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:kms:([^:]*):([^:]*):((?:key|alias)/.+)");
    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}");
    private static final Pattern AWS_ALIAS = Pattern.compile("alias/aws/[a-z0-9-]{2,64}");

    private final Records records;
    private final KeyEvents events;
    private final Materials materials;
    private final Ids ids;
    private final InstantSource clock;

    KmsKeys(Records records, Materials materials, Ids ids, InstantSource clock) {
        events = new KeyEvents(new ServiceEvents(records, clock), clock);
        this.records = records;
        this.materials = materials;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * The key that a request names by its id, its ARN, an alias or an alias's ARN; by ARN also that of another account. A
     * key that AWS manages is made when its alias is named for the first time.
     *
     * @throws NotFoundException if there is none
     */
    KmsKey named(String name) {
        Place place = place(name);
        return place.resource().startsWith("alias/") ? underAlias(place) : withId(place);
    }

    /**
     * The key that a request names by its id or ARN; aliases are not taken.
     *
     * @throws NotFoundException if there is none
     */
    KmsKey identified(String name) {
        if (name.startsWith("alias/") || name.contains(":alias/")) {
            throw invalidId(name);
        }
        return named(name);
    }

    /** The key with {@code id} of {@code account} in the region of the call, if there is one. */
    Optional<KmsKey> find(String account, String id) {
        return records.get(new RecordKey(KEY, account, CallContext.current().region(), id))
                .map(KmsKeys::read);
    }

    /** The key with {@code arn}, whosever and wherever it is, if there is one. */
    Optional<KmsKey> atArn(String arn) {
        Matcher matcher = ARN.matcher(arn);
        return matcher.matches() && matcher.group(3).startsWith(ID_PREFIX)
                ? records.get(new RecordKey(
                                KEY,
                                matcher.group(2),
                                matcher.group(1),
                                matcher.group(3).substring(ID_PREFIX.length())))
                        .map(KmsKeys::read)
                : Optional.empty();
    }

    /** The ARN of the key that the alias with {@code arn} stands for. */
    Optional<String> targetOf(String arn) {
        Matcher matcher = ARN.matcher(arn);
        return matcher.matches()
                ? records.get(new RecordKey(ALIAS, matcher.group(2), matcher.group(1), matcher.group(3)))
                        .map(KmsKeys::readAlias)
                        .map(entry -> "arn:aws:kms:" + matcher.group(1) + ":" + matcher.group(2) + ":" + ID_PREFIX
                                + entry.targetKeyId())
                : Optional.empty();
    }

    /** The ARN of the key that a request names; empty where it names an alias that there is not. */
    Optional<String> arnOf(String name) {
        Place place = place(name);
        return place.resource().startsWith(ID_PREFIX) ? Optional.of(place.arn()) : targetOf(place.arn());
    }

    /**
     * Where a name leads to.
     *
     * @param resource begins with {@code key/} or {@code alias/}
     */
    private record Place(String account, String resource) {
        String arn() {
            return "arn:aws:kms:" + CallContext.current().region() + ":" + account + ":" + resource;
        }
    }

    private static Place place(String name) {
        CallContext call = CallContext.current();
        if (!name.startsWith("arn:")) {
            return new Place(call.account(), name.startsWith("alias/") ? name : ID_PREFIX + name);
        }
        Matcher arn = ARN.matcher(name);
        if (!arn.matches()) {
            throw invalidArn(name);
        }
        if (!arn.group(1).equals(call.region())) {
            throw invalidArn(arn.group(1));
        }
        return new Place(arn.group(2), arn.group(3));
    }

    private KmsKey withId(Place place) {
        String id = place.resource().substring(ID_PREFIX.length());
        if (!ID.matcher(id).matches()) {
            throw invalidId(id);
        }
        return find(place.account(), id).orElseThrow(() -> missing(place.arn()));
    }

    private KmsKey underAlias(Place place) {
        Optional<AliasListEntry> entry = records.get(new RecordKey(
                        ALIAS, place.account(), CallContext.current().region(), place.resource()))
                .map(KmsKeys::readAlias);
        boolean own = place.account().equals(CallContext.current().account());
        if (entry.isEmpty() && own && AWS_ALIAS.matcher(place.resource()).matches()) {
            return awsManaged(place.resource());
        }
        String target = entry.orElseThrow(() -> missingAlias(place.arn())).targetKeyId();
        return withId(new Place(place.account(), ID_PREFIX + target));
    }

    /** There is no alias with {@code arn}. */
    static NotFoundException missingAlias(String arn) {
        return NotFoundException.builder()
                .message("Alias " + arn + " is not found.")
                .build();
    }

    private static NotFoundException missing(String arn) {
        return NotFoundException.builder()
                .message("Key '" + arn + "' does not exist")
                .build();
    }

    private static NotFoundException invalidId(String name) {
        return NotFoundException.builder()
                .message("Invalid keyId '" + name + "'")
                .build();
    }

    private static NotFoundException invalidArn(String what) {
        return NotFoundException.builder().message("Invalid arn " + what).build();
    }

    /** The call's own alias called {@code name}, which begins with {@code alias/}. */
    Optional<AliasListEntry> alias(String name) {
        return records.get(key(ALIAS, name)).map(KmsKeys::readAlias);
    }

    static AliasListEntry readAlias(StoredRecord record) {
        return StoredShapes.read(record.body(), AliasListEntry::builder);
    }

    /**
     * Makes a key, stored when this returns.
     *
     * @param before runs when the key's ARN is known and the key not yet to be seen
     */
    KmsKey create(CreateKeyRequest request, KeySpec spec, KeyUsageType usage, String policy, Consumer<KmsKey> before) {
        KmsKey key = made(
                spec,
                usage,
                Optional.ofNullable(request.origin()).orElse(OriginType.AWS_KMS),
                false,
                Boolean.TRUE.equals(request.multiRegion()),
                Optional.ofNullable(request.description()).orElse(""),
                policy,
                Optional.ofNullable(request.customKeyStoreId()).orElse(""));
        before.accept(key);
        records.write(transaction -> {
            insert(transaction, key);
            return null;
        });
        return key;
    }

    private KmsKey made(
            KeySpec spec,
            KeyUsageType usage,
            OriginType origin,
            boolean awsManaged,
            boolean multiRegion,
            String description,
            String policy,
            String keyStoreId) {
        CallContext call = CallContext.current();
        String id = multiRegion ? "mrk-" + ids.hexadecimal(32) : ids.uuid();
        List<KmsKey.Material> made =
                origin == OriginType.EXTERNAL ? List.of() : List.of(materials.made(id, generated(origin, spec)));
        Instant now = clock.instant();
        return new KmsKey(
                call.account(),
                call.region(),
                id,
                spec,
                usage,
                origin,
                awsManaged,
                multiRegion,
                now.toEpochMilli(),
                description,
                policy,
                true,
                0,
                0,
                awsManaged ? Rotations.every(Rotations.DEFAULT_DAYS, now) : KmsKey.Rotation.NONE,
                made,
                new KmsKey.Related(call.region(), List.of()),
                keyStoreId);
    }

    /** What is in a module of its owner's leaves nothing secret here. */
    private static KeySpecs.Generated generated(OriginType origin, KeySpec spec) {
        return origin == OriginType.AWS_CLOUDHSM
                ? new KeySpecs.Generated(new byte[0], new byte[0])
                : KeySpecs.generate(spec);
    }

    /** The key of {@code alias}, which AWS manages: of two that make it at once one wins. */
    private KmsKey awsManaged(String alias) {
        String service = alias.substring(AWS_PREFIX.length());
        KmsKey fresh = made(
                KeySpec.SYMMETRIC_DEFAULT,
                KeyUsageType.ENCRYPT_DECRYPT,
                OriginType.AWS_KMS,
                true,
                false,
                "Default key that protects my " + service + " data when no other key is defined",
                KeyPolicies.awsManaged(service),
                "");
        RecordKey aliasKey = key(ALIAS, alias);
        AliasListEntry entry = entry(alias, fresh, clock.instant());
        RecordKey keyKey = key(KEY, "");
        return records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(aliasKey);
            if (present.isPresent()) {
                String target = readAlias(present.get()).targetKeyId();
                return transaction
                        .get(new RecordKey(KEY, keyKey.account(), keyKey.region(), target))
                        .map(KmsKeys::read)
                        .orElseThrow();
            }
            insert(transaction, fresh);
            transaction.insert(aliasKey, fresh.id(), Optional.empty(), clock.instant(), StoredShapes.write(entry));
            return fresh;
        });
    }

    static AliasListEntry entry(String alias, KmsKey target, Instant now) {
        return AliasListEntry.builder()
                .aliasName(alias)
                .aliasArn(Ids.arn("kms", alias))
                .targetKeyId(target.id())
                .creationDate(now)
                .lastUpdatedDate(now)
                .build();
    }

    private void insert(RecordTransaction transaction, KmsKey key) {
        transaction.insert(key(key), "", Optional.empty(), clock.instant(), write(key));
    }

    /**
     * Changes a key, whatever it has become meanwhile, and with it the replicas that follow it. The change runs on the
     * writer's thread, with this call's context.
     *
     * @param change may run more than once, and throws what the caller is to read
     */
    KmsKey update(KmsKey key, UnaryOperator<KmsKey> change) {
        CallContext call = CallContext.current();
        return records.write(transaction -> call.call(() -> {
            KmsKey present = present(transaction, key);
            KmsKey changed = change.apply(present);
            write(transaction, changed);
            follow(transaction, changed);
            events.changed(transaction, present, changed);
            return changed;
        }));
    }

    /** Adds a replica of {@code primary}, as {@code made} makes it of what that key is by then. */
    KmsKey addReplica(KmsKey primary, UnaryOperator<KmsKey> made) {
        CallContext call = CallContext.current();
        return records.write(transaction -> call.call(() -> {
            KmsKey present = present(transaction, primary);
            KmsKey fresh = made.apply(present);
            if (transaction.get(key(fresh)).isPresent()) {
                throw AlreadyExistsException.builder()
                        .message("The key " + fresh.arn() + " already exists")
                        .build();
            }
            insert(transaction, fresh);
            KmsKey leading = present.relatedTo(present.related().with(fresh.region()));
            write(transaction, leading);
            follow(transaction, leading);
            return fresh.relatedTo(leading.related());
        }));
    }

    /** Has the replica in {@code region} lead the set that {@code primary} has led; {@code check} sees both. */
    void lead(KmsKey primary, String region, Consumer<KmsKey> check) {
        CallContext call = CallContext.current();
        records.write(transaction -> call.call(() -> {
            KmsKey former = present(transaction, primary);
            check.accept(former);
            KmsKey next = transaction
                    .get(new RecordKey(KEY, former.account(), region, former.id()))
                    .map(KmsKeys::read)
                    .orElseThrow(() ->
                            missing("arn:aws:kms:" + region + ":" + former.account() + ":" + ID_PREFIX + former.id()));
            check.accept(next);
            KmsKey leading = next.relatedTo(former.related().led(region));
            write(transaction, leading);
            follow(transaction, leading);
            return null;
        }));
    }

    private static KmsKey present(RecordTransaction transaction, KmsKey key) {
        return transaction.get(key(key)).map(KmsKeys::read).orElseThrow(() -> missing(key.arn()));
    }

    /** Writes what {@code primary} shares with its replicas to them. */
    private void follow(RecordTransaction transaction, KmsKey primary) {
        if (!primary.leads()) {
            return;
        }
        for (String region : primary.related().replicaRegions()) {
            transaction
                    .get(new RecordKey(KEY, primary.account(), region, primary.id()))
                    .map(KmsKeys::read)
                    .ifPresent(replica -> write(transaction, replica.following(primary)));
        }
    }

    private void write(RecordTransaction transaction, KmsKey key) {
        StoredRecord present = transaction.get(key(key)).orElseThrow(() -> missing(key.arn()));
        transaction.update(present.key(), present.version(), Optional.empty(), clock.instant(), write(key));
    }

    /**
     * Removes a key whose time has come, with its aliases and grants; false if it was given more time meanwhile. With the
     * last replica the waiting period of a primary key begins that is to be deleted, too.
     */
    boolean deleteIfDue(KmsKey key) {
        return records.write(transaction -> {
            Optional<KmsKey> present = transaction.get(key(key)).map(KmsKeys::read);
            boolean due = present.isPresent()
                    && present.get().deletionAt() > 0
                    && present.get().deletionAt() <= clock.millis();
            if (due) {
                for (String type : List.of(ALIAS, GRANT)) {
                    deleteAll(transaction, type, key);
                }
                transaction.delete(key(key));
                events.deleted(transaction, present.get());
                if (!present.get().leads()) {
                    leave(transaction, present.get());
                }
            }
            return due;
        });
    }

    private static void deleteAll(RecordTransaction transaction, String type, KmsKey key) {
        List<StoredRecord> batch;
        do {
            batch = transaction.list(children(type, key, Optional.empty(), RecordQuery.MAXIMUM_LIMIT));
            batch.forEach(child -> transaction.delete(child.key()));
        } while (!batch.isEmpty());
    }

    private void leave(RecordTransaction transaction, KmsKey replica) {
        transaction
                .get(new RecordKey(KEY, replica.account(), replica.related().primaryRegion(), replica.id()))
                .map(KmsKeys::read)
                .ifPresent(primary -> {
                    KmsKey.Related left = primary.related().without(replica.region());
                    KmsKey changed = primary.relatedTo(left);
                    int days = primary.pendingWindowInDays();
                    if (left.replicaRegions().isEmpty() && days > 0) {
                        changed = changed.deletedAt(
                                clock.instant().plus(Duration.ofDays(days)).toEpochMilli(), days);
                    }
                    write(transaction, changed);
                    follow(transaction, changed);
                });
    }

    /** How many records of {@code type} belong to {@code key}, up to {@code limit}. */
    static int count(RecordTransaction transaction, String type, KmsKey key, int limit) {
        int count = 0;
        Optional<RecordQuery.Cursor> place = Optional.empty();
        while (count < limit) {
            List<StoredRecord> batch =
                    transaction.list(children(type, key, place, Math.min(limit - count, RecordQuery.MAXIMUM_LIMIT)));
            if (batch.isEmpty()) {
                return count;
            }
            count += batch.size();
            place = Optional.of(RecordQuery.Cursor.behind(batch.getLast()));
        }
        return count;
    }

    private static RecordQuery children(String type, KmsKey key, Optional<RecordQuery.Cursor> after, int limit) {
        return new RecordQuery(
                type,
                Optional.of(key.account()),
                Optional.of(key.region()),
                Optional.of(key.id()),
                RecordQuery.Order.ID,
                after,
                limit);
    }

    static KmsKey read(StoredRecord record) {
        try {
            return JSON.readValue(record.body(), KmsKey.class);
        } catch (IOException damaged) {
            throw new UncheckedIOException("the key " + record.key().id() + " cannot be read", damaged);
        }
    }

    private static byte[] write(KmsKey key) {
        try {
            return JSON.writeValueAsBytes(key);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static RecordKey key(KmsKey key) {
        return new RecordKey(KEY, key.account(), key.region(), key.id());
    }

    /** The place of a record of the call's account and region. */
    static RecordKey key(String type, String id) {
        CallContext call = CallContext.current();
        return new RecordKey(type, call.account(), call.region(), id);
    }
}
