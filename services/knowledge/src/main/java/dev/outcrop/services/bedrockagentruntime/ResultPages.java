package dev.outcrop.services.bedrockagentruntime;

import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Pages;
import dev.outcrop.shapes.codec.StoredShapes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveRequest;
import software.amazon.awssdk.services.bedrockagentruntime.model.RetrieveResponse;

/** Pages of what was found: as many results as fit into a response, and a token for the rest of the same question. */
final class ResultPages {
    /** How many characters of text a response has at most, but for its first result. */
    private static final int MOST_CHARACTERS = 4_000_000;

    private final Pages pages;

    ResultPages(PageTokens tokens) {
        pages = new Pages(
                tokens,
                "bedrock-agent-runtime",
                MOST_CHARACTERS,
                () -> Errors.invalid("The provided pagination token is invalid"));
    }

    RetrieveResponse.Builder page(RetrieveRequest request, List<Passage> passages) {
        String list = "retrieve " + digest(request.toBuilder().nextToken(null).build());
        int from = Math.min(pages.begin(list, request.nextToken()), passages.size());
        int to = from;
        long characters = 0;
        while (to < passages.size()
                && (to == from || characters + passages.get(to).text().length() <= MOST_CHARACTERS)) {
            characters += passages.get(to).text().length();
            to++;
        }
        return RetrieveResponse.builder()
                .retrievalResults(
                        passages.subList(from, to).stream().map(Passage::result).toList())
                .nextToken(pages.next(list, to, passages.size()).orElse(null));
    }

    /** Tells one question from another; a token is good for the question that it was given for. */
    private static String digest(RetrieveRequest request) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(StoredShapes.write(request));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
