package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.DuplicateRecordException;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;

/** The log groups and streams, and which streams are gone whose events are still stored. */
final class GroupStore {
    static final String GROUP = "logs:group";
    static final String STREAM = "logs:stream";
    private static final String GONE = "logs:deleted-stream";
    private static final Pattern ARN =
            Pattern.compile("arn:aws[a-z-]*:logs:([a-z0-9-]+):([0-9]{12}):log-group:([^:*]+)(:\\*)?");
    private static final int AT_ONCE = 1000;

    private final Records records;
    private final InstantSource clock;

    GroupStore(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
    }

    /** The group of the call's account that a request names, by its name or its ARN, only one of which may stand there. */
    StoredGroup named(String name, String identifier) {
        if ((name == null) == (identifier == null)) {
            throw LogFailures.invalid(
                    "Exactly one of the parameters logGroupName and logGroupIdentifier must be specified.");
        }
        return group(name == null ? nameOf(identifier) : name);
    }

    /**
     * The name of the group of the call's account and region that {@code identifier} is the name or the ARN of.
     *
     * @throws software.amazon.awssdk.services.cloudwatchlogs.model.ResourceNotFoundException if it is an ARN of elsewhere
     */
    static String nameOf(String identifier) {
        if (!identifier.startsWith("arn:")) {
            return identifier;
        }
        Matcher matcher = ARN.matcher(identifier);
        if (!matcher.matches()) {
            throw LogFailures.invalid("The specified log group ARN is not valid: " + identifier);
        }
        CallContext call = CallContext.current();
        if (!matcher.group(1).equals(call.region()) || !matcher.group(2).equals(call.account())) {
            throw LogFailures.noGroup();
        }
        return matcher.group(3);
    }

    /** The group with this name in the call's account and region. */
    StoredGroup group(String name) {
        return find(name).orElseThrow(LogFailures::noGroup);
    }

    Optional<StoredGroup> find(String name) {
        return records.get(key(name)).map(StoredGroup::read);
    }

    /** All groups of all accounts. */
    Stream<StoredGroup> all() {
        return records.all(GROUP, Optional.empty()).map(StoredGroup::read);
    }

    private static RecordKey key(String name) {
        CallContext call = CallContext.current();
        return new RecordKey(GROUP, call.account(), call.region(), name);
    }

    void insert(LogGroup group) {
        RecordKey key = key(group.logGroupName());
        try {
            records.write(transaction -> {
                transaction.insert(
                        key,
                        "",
                        Optional.of(UUID.randomUUID().toString()),
                        Instant.ofEpochMilli(group.creationTime()),
                        StoredShapes.write(group));
                return null;
            });
        } catch (DuplicateRecordException present) {
            throw LogFailures.exists("The specified log group already exists");
        }
    }

    /** Changes the settings of a group. */
    void update(String name, UnaryOperator<LogGroup> change) {
        RecordKey key = key(name);
        records.write(transaction -> {
            StoredRecord present = transaction.get(key).orElseThrow(LogFailures::noGroup);
            LogGroup changed = change.apply(StoredShapes.read(present.body(), LogGroup::builder));
            transaction.update(key, present.version(), present.name(), clock.instant(), StoredShapes.write(changed));
            return null;
        });
    }

    /** Deletes a group and what belongs to it, its streams bit by bit. */
    void delete(StoredGroup group, List<String> belongings) {
        RecordKey key = key(group.name());
        records.write(transaction -> transaction.delete(key));
        for (String type :
                Stream.concat(Stream.of(STREAM, GONE), belongings.stream()).toList()) {
            List<StoredRecord> left;
            do {
                left = children(type, group);
                List<StoredRecord> now = left;
                records.write(transaction -> {
                    now.forEach(record -> transaction.delete(record.key()));
                    return null;
                });
            } while (left.size() == AT_ONCE);
        }
    }

    private List<StoredRecord> children(String type, StoredGroup group) {
        return records.list(new RecordQuery(
                type,
                Optional.of(group.account()),
                Optional.of(group.region()),
                Optional.of(group.id()),
                RecordQuery.Order.ID,
                Optional.empty(),
                AT_ONCE));
    }

    /** The id of the record of something that belongs to a group and has a name. */
    static String childId(StoredGroup group, String name) {
        return group.id() + "/" + name;
    }

    static RecordKey childKey(String type, StoredGroup group, String name) {
        return new RecordKey(type, group.account(), group.region(), childId(group, name));
    }

    Optional<StoredStream> findStream(StoredGroup group, String name) {
        return records.get(childKey(STREAM, group, name)).map(StoredStream::read);
    }

    StoredStream stream(StoredGroup group, String name) {
        return findStream(group, name).orElseThrow(LogFailures::noStream);
    }

    void insertStream(StoredGroup group, String name) {
        RecordKey key = childKey(STREAM, group, name);
        String streamKey = name + ":" + UUID.randomUUID();
        try {
            records.write(transaction -> {
                transaction.insert(key, group.id(), Optional.of(streamKey), clock.instant(), new byte[0]);
                return null;
            });
        } catch (DuplicateRecordException present) {
            throw LogFailures.exists("The specified log stream already exists");
        }
    }

    /** Deletes a stream; its events are not told any more. */
    void deleteStream(StoredGroup group, StoredStream stream) {
        records.write(transaction -> {
            if (transaction.delete(childKey(STREAM, group, stream.name()))) {
                RecordKey gone = new RecordKey(GONE, group.account(), group.region(), group.id() + "/" + stream.key());
                transaction.insert(gone, group.id(), Optional.of(stream.key()), clock.instant(), new byte[0]);
            }
            return null;
        });
    }

    /** The keys of streams of a group that were deleted. */
    Set<String> deletedStreams(StoredGroup group) {
        Set<String> deleted = new HashSet<>();
        Optional<RecordQuery.Cursor> place = Optional.empty();
        List<StoredRecord> page;
        do {
            page = records.list(new RecordQuery(
                    GONE,
                    Optional.of(group.account()),
                    Optional.of(group.region()),
                    Optional.of(group.id()),
                    RecordQuery.Order.ID,
                    place,
                    AT_ONCE));
            page.forEach(record -> deleted.add(record.name().orElseThrow()));
            place = page.isEmpty() ? place : Optional.of(RecordQuery.Cursor.behind(page.getLast()));
        } while (page.size() == AT_ONCE);
        return deleted;
    }
}
