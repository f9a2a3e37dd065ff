package dev.outcrop.services.s3vectors;

import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Entries of a store, one after the other, some read at a time. */
final class EntryScan {
    private final VectorStore store;
    private final int chunk;
    private Optional<String> after = Optional.empty();
    private Iterator<VectorEntry> entries = List.<VectorEntry>of().iterator();
    private boolean ended;

    /** From the first on. */
    EntryScan(VectorStore store, int chunk) {
        this.store = store;
        this.chunk = chunk;
    }

    /**
     * From the first behind {@code place} on. Where the token tells no more than how the key began, and its entry was
     * deleted, entries that begin like that come again rather than not at all.
     */
    EntryScan(VectorStore store, int chunk, VectorPlaces.Place place) {
        this(store, chunk);
        after = Optional.of(place.begin());
        if (place.digest().isEmpty()) {
            return;
        }
        EntryScan search = new EntryScan(store, chunk);
        search.after = after;
        for (Optional<VectorEntry> next = search.next();
                next.isPresent() && next.get().key().startsWith(place.begin());
                next = search.next()) {
            if (place.isBehind(next.get().key())) {
                after = Optional.of(next.get().key());
                return;
            }
        }
    }

    /** The next one, if there is one. */
    Optional<VectorEntry> next() {
        if (!entries.hasNext() && !ended) {
            List<VectorEntry> read = store.list(after, chunk);
            ended = read.size() < chunk;
            entries = read.iterator();
            if (!read.isEmpty()) {
                after = Optional.of(read.getLast().key());
            }
        }
        return entries.hasNext() ? Optional.of(entries.next()) : Optional.empty();
    }
}
