package dev.outcrop.services.eventbridge;

import dev.outcrop.engines.patterns.EventPattern;
import dev.outcrop.engines.patterns.PatternIndex;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.eventbridge.model.ArchiveState;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.RuleState;

/**
 * Which rules and archives want an event. The patterns of a bus are compiled when an event comes first after a change of
 * its account's rules, made here or by another server.
 */
final class Routing {
    /** The pattern that every event fits. */
    static final String EVERYTHING = "{\"source\":[{\"exists\":true}]}";

    /** What events that are calls of an API are called. */
    static final String API_CALL = "AWS API Call via CloudTrail";

    private final RuleStore store;
    private final AtomicLong everything = new AtomicLong();
    private final ConcurrentMap<Place, AtomicLong> changes = new ConcurrentHashMap<>();
    private final ConcurrentMap<BusName, Compiled> compiled = new ConcurrentHashMap<>();

    Routing(Records records, RuleStore store) {
        this.store = store;
        for (String type : List.of(RuleStore.RULE, RuleStore.ARCHIVE)) {
            records.watch(type, this::changed, everything::incrementAndGet);
        }
    }

    private record Place(String account, String region) {}

    private record Compiled(long version, PatternIndex<Wanting> index) {}

    /** What wants events. */
    private sealed interface Wanting {}

    private record Rule(RuleStore.NamedRule rule) implements Wanting {}

    private record Archive(DescribeArchiveResponse archive) implements Wanting {}

    /** What wants an event. */
    record Routes(List<RuleStore.NamedRule> rules, List<DescribeArchiveResponse> archives) {}

    private void changed(RecordKey key) {
        counter(new Place(key.account(), key.region())).incrementAndGet();
    }

    private AtomicLong counter(Place place) {
        return changes.computeIfAbsent(place, _ -> new AtomicLong());
    }

    /** What of a bus wants {@code event}. */
    Routes routes(BusName bus, BusEvent event) {
        boolean reading = event.field("detail-type").equals(API_CALL)
                && event.field("source").startsWith("aws.")
                && event.detail("readOnly").equals("true");
        List<RuleStore.NamedRule> rules = new ArrayList<>();
        List<DescribeArchiveResponse> archives = new ArrayList<>();
        for (Wanting wanting : index(bus).matches(event.json())) {
            switch (wanting) {
                case Archive(DescribeArchiveResponse archive) -> archives.add(archive);
                case Rule(RuleStore.NamedRule rule) -> {
                    // Calls that only read are told to rules that ask for all management events.
                    if (!reading
                            || rule.rule().rule().state() == RuleState.ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS) {
                        rules.add(rule);
                    }
                }
            }
        }
        return new Routes(rules, archives);
    }

    private PatternIndex<Wanting> index(BusName bus) {
        // Looked at before the rules are read: a change that comes between makes what was read old at once.
        long version = everything.get()
                + counter(new Place(bus.account(), bus.region())).get();
        Compiled present = compiled.get(bus);
        if (present != null && present.version() == version) {
            return present.index();
        }
        PatternIndex<Wanting> index = new PatternIndex<>(entries(bus));
        compiled.put(bus, new Compiled(version, index));
        return index;
    }

    private List<PatternIndex.Entry<Wanting>> entries(BusName bus) {
        List<PatternIndex.Entry<Wanting>> entries = new ArrayList<>();
        for (RuleStore.NamedRule rule : store.rules(bus)) {
            String pattern = rule.rule().rule().eventPattern();
            if (rule.rule().isEnabled() && pattern != null) {
                entries.add(new PatternIndex.Entry<>(EventPattern.read(pattern), new Rule(rule)));
            }
        }
        for (DescribeArchiveResponse archive : store.archives(bus)) {
            if (archive.state() == ArchiveState.ENABLED) {
                String pattern = Optional.ofNullable(archive.eventPattern()).orElse(EVERYTHING);
                entries.add(new PatternIndex.Entry<>(EventPattern.read(pattern), new Archive(archive)));
            }
        }
        return entries;
    }
}
