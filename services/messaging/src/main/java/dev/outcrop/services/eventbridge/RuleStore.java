package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.shapes.codec.StoredShapes;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import software.amazon.awssdk.services.eventbridge.model.ArchiveState;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;

/**
 * The rules and archives of all buses. Every change tells the services, in its transaction, which of their events somebody
 * wants from now on.
 */
final class RuleStore {
    /** The type of the records of rules; each belongs to its bus. */
    static final String RULE = "events:rule";
    /** The type of the records of archives; each belongs to its bus. */
    static final String ARCHIVE = "events:archive";

    private final Records records;
    private final ServiceEvents serviceEvents;
    private final InstantSource clock;

    RuleStore(Records records, ServiceEvents serviceEvents, InstantSource clock) {
        this.records = records;
        this.serviceEvents = serviceEvents;
        this.clock = clock;
    }

    /** A rule and its name. */
    record NamedRule(RuleName name, StoredRule rule) {}

    Optional<StoredRule> find(RuleName name) {
        return records.get(key(name)).map(record -> StoredRule.read(record.body()));
    }

    /** The rules of a bus, by name. */
    List<NamedRule> rules(BusName bus) {
        return records.list(query(RULE, bus)).stream()
                .map(record -> new NamedRule(name(record), StoredRule.read(record.body())))
                .toList();
    }

    /** The rules of all buses of everyone. */
    Stream<NamedRule> all() {
        return records.all(RULE, Optional.empty())
                .map(record -> new NamedRule(name(record), StoredRule.read(record.body())));
    }

    /**
     * Changes a rule.
     *
     * @param change what is to become of what there is, in either case perhaps nothing
     */
    void change(RuleName name, Function<Optional<StoredRule>, Optional<StoredRule>> change) {
        change(
                name.bus(),
                key(name),
                body -> change.apply(body.map(StoredRule::read)).map(StoredRule::write));
    }

    /** The archives of a bus, by name. */
    List<DescribeArchiveResponse> archives(BusName bus) {
        return records.list(query(ARCHIVE, bus)).stream()
                .map(RuleStore::archive)
                .toList();
    }

    Optional<DescribeArchiveResponse> findArchive(String account, String region, String name) {
        return records.get(new RecordKey(ARCHIVE, account, region, name)).map(RuleStore::archive);
    }

    /** Changes an archive of {@code bus}. */
    void changeArchive(
            BusName bus,
            String name,
            Function<Optional<DescribeArchiveResponse>, Optional<DescribeArchiveResponse>> change) {
        RecordKey key = new RecordKey(ARCHIVE, bus.account(), bus.region(), name);
        change(
                bus,
                key,
                body -> change.apply(body.map(bytes -> StoredShapes.read(bytes, DescribeArchiveResponse::builder)))
                        .map(StoredShapes::write));
    }

    private static DescribeArchiveResponse archive(StoredRecord record) {
        return StoredShapes.read(record.body(), DescribeArchiveResponse::builder);
    }

    private void change(BusName bus, RecordKey key, Function<Optional<byte[]>, Optional<byte[]>> change) {
        records.write(transaction -> {
            Optional<StoredRecord> present = transaction.get(key);
            Optional<byte[]> changed = change.apply(present.map(StoredRecord::body));
            if (changed.isEmpty()) {
                transaction.delete(key);
            } else if (present.isEmpty()) {
                transaction.insert(key, bus.name(), Optional.empty(), clock.instant(), changed.get());
            } else {
                transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), changed.get());
            }
            if (bus.isDefault()) {
                serviceEvents.follow(transaction, bus.account(), bus.region(), wantedSources(transaction, bus));
            }
            return null;
        });
    }

    /** The sources that rules and archives of a bus may want; empty if that may be any. */
    private static Optional<Set<String>> wantedSources(RecordTransaction transaction, BusName bus) {
        Set<String> wanted = new TreeSet<>();
        Stream<String> ofRules = transaction.list(query(RULE, bus)).stream()
                .map(record -> StoredRule.read(record.body()))
                .filter(rule -> rule.isEnabled() && rule.rule().eventPattern() != null)
                .map(rule -> rule.rule().eventPattern());
        Stream<String> ofArchives = transaction.list(query(ARCHIVE, bus)).stream()
                .map(RuleStore::archive)
                .filter(archive -> archive.state() == ArchiveState.ENABLED)
                .map(archive -> archive.eventPattern() == null ? Routing.EVERYTHING : archive.eventPattern());
        for (String pattern : Stream.concat(ofRules, ofArchives).toList()) {
            Optional<Set<String>> sources = Errors.pattern(pattern).wantedTexts("source");
            if (sources.isEmpty()) {
                return Optional.empty();
            }
            wanted.addAll(sources.get());
        }
        return Optional.of(wanted);
    }

    private static RecordQuery query(String type, BusName bus) {
        return new RecordQuery(
                type,
                Optional.of(bus.account()),
                Optional.of(bus.region()),
                Optional.of(bus.name()),
                RecordQuery.Order.ID,
                Optional.empty(),
                RecordQuery.MAXIMUM_LIMIT);
    }

    private static RecordKey key(RuleName name) {
        return new RecordKey(
                RULE, name.bus().account(), name.bus().region(), name.bus().name() + ":" + name.name());
    }

    private static RuleName name(StoredRecord record) {
        BusName bus = new BusName(record.key().account(), record.key().region(), record.parent());
        return new RuleName(bus, record.key().id().substring(record.parent().length() + 1));
    }
}
