package dev.outcrop.engines.documents;

/** Counts tokens by the lengths of words: see {@link TokenCounter#APPROXIMATE}. */
final class ApproximateTokens implements TokenCounter {
    private static final int WHOLE_WORD = 6;
    private static final int PIECE = 4;
    private static final int DIGITS = 3;

    @Override
    public int count(String text) {
        int tokens = 0;
        int at = 0;
        while (at < text.length()) {
            int letter = text.codePointAt(at);
            int from = at;
            if (Character.isIdeographic(letter) || unspaced(letter)) {
                at += Character.charCount(letter);
                tokens++;
            } else if (Character.isLetter(letter)) {
                while (at < text.length()
                        && Character.isLetter(text.codePointAt(at))
                        && !unspaced(text.codePointAt(at))) {
                    at += Character.charCount(text.codePointAt(at));
                }
                int length = at - from;
                tokens += length <= WHOLE_WORD ? 1 : 1 + (length - WHOLE_WORD + PIECE - 1) / PIECE;
            } else if (Character.isDigit(letter)) {
                while (at < text.length() && Character.isDigit(text.codePointAt(at))) {
                    at += Character.charCount(text.codePointAt(at));
                }
                tokens += (at - from + DIGITS - 1) / DIGITS;
            } else {
                at += Character.charCount(letter);
                tokens += Character.isWhitespace(letter) ? 0 : 1;
            }
        }
        return tokens;
    }

    private static boolean unspaced(int letter) {
        return switch (Character.UnicodeScript.of(letter)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }
}
