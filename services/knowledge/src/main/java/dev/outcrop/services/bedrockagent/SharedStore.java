package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.Match;
import dev.outcrop.engines.vectors.MetadataFilter;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A store that others use, too, and that stays open when one of them closes it. */
record SharedStore(VectorStore store) implements VectorStore {
    @Override
    public int dimension() {
        return store.dimension();
    }

    @Override
    public DistanceMetric metric() {
        return store.metric();
    }

    @Override
    public void put(List<VectorEntry> entries) {
        store.put(entries);
    }

    @Override
    public void delete(Collection<String> keys) {
        store.delete(keys);
    }

    @Override
    public Optional<VectorEntry> get(String key) {
        return store.get(key);
    }

    @Override
    public List<VectorEntry> list(Optional<String> after, int count) {
        return store.list(after, count);
    }

    @Override
    public List<Match> nearest(float[] query, int count, Optional<MetadataFilter> filter) {
        return store.nearest(query, count, filter);
    }

    @Override
    public boolean searchesText() {
        return store.searchesText();
    }

    @Override
    public List<Match> keywords(String query, int count, Optional<MetadataFilter> filter) {
        return store.keywords(query, count, filter);
    }

    @Override
    public void close() {}
}
