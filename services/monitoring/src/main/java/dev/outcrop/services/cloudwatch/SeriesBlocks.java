package dev.outcrop.services.cloudwatch;

import dev.outcrop.engines.series.Block;
import dev.outcrop.storage.RecordKey;
import dev.outcrop.storage.RecordTransaction;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The blocks of all series: as records, and those used last in memory. A block says up to which sequence of the journal
 * it holds what arrived, so that it does not matter how often, or by how many servers, the journal is applied to it. Not
 * safe for concurrent use but for {@link #store}.
 */
final class SeriesBlocks {
    /** How many slots may be in memory; a slot takes about 64 bytes. */
    private static final int MOST_SLOTS = 1_500_000;

    private static final int WRITTEN_AT_ONCE = 200;

    private final Records records;
    private final Map<Place, Held> held = new LinkedHashMap<>(1024, 0.75f, true);
    private long slots;
    private int changed;

    SeriesBlocks(Records records) {
        this.records = records;
    }

    /** Where a block is: its series, its tier, and the second that it begins at. */
    record Place(SeriesCatalog.Series series, Tier tier, long start) {
        static Place of(SeriesCatalog.Series series, Tier tier, long seconds) {
            return new Place(series, tier, Math.floorDiv(seconds, (long) tier.block()) * tier.block());
        }

        private RecordKey key() {
            MetricKey metric = series.metric();
            return new RecordKey(
                    tier.recordType(), metric.account(), metric.region(), series.id() + ":" + Long.toHexString(start));
        }

        private Instant end() {
            return Instant.ofEpochSecond(start + tier.block());
        }
    }

    private static final class Held {
        private final Block block;
        /** Up to where it holds what arrived. */
        private long applied;
        /** The same of the record. */
        private long stored;
        /** The same of the record as this was read from it: what came before is in it. */
        private final long read;

        Held(Block block, long stored) {
            this.block = block;
            this.stored = stored;
            applied = stored;
            read = stored;
        }
    }

    /** A block to be written. */
    record Written(Place place, long applied, byte[] body) {}

    /** Adds a measurement that arrived at {@code sequence}, if the block does not hold it yet. */
    void add(SeriesCatalog.Series series, Tier tier, Measurement measurement, long sequence) {
        Place place = Place.of(series, tier, measurement.seconds());
        Held block = find(place).orElseGet(() -> hold(place, new Held(new Block(), 0)));
        if (block.read >= sequence) {
            return;
        }
        int before = block.block.size();
        block.block.add((int) ((measurement.seconds() - place.start) / tier.seconds()), measurement.summary());
        slots += block.block.size() - before;
        if (block.applied <= block.stored) {
            changed++;
        }
        block.applied = Math.max(block.applied, sequence);
    }

    /** The block at {@code place}, if there is one. */
    Optional<Block> block(Place place) {
        return find(place).map(found -> found.block);
    }

    /** Whether so much has changed that it should be written now. */
    boolean isFull() {
        return slots > MOST_SLOTS && changed > held.size() / 2;
    }

    private Optional<Held> find(Place place) {
        Held present = held.get(place);
        if (present != null) {
            return Optional.of(present);
        }
        return records.get(place.key()).map(record -> {
            ByteBuffer body = ByteBuffer.wrap(record.body());
            long applied = body.getLong();
            byte[] encoded = new byte[body.remaining()];
            body.get(encoded);
            return hold(place, new Held(Block.decode(encoded), applied));
        });
    }

    private Held hold(Place place, Held block) {
        held.put(place, block);
        slots += block.block.size();
        if (slots > MOST_SLOTS) {
            forgetOldest();
        }
        return block;
    }

    /** Forgets what was not used for long and is written. */
    private void forgetOldest() {
        Iterator<Map.Entry<Place, Held>> oldest = held.entrySet().iterator();
        int looked = 0;
        while (slots > MOST_SLOTS * 9L / 10 && looked < held.size() / 2 && oldest.hasNext()) {
            looked++;
            Held candidate = oldest.next().getValue();
            if (candidate.applied <= candidate.stored) {
                slots -= candidate.block.size();
                oldest.remove();
            }
        }
    }

    /** What has changed since it was written. */
    List<Place> changed() {
        List<Place> places = new ArrayList<>(changed);
        held.forEach((place, block) -> {
            if (block.applied > block.stored) {
                places.add(place);
            }
        });
        return places;
    }

    /** The blocks at {@code places} as they are now, to be written. */
    List<Written> encoded(List<Place> places) {
        List<Written> written = new ArrayList<>(places.size());
        for (Place place : places) {
            Held block = held.get(place);
            if (block != null) {
                byte[] encoded = block.block.encode();
                byte[] body = ByteBuffer.allocate(8 + encoded.length)
                        .putLong(block.applied)
                        .put(encoded)
                        .array();
                written.add(new Written(place, block.applied, body));
            }
        }
        return written;
    }

    /** Writes blocks in a transaction; those that another server has written later are left. */
    void store(List<Written> blocks) {
        records.write(transaction -> {
            blocks.forEach(block -> store(transaction, block));
            return null;
        });
    }

    private static void store(RecordTransaction transaction, Written block) {
        RecordKey key = block.place.key();
        Optional<StoredRecord> present = transaction.get(key);
        if (present.isEmpty()) {
            transaction.insert(key, block.place.series.id(), Optional.empty(), block.place.end(), block.body);
        } else if (ByteBuffer.wrap(present.get().body()).getLong() < block.applied) {
            transaction.update(key, present.get().version(), Optional.empty(), block.place.end(), block.body);
        }
    }

    /** Says that blocks are written. */
    void stored(List<Written> blocks) {
        for (Written block : blocks) {
            Held present = held.get(block.place);
            if (present != null) {
                boolean before = present.applied > present.stored;
                present.stored = Math.max(present.stored, block.applied);
                if (before && present.applied <= present.stored) {
                    changed--;
                }
            }
        }
        forgetOldest();
    }

    /** How many blocks a transaction writes, so that others never wait for long. */
    static int writtenAtOnce() {
        return WRITTEN_AT_ONCE;
    }
}
