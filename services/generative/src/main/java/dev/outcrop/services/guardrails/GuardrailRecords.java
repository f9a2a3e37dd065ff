package dev.outcrop.services.guardrails;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordQuery.Order;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.bedrock.model.GetGuardrailResponse;

/**
 * What is kept of guardrails: the working draft of each, which knows the number of its last version, and its versions.
 * What was read is remembered until this or another server changes it.
 */
final class GuardrailRecords {
    /** The version of a working draft. */
    static final String DRAFT = "DRAFT";

    private static final String DRAFTS = "bedrock:guardrail";
    private static final String VERSIONS = "bedrock:guardrail-version";
    private static final int MOST_GUARDRAILS = 100;
    private static final int MOST_VERSIONS = 20;
    private static final int MOST_REMEMBERED = 1000;

    private final Records records;
    private final ConcurrentMap<RecordKey, Kept> remembered = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    GuardrailRecords(Records records) {
        this.records = records;
        for (String type : List.of(DRAFTS, VERSIONS)) {
            records.watch(
                    type,
                    key -> {
                        changes.incrementAndGet();
                        remembered.remove(key);
                    },
                    () -> {
                        changes.incrementAndGet();
                        remembered.clear();
                    });
        }
    }

    /** A guardrail, or one of its versions; the same object as long as nothing has changed. */
    static final class Kept {
        private final GetGuardrailResponse open;
        private final int lastVersion;
        private final byte[] sealed;

        /**
         * What is to be kept.
         *
         * @param open        all that everybody may know who may know of the guardrail; the whole where it is not sealed
         * @param lastVersion the number of the last version that was made of a draft; 0 of a version
         * @param sealed      the rest under a key of KMS, or nothing
         */
        Kept(GetGuardrailResponse open, int lastVersion, byte[] sealed) {
            this.open = open;
            this.lastVersion = lastVersion;
            this.sealed = sealed;
        }

        GetGuardrailResponse open() {
            return open;
        }

        boolean isSealed() {
            return sealed.length > 0;
        }

        byte[] sealed() {
            return sealed;
        }

        private static Kept read(StoredRecord record) {
            ByteBuffer body = ByteBuffer.wrap(record.body());
            int lastVersion = body.getInt();
            byte[] open = new byte[body.getInt()];
            body.get(open);
            byte[] sealed = new byte[body.remaining()];
            body.get(sealed);
            return new Kept(StoredShapes.read(open, GetGuardrailResponse::builder), lastVersion, sealed);
        }

        private byte[] write() {
            byte[] shape = StoredShapes.write(open);
            return ByteBuffer.allocate(2 * Integer.BYTES + shape.length + sealed.length)
                    .putInt(lastVersion)
                    .putInt(shape.length)
                    .put(shape)
                    .put(sealed)
                    .array();
        }
    }

    /** A guardrail of the caller's account and region. */
    Optional<Kept> find(String id, String version) {
        RecordKey key = version.equals(DRAFT) ? draft(id) : version(id, version);
        Kept known = remembered.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        long before = changes.get();
        Optional<Kept> read = records.get(key).map(Kept::read);
        if (read.isPresent()) {
            if (remembered.size() >= MOST_REMEMBERED) {
                remembered.clear();
            }
            remembered.put(key, read.get());
            if (changes.get() != before) {
                remembered.remove(key, read.get());
            }
        }
        return read;
    }

    /** The working drafts of the caller's account and region, newest first. */
    List<Kept> drafts() {
        CallContext call = CallContext.current();
        return records
                .list(new RecordQuery(
                        DRAFTS,
                        Optional.of(call.account()),
                        Optional.of(call.region()),
                        Optional.empty(),
                        Order.NEWEST_FIRST,
                        Optional.empty(),
                        RecordQuery.MAXIMUM_LIMIT))
                .stream()
                .map(Kept::read)
                .toList();
    }

    /** The versions of a guardrail, newest first. */
    List<Kept> versions(String id) {
        CallContext call = CallContext.current();
        return records.list(ofGuardrail(call.account(), call.region(), id)).stream()
                .map(Kept::read)
                .toList();
    }

    private static RecordQuery ofGuardrail(String account, String region, String id) {
        return new RecordQuery(
                VERSIONS,
                Optional.of(account),
                Optional.of(region),
                Optional.of(id),
                Order.NEWEST_FIRST,
                Optional.empty(),
                RecordQuery.MAXIMUM_LIMIT);
    }

