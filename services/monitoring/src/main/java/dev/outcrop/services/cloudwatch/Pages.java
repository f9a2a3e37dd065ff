package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.storage.RecordQuery.Cursor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.cloudwatch.model.InvalidNextTokenException;

/** Pages of lists that are in memory; a token says how many items were told. */
final class Pages {
    private final PageTokens tokens;

    Pages(PageTokens tokens) {
        this.tokens = tokens;
    }

    /** A page, and the token of the next one if there is one; else null, as responses have it. */
    record Slice<T>(List<T> items, String next) {}

    /**
     * A page of {@code all}.
     *
     * @param list  what is listed, and by which parameters; its tokens are good for nothing else
     * @param most  how many at most
     * @param token of the page, or null for the first
     */
    <T> Slice<T> of(String list, List<T> all, int most, String token) {
        int from = Math.min(begin(list, token), all.size());
        int to = Math.min(all.size(), from + most);
        return new Slice<>(all.subList(from, to), next(list, to, all.size()).orElse(null));
    }

    /** Where the page of {@code token} begins. */
    int begin(String list, String token) {
        if (token == null) {
            return 0;
        }
        try {
            return Integer.parseInt(tokens.place(scope(list), token).id());
        } catch (AwsError foreign) {
            throw InvalidNextTokenException.builder()
                    .message("The provided next token is not valid.")
                    .build();
        }
    }

    /** The token of the page that begins at {@code to}, if there is one. */
    Optional<String> next(String list, int to, int size) {
        return to >= size
                ? Optional.empty()
                : Optional.of(tokens.token(scope(list), new Cursor(Instant.EPOCH, "", "", Integer.toString(to))));
    }

    private static String scope(String list) {
        return "cloudwatch:" + list;
    }
}
