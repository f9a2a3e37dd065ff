package dev.outcrop.services.eventbridge;

import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.RecordQuery.Cursor;
import java.time.Instant;
import java.util.List;

/** Pages of lists that fit into memory; a token says how many were told. */
final class Pages {
    private static final int MOST = 100;

    private final PageTokens tokens;

    Pages(PageTokens tokens) {
        this.tokens = tokens;
    }

    /** A page, and the token of the next one if there is one; else null, as responses have it. */
    record Slice<T>(List<T> items, String next) {}

    /**
     * A page of {@code all}.
     *
     * @param list   what is listed, and by which parameters; its tokens are good for nothing else
     * @param wanted how many at most, or null for as many as may come at once
     * @param token  of the page, or null for the first
     */
    <T> Slice<T> of(String list, List<T> all, Integer wanted, String token) {
        int from =
                token == null ? 0 : Integer.parseInt(tokens.place(list, token).id());
        int begin = Math.min(from, all.size());
        int end = Math.min(all.size(), begin + (wanted == null ? MOST : wanted));
        String next =
                end == all.size() ? null : tokens.token(list, new Cursor(Instant.EPOCH, "", "", Integer.toString(end)));
        return new Slice<>(all.subList(begin, end), next);
    }
}