    /**
     * Adds a guardrail.
     *
     * @throws AwsError if the account has too many, or one of that name
     */
    void insert(Kept guardrail) {
        GetGuardrailResponse shape = guardrail.open();
        RecordKey key = draft(shape.guardrailId());
        RecordQuery all = new RecordQuery(
                DRAFTS,
                Optional.of(key.account()),
                Optional.of(key.region()),
                Optional.empty(),
                Order.ID,
                Optional.empty(),
                MOST_GUARDRAILS);
        try {
            records.write(transaction -> {
                if (transaction.list(all).size() >= MOST_GUARDRAILS) {
                    throw quota("guardrails in this account and Region", MOST_GUARDRAILS);
                }
                transaction.insert(key, "", Optional.of(shape.name()), shape.createdAt(), guardrail.write());
                return null;
            });
        } catch (DuplicateRecordException taken) {
            throw nameTaken(shape.name());
        }
    }

    /**
     * Changes a working draft, whatever it has become meanwhile.
     *
     * @param change makes the new one of the present one; it must not wait for anything
     * @throws AwsError if there is none, or the new name is taken
     */
    void update(String id, UnaryOperator<Kept> change) {
        RecordKey key = draft(id);
        try {
            records.write(transaction -> {
                StoredRecord present = transaction.get(key).orElseThrow(() -> missing(id));
                Kept before = Kept.read(present);
                Kept changed = change.apply(before);
                Kept counted = new Kept(changed.open, before.lastVersion, changed.sealed);
                GetGuardrailResponse shape = changed.open();
                transaction.update(
                        key, present.version(), Optional.of(shape.name()), shape.updatedAt(), counted.write());
                return null;
            });
        } catch (DuplicateRecordException taken) {
            throw new AwsError("ConflictException", 400, "Another guardrail of this account has that name already.");
        }
    }

    /**
     * Makes a version of the working draft as it is. Numbers are never given twice.
     *
     * @throws AwsError if there is none, or it has too many versions
     */
    String makeVersion(String id, Optional<String> description, Instant now) {
        RecordKey key = draft(id);
        RecordQuery present = ofGuardrail(key.account(), key.region(), id);
        return records.write(transaction -> {
            StoredRecord record = transaction.get(key).orElseThrow(() -> missing(id));
            if (transaction.list(present).size() >= MOST_VERSIONS) {
                throw quota("versions of a guardrail", MOST_VERSIONS);
            }
            Kept draft = Kept.read(record);
            int number = draft.lastVersion + 1;
            String version = Integer.toString(number);
            GetGuardrailResponse shape = draft.open.toBuilder()
                    .version(version)
                    .description(description.orElse(null))
                    .createdAt(now)
                    .updatedAt(now)
                    .build();
            transaction.update(
                    key,
                    record.version(),
                    record.name(),
                    record.updatedAt(),
                    new Kept(draft.open, number, draft.sealed).write());
            transaction.insert(
                    new RecordKey(VERSIONS, key.account(), key.region(), id + ":" + version),
                    id,
                    Optional.empty(),
                    now,
                    new Kept(shape, 0, draft.sealed).write());
            return version;
        });
    }

    /** Removes one version, and says whether it was there. */
    boolean deleteVersion(String id, String version) {
        RecordKey key = version(id, version);
        return records.write(transaction -> transaction.delete(key));
    }

    /** Removes a guardrail with all its versions, and says whether it was there. */
    boolean delete(String id) {
        RecordKey key = draft(id);
        RecordQuery versions = ofGuardrail(key.account(), key.region(), id);
        return records.write(transaction -> {
            deleteAll(transaction, versions);
            return transaction.delete(key);
        });
    }

    private static void deleteAll(RecordTransaction transaction, RecordQuery versions) {
        for (StoredRecord version : transaction.list(versions)) {
            transaction.delete(version.key());
        }
    }

    private static RecordKey draft(String id) {
        CallContext call = CallContext.current();
        return new RecordKey(DRAFTS, call.account(), call.region(), id);
    }

    private static RecordKey version(String id, String version) {
        CallContext call = CallContext.current();
        return new RecordKey(VERSIONS, call.account(), call.region(), id + ":" + version);
    }

    static AwsError missing(String id) {
        return new AwsError("ResourceNotFoundException", 404, "The guardrail " + id + " could not be found.");
    }

    static AwsError quota(String what, int most) {
        return new AwsError(
                "ServiceQuotaExceededException",
                400,
                "You have exceeded the number of " + what + ". The limit is " + most + ".");
    }

    private static AwsError nameTaken(String name) {
        return new AwsError(
                "ConflictException", 400, "Another guardrail of this account has the name " + name + " already.");
    }
}
