package dev.outcrop.storage.buckets;

import java.util.List;
import java.util.Optional;

/**
 * A page of a listing.
 *
 * @param truncated whether there is more behind it
 */
public record Listing<T>(List<Entry<T>> entries, boolean truncated) {
    public Listing {
        entries = List.copyOf(entries);
    }

    /** What stands for itself, in order. */
    public List<T> items() {
        return entries.stream().flatMap(entry -> entry.item().stream()).toList();
    }

    /** What stands for all that begins alike, in order. */
    public List<String> commonPrefixes() {
        return entries.stream()
                .filter(entry -> entry.item().isEmpty())
                .map(Entry::key)
                .toList();
    }

    /**
     * A line of it.
     *
     * @param key  of the item, or a common prefix
     * @param item empty for a common prefix
     */
    public record Entry<T>(String key, Optional<T> item) {}

    /**
     * Which keys to list.
     *
     * @param prefix    what they begin with
     * @param delimiter where keys are cut off to common prefixes; empty for nowhere
     * @param after     the key or common prefix that comes before the first; empty for none
     * @param limit     how many lines at most
     */
    public record Range(String prefix, String delimiter, String after, int limit) {}
}
