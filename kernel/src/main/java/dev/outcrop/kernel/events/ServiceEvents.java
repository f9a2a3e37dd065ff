package dev.outcrop.kernel.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What services publish to the default event buses. An event is a record of the transaction that caused it, so that it
 * happens if and only if that does; whoever delivers events takes it from there in a transaction of its own. Where nobody
 * follows events of a source, publishing one costs a look into a map.
 *
 * <p>Source: "AWS service event metadata" of the Amazon EventBridge event reference.
 */
public final class ServiceEvents {
    private static final String WAITING = "outcrop:service-event";
    private static final String FOLLOWED = "outcrop:followed-events";
    private static final String ALL = "*";
    private static final String SEPARATOR = "\n";

    private final Records records;
    private final InstantSource clock;
    private final JsonFactory json = new JsonFactory();
    private final AtomicLong changes = new AtomicLong();
    private volatile Followed remembered = new Followed(-1, Map.of());

    public ServiceEvents(Records records, InstantSource clock) {
        this.records = records;
        this.clock = clock;
        records.watch(FOLLOWED, _ -> changes.incrementAndGet(), changes::incrementAndGet);
    }

    /** Whose default event bus. */
    private record Place(String account, String region) {}

    /** What is followed, as it was after so many changes. */
    private record Followed(long changes, Map<Place, Set<String>> sources) {}

    /**
     * Where an event comes from.
     *
     * @param account of the resource
     * @param region  of the resource
     * @param source  of the service, such as {@code aws.s3}
     */
    public record Origin(String account, String region, String source) {}

    /** An event that waits to be delivered, as JSON. */
    public record Waiting(RecordKey key, String event) {}

    /** Whether anybody wants events of {@code origin}. */
    public boolean isFollowed(Origin origin) {
        Set<String> sources = followed().getOrDefault(new Place(origin.account(), origin.region()), Set.of());
        return sources.contains(ALL) || sources.contains(origin.source());
    }

    /**
     * Publishes an event that happens with {@code transaction}.
     *
     * @param detailType such as {@code Object Created}
     * @param resources  the ARNs that it is about
     * @param detail     gives a JSON object; only asked where somebody follows such events, and must not wait
     */
    public void publish(
            RecordTransaction transaction,
            Origin origin,
            String detailType,
            List<String> resources,
            Supplier<String> detail) {
        if (!isFollowed(origin)) {
            return;
        }
        Instant now = clock.instant();
        String id = UUID.randomUUID().toString();
        String event = event(id, now, origin, detailType, resources, detail.get());
        RecordKey key = new RecordKey(WAITING, "", "", "%016x-%s".formatted(now.toEpochMilli(), id));
        transaction.insert(key, "", Optional.empty(), now, event.getBytes(UTF_8));
    }

    /** Publishes an event that no transaction caused. */
    public void publish(Origin origin, String detailType, List<String> resources, Supplier<String> detail) {
        if (isFollowed(origin)) {
            records.write(transaction -> {
                publish(transaction, origin, detailType, resources, detail);
                return null;
            });
        }
    }

    private String event(
            String id, Instant time, Origin origin, String detailType, List<String> resources, String detail) {
        StringWriter text = new StringWriter();
        try (JsonGenerator event = json.createGenerator(text)) {
            event.writeStartObject();
            event.writeStringField("version", "0");
            event.writeStringField("id", id);
            event.writeStringField("detail-type", detailType);
            event.writeStringField("source", origin.source());
            event.writeStringField("account", origin.account());
            event.writeStringField("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
            event.writeStringField("region", origin.region());
            event.writeArrayFieldStart("resources");
            for (String resource : resources) {
                event.writeString(resource);
            }
            event.writeEndArray();
            event.writeFieldName("detail");
            event.writeRawValue(detail);
            event.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /**
     * Says which events are wanted from now on.
     *
     * @param sources such as {@code aws.s3}; empty for all
     */
    public void follow(RecordTransaction transaction, String account, String region, Optional<Set<String>> sources) {
        RecordKey key = new RecordKey(FOLLOWED, account, region, "default");
        Optional<StoredRecord> present = transaction.get(key);
        Set<String> wanted = sources.<Set<String>>map(TreeSet::new).orElse(Set.of(ALL));
        byte[] body = String.join(SEPARATOR, wanted).getBytes(UTF_8);
        if (present.isEmpty()) {
            transaction.insert(key, "", Optional.empty(), clock.instant(), body);
        } else {
            transaction.update(key, present.get().version(), Optional.empty(), clock.instant(), body);
        }
    }

    /** Has {@code listener} called whenever events have come to wait; it must not wait itself. */
    public void watch(Runnable listener) {
        Consumer<RecordKey> any = _ -> listener.run();
        records.watch(WAITING, any, listener);
    }

    /** The events that have waited longest, the first of them first. */
    public List<Waiting> waiting(int most) {
        return records.list(RecordQuery.all(WAITING, most)).stream()
                .map(record -> new Waiting(record.key(), new String(record.body(), UTF_8)))
                .toList();
    }

    /** Takes an event away with {@code transaction}; false if another server has taken it. */
    public boolean take(RecordTransaction transaction, Waiting event) {
        return transaction.delete(event.key());
    }

    private Map<Place, Set<String>> followed() {
        Followed present = remembered;
        long now = changes.get();
        if (present.changes() == now) {
            return present.sources();
        }
        Map<Place, Set<String>> sources = new HashMap<>();
        records.all(FOLLOWED, Optional.empty()).forEach(record -> {
            Place place = new Place(record.key().account(), record.key().region());
            sources.put(place, Set.of(new String(record.body(), UTF_8).split(SEPARATOR, -1)));
        });
        remembered = new Followed(now, sources);
        return sources;
    }
}
