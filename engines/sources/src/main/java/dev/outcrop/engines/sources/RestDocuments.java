package dev.outcrop.engines.sources;

import com.fasterxml.jackson.databind.JsonNode;
import dev.outcrop.engines.web.RestCalls;
import dev.outcrop.engines.web.RestException;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What sources behind an interface in JSON have in common. */
public final class RestDocuments {
    private static final int MOST_PAGES = 100_000;

    private RestDocuments() {}

    /** Content whose opening calls the other side: what that refuses is why it cannot be had. */
    public static SourceDocument.Content called(SourceDocument.Content opening) {
        return () -> {
            try {
                return opening.open();
            } catch (RestException refused) {
                throw new SourceException(refused.getMessage(), refused);
            }
        };
    }

    /** Adds a value to metadata if it is a text. */
    public static void put(Map<String, String> metadata, String name, JsonNode value) {
        if (value.isTextual()) {
            metadata.put(name, value.asText());
        }
    }

    /**
     * Walks through all pages of a list.
     *
     * @param items the field of a page that holds them
     * @param next  where the next page is, as a page says it; a missing node where there is none
     */
    public static void each(
            RestCalls calls, String first, String items, UnaryOperator<JsonNode> next, Consumer<JsonNode> item) {
        String target = first;
        for (int pages = 0; !target.isEmpty(); pages++) {
            if (pages >= MOST_PAGES) {
                throw new RestException(0, "A list has more than " + MOST_PAGES + " pages");
            }
            JsonNode page = calls.get(target);
            page.path(items).forEach(item);
            target = next.apply(page).asText("");
        }
    }
}
