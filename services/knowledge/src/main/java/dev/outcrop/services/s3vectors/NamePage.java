package dev.outcrop.services.s3vectors;

import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.RecordQuery;
import dev.outcrop.storage.RecordQuery.Cursor;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A page of what is listed by name, perhaps only names that begin alike. */
record NamePage<T>(List<T> items, Optional<String> nextToken) {
    /** What a request wants; each is null where it wants nothing of that. */
    record Wanted(String prefix, Integer maxResults, String nextToken) {}

    /**
     * A page.
     *
     * @param all   everything, from the first on; a record's id ends in its name
     * @param list  what is listed, which tokens are bound to, with the prefix
     */
    static <T> NamePage<T> of(
            Records records,
            PageTokens tokens,
            RecordQuery all,
            String list,
            Wanted wanted,
            Function<StoredRecord, T> item) {
        if (wanted.prefix() != null && !wanted.prefix().matches("[a-z0-9.-]+")) {
            return new NamePage<>(List.of(), Optional.empty()); // No name has other characters.
        }
        int most = wanted.maxResults() == null ? VectorBuckets.LONGEST_PAGE : wanted.maxResults();
        String prefix =
                all.parent().map(parent -> parent + "/").orElse("") + (wanted.prefix() == null ? "" : wanted.prefix());
        String scope = list + ":" + prefix;
        Optional<Cursor> after = Optional.ofNullable(wanted.nextToken()).map(token -> tokens.place(scope, token));
        if (after.isEmpty() && !prefix.isEmpty()) {
            // The place right before the prefix: ids are in the order of their characters, and '!' comes before any.
            after = Optional.of(new Cursor(
                    Instant.EPOCH, all.account().orElse(""), all.region().orElse(""), before(prefix)));
        }
        List<StoredRecord> found = records
                .list(new RecordQuery(
                        all.type(), all.account(), all.region(), all.parent(), all.order(), after, most + 1))
                .stream()
                .takeWhile(record -> record.key().id().startsWith(prefix))
                .toList();
        List<T> items = new ArrayList<>();
        found.stream().limit(most).map(item).forEach(items::add);
        return new NamePage<>(
                items,
                found.size() > most
                        ? Optional.of(tokens.token(scope, Cursor.behind(found.get(most - 1))))
                        : Optional.empty());
    }

    /** A text that comes before all that begin with {@code prefix}, and behind all that come before those. */
    private static String before(String prefix) {
        int last = prefix.length() - 1;
        return prefix.substring(0, last) + (char) (prefix.charAt(last) - 1) + Character.MAX_VALUE;
    }
}
