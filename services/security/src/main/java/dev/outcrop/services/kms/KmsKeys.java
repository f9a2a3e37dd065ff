package dev.outcrop.services.kms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Ids;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.kms.model.AliasListEntry;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;
import software.amazon.awssdk.services.kms.model.KeyMaterialState;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.OriginType;

/** The keys of all accounts and regions with their aliases, as records; material is encrypted under the master key. */
final class KmsKeys {
    static final String KEY = "kms:key";
    static final String ALIAS = "kms:alias";
    static final String GRANT = "kms:grant";
    static final String AWS_PREFIX = "alias/aws/";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:kms:([^:]*):([^:]*):((?:key|alias)/.+)");
    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}");
    private static final Pattern AWS_ALIAS = Pattern.compile("alias/aws/[a-z0-9-]{2,64}");

    private final Records records;
    private final Secrets secrets;
    private final Ids ids;
    private final InstantSource clock;

    KmsKeys(Records records, Secrets secrets, Ids ids, InstantSource clock) {
        this.records = records;
        this.secrets = secrets;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * The key that a request names by its id, its ARN, an alias or an alias's ARN. A key that AWS manages is made when its
     * alias is named for the first time.
     *
     * @throws NotFoundException if there is none
     * @throws AwsError {@code AccessDeniedException} if it is another account's
     */
    KmsKey named(String name) {
        Matcher arn = ARN.matcher(name);
        if (!arn.matches()) {
            if (name.startsWith("arn:")) {
                throw invalidArn(name);
            }
            return name.startsWith("alias/") ? underAlias(name) : withId(name);
        }
        checkPlace(arn, name);
        String resource = arn.group(3);
        return resource.startsWith("alias/") ? underAlias(resource) : withId(resource.substring("key/".length()));
    }

    /**
     * The key that a request names by its id or ARN; aliases are not taken.
     *
     * @throws NotFoundException if there is none
     */
    KmsKey identified(String name) {
        if (name.startsWith("alias/") || name.contains(":alias/")) {
            throw NotFoundException.builder()
                    .message("Invalid keyId '" + name + "'")
                    .build();
        }
        return named(name);
    }

    /** The key with {@code id} in the account and region of the call, if there is one. */
    Optional<KmsKey> find(String id) {
        return records.get(key(KEY, id)).map(KmsKeys::read);
    }

    private KmsKey withId(String id) {
        if (!ID.matcher(id).matches()) {
            throw NotFoundException.builder()
                    .message("Invalid keyId '" + id + "'")
                    .build();
        }
        return find(id).orElseThrow(() -> NotFoundException.builder()
                .message("Key '" + Ids.arn("kms", "key/" + id) + "' does not exist")
                .build());
    }

    private KmsKey underAlias(String alias) {
        Optional<AliasListEntry> entry = alias(alias);
        if (entry.isEmpty() && AWS_ALIAS.matcher(alias).matches()) {
            return awsManaged(alias);
        }
        return withId(entry.orElseThrow(() -> missingAlias(alias)).targetKeyId());
    }

    static NotFoundException missingAlias(String alias) {
        return NotFoundException.builder()
                .message("Alias " + Ids.arn("kms", alias) + " is not found.")
                .build();
    }

    private static NotFoundException invalidArn(String what) {
        return NotFoundException.builder().message("Invalid arn " + what).build();
    }

    /** Keys of other accounts are opened by key policies and grants, which nobody evaluates yet. */
    private static void checkPlace(Matcher arn, String name) {
        CallContext call = CallContext.current();
        if (!arn.group(1).equals(call.region())) {
            throw invalidArn(arn.group(1));
        }
        if (!arn.group(2).equals(call.account())) {
            throw AwsError.accessDenied("The ciphertext or resource " + name
                    + " refers to a key that does not exist, does not exist in this region, or you are not allowed to"
                    + " access.");
        }
    }

    /** The alias called {@code name}, which begins with {@code alias/}. */
    Optional<AliasListEntry> alias(String name) {
        return records.get(key(ALIAS, name)).map(record -> StoredShapes.read(record.body(), AliasListEntry::builder));
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
                policy);
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
            String policy) {
        CallContext call = CallContext.current();
        String id = multiRegion ? "mrk-" + ids.hexadecimal(32) : ids.uuid();
        List<KmsKey.Material> materials =
                origin == OriginType.EXTERNAL ? List.of() : List.of(newMaterial(id, KeySpecs.generate(spec)));
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
                materials);
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
                KeyPolicies.awsManaged(service));
        RecordKey aliasKey = key(ALIAS, alias);
        AliasListEntry entry = entry(alias, fresh, clock.instant());
        RecordKey keyKey = key(KEY, "");
        return records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(aliasKey);
            if (present.isPresent()) {
                String target = StoredShapes.read(present.get().body(), AliasListEntry::builder)
                        .targetKeyId();
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
     * Changes a key, whatever it has become meanwhile. The change runs on the writer's thread, with this call's context.
     *
     * @param change may run more than once, and throws what the caller is to read
     */
    KmsKey update(KmsKey key, UnaryOperator<KmsKey> change) {
        RecordKey place = key(key);
        CallContext call = CallContext.current();
        return records.write(transaction -> call.call(() -> {
            StoredRecord present = transaction
                    .get(place)
                    .orElseThrow(() -> NotFoundException.builder()
                            .message("Key '" + key.arn() + "' does not exist")
                            .build());
            KmsKey changed = change.apply(read(present));
            transaction.update(place, present.version(), Optional.empty(), clock.instant(), write(changed));
            return changed;
        }));
    }

    /** Removes a key whose time has come, with its aliases and grants; false if it was given more time meanwhile. */
    boolean deleteIfDue(KmsKey key) {
        RecordKey place = key(key);
        return records.write(transaction -> {
            Optional<KmsKey> present = transaction.get(place).map(KmsKeys::read);
            boolean due = present.isPresent()
                    && present.get().deletionAt() > 0
                    && present.get().deletionAt() <= clock.millis();
            if (due) {
                for (String type : List.of(ALIAS, GRANT)) {
                    transaction
                            .list(children(type, key, RecordQuery.MAXIMUM_LIMIT))
                            .forEach(child -> transaction.delete(child.key()));
                }
                transaction.delete(place);
            }
            return due;
        });
    }

    /** How many records of {@code type} belong to {@code key}, up to {@code limit}. */
    static int count(RecordTransaction transaction, String type, KmsKey key, int limit) {
        return transaction.list(children(type, key, limit)).size();
    }

    private static RecordQuery children(String type, KmsKey key, int limit) {
        return new RecordQuery(
                type,
                Optional.of(key.account()),
                Optional.of(key.region()),
                Optional.of(key.id()),
                RecordQuery.Order.ID,
                Optional.empty(),
                limit);
    }

    /** New material as the current one of the key with {@code id}. */
    KmsKey.Material newMaterial(String id, KeySpecs.Generated generated) {
        String materialId = ids.hexadecimal(64);
        return new KmsKey.Material(
                materialId,
                secrets.encrypt(generated.secret(), scope(id, materialId)),
                new byte[0],
                generated.publicKey(),
                KeyMaterialState.CURRENT,
                0,
                "",
                0,
                "");
    }

    /** What {@code material} is, in the clear. */
    byte[] secret(KmsKey key, KmsKey.Material material) {
        return decrypted(material.encrypted(), scope(key.id(), material.id()));
    }

    byte[] encrypted(byte[] secret, String scope) {
        return secrets.encrypt(secret, scope);
    }

    /**
     * What came back from a caller, in the clear.
     *
     * @throws GeneralSecurityException if it was not encrypted here for {@code scope}
     */
    byte[] opened(byte[] encrypted, String scope) throws GeneralSecurityException {
        return secrets.decrypt(encrypted, scope);
    }

    byte[] decrypted(byte[] encrypted, String scope) {
        try {
            return opened(encrypted, scope);
        } catch (GeneralSecurityException damaged) {
            throw new IllegalStateException("what is stored as " + scope + " was not encrypted here for it", damaged);
        }
    }

    String newMaterialId() {
        return ids.hexadecimal(64);
    }

    /** What the stored material of a key is bound to. */
    static String scope(String keyId, String materialId) {
        return "kms material " + keyId + " " + materialId;
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
