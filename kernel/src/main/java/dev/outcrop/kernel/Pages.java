package dev.outcrop.kernel;

import dev.outcrop.storage.RecordQuery.Cursor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Pages of lists that fit into memory; a token says how many items were told. */
public final class Pages {
    private final PageTokens tokens;
    private final String service;
    private final int usual;
    private final Supplier<? extends RuntimeException> invalid;

    /**
     * Pages of a service's lists.
     *
     * @param service whose; its tokens are good for no other's lists
     * @param usual   how many items a page has where nothing else is asked for
     * @param invalid what is thrown where a token was not given for a list
     */
    public Pages(PageTokens tokens, String service, int usual, Supplier<? extends RuntimeException> invalid) {
        this.tokens = tokens;
        this.service = service;
        this.usual = usual;
        this.invalid = invalid;
    }

    /** A page, and the token of the next one if there is one; else null, as responses have it. */
    public record Slice<T>(List<T> items, String next) {}

    /**
     * A page of {@code all}.
     *
     * @param list   what is listed, and by which parameters; its tokens are good for nothing else
     * @param wanted how many at most, or null for as many as usual
     * @param token  of the page, or null for the first
     */
    public <T> Slice<T> of(String list, List<T> all, Integer wanted, String token) {
        int from = Math.min(begin(list, token), all.size());
        int to = Math.min(all.size(), from + (wanted == null ? usual : wanted));
        return new Slice<>(all.subList(from, to), next(list, to, all.size()).orElse(null));
    }

    /** Where the page of {@code token} begins. */
    public int begin(String list, String token) {
        if (token == null) {
            return 0;
        }
        try {
            return Integer.parseInt(tokens.place(scope(list), token).id());
        } catch (AwsError foreign) {
            throw invalid.get();
        }
    }

    /** The token of the page that begins at {@code to}, if there is one. */
    public Optional<String> next(String list, int to, int size) {
        return to >= size
                ? Optional.empty()
                : Optional.of(tokens.token(scope(list), new Cursor(Instant.EPOCH, "", "", Integer.toString(to))));
    }

    private String scope(String list) {
        return service + ":" + list;
    }
}
