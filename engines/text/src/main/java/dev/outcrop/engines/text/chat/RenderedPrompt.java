package dev.outcrop.engines.text.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A conversation as the text that the model reads.
 *
 * @param text        the whole text
 * @param segments    the same text in runs, each wholly from the template or wholly from the request
 * @param cachePoints for each cache point of the conversation, in order, the number of characters of {@code text} that
 *                    come before it
 */
public record RenderedPrompt(String text, List<Segment> segments, List<Integer> cachePoints) {
    public RenderedPrompt {
        segments = List.copyOf(segments);
        cachePoints = List.copyOf(cachePoints);
    }

    /**
     * A run of the text.
     *
     * @param fromTemplate whether the template wrote it, so that it may hold special tokens
     */
    public record Segment(String text, boolean fromTemplate) {}

    /**
     * A part of the text to be tokenised by itself.
     *
     * @param special whether special tokens are to be read in it
     */
    public record Piece(String text, boolean special) {}

    /**
     * The text cut so that no special token can be read in what came with the request: tokenise each piece with or
     * without special tokens as it says, without adding any, and join the tokens.
     *
     * <p>When no special token's text overlaps what came with the request, which is nearly always so, the text is one
     * piece, tokenised exactly as the reference does. Otherwise it is cut at the special tokens that the template wrote.
     *
     * @param specialTokens the texts of the vocabulary's special (control and user-defined) tokens, none empty
     */
    public List<Piece> pieces(Collection<String> specialTokens) {
        boolean[] supplied = new boolean[text.length()];
        int offset = 0;
        for (Segment segment : segments) {
            if (!segment.fromTemplate()) {
                Arrays.fill(supplied, offset, offset + segment.text().length(), true);
            }
            offset += segment.text().length();
        }
        SpecialTokenIndex index = new SpecialTokenIndex(specialTokens);
        if (!anyOverlap(index, supplied)) {
            return List.of(new Piece(text, true));
        }
        List<Piece> pieces = new ArrayList<>();
        int plainStart = 0;
        int position = 0;
        while (position < text.length()) {
            Optional<String> token = supplied[position] ? Optional.empty() : written(index, supplied, position);
            if (token.isPresent()) {
                if (plainStart < position) {
                    pieces.add(new Piece(text.substring(plainStart, position), false));
                }
                pieces.add(new Piece(token.get(), true));
                position += token.get().length();
                plainStart = position;
            } else {
                position++;
            }
        }
        if (plainStart < text.length()) {
            pieces.add(new Piece(text.substring(plainStart), false));
        }
        return List.copyOf(pieces);
    }

    private boolean anyOverlap(SpecialTokenIndex index, boolean[] supplied) {
        for (int position = 0; position < text.length(); position++) {
            for (String token : index.at(text, position)) {
                if (touches(supplied, position, token.length())) {
                    return true;
                }
            }
        }
        return false;
    }

    private Optional<String> written(SpecialTokenIndex index, boolean[] supplied, int position) {
        return index.at(text, position).stream()
                .filter(token -> !touches(supplied, position, token.length()))
                .findFirst();
    }

    private static boolean touches(boolean[] supplied, int start, int length) {
        for (int position = start; position < start + length; position++) {
            if (supplied[position]) {
                return true;
            }
        }
        return false;
    }
}
