package dev.outcrop.engines.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts texts into words as treebanks do: signs stand alone, contractions come apart ({@code do n't}, {@code she 's}),
 * numbers, addresses of the net, abbreviations and emoticons stay whole.
 */
public final class WordTokens {
    /** A token's place, in UTF-16 units, {@code end} exclusive. */
    public record Token(int start, int end) {
        /** What stands there. */
        public String in(String text) {
            return text.substring(start, end);
        }
    }

    private static final Pattern TOKEN = Pattern.compile("(?:https?://|www\\.)[^\\s<>\"]{1,2000}[^\\s<>\".,;:!?)'\\]]"
            + "|[\\w.+-]{1,64}@[\\w-]{1,64}(?:\\.[\\w-]{1,64}){1,8}"
            + "|[@#]\\w{1,80}"
            + "|(?:[:;=8][-o*']?[)\\](\\[dDpP/\\\\|3])(?=\\s|$)|<3"
            + "|(?:\\p{L}\\.){2,12}"
            + "|(?:Mr|Mrs|Ms|Dr|Prof|St|vs|Inc|Ltd|Co|Corp|Jr|Sr|No|Gen|Sen|Rep|Gov|etc|e\\.g|i\\.e"
            + "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\\.(?=\\s)"
            + "|\\d{1,30}+(?:[.,:/]\\d{1,30}+){0,20}+(?:(?:st|nd|rd|th|s)(?![\\p{L}])"
            + "|(?=(?:km|cm|mm|kg|mg|lbs?|[kmgt]b|[KMGT]B|ms|mph|am|pm)(?![\\p{L}]))|(?![\\p{L}]))"
            + "|[\\p{L}\\p{M}\\p{N}_]{1,60}(?:['’][\\p{L}\\p{M}]{1,60}){0,6}"
            + "|\\.{2,20}|-{2,20}|[!?]{1,20}"
            + "|[\\p{So}\\p{Sk}][\\uFE0F\\u200D\\p{So}\\p{Sk}]{0,20}"
            + "|\\S");

    /** What comes off the end of a word. */
    private static final Set<String> ENDINGS = Set.of("s", "re", "ve", "ll", "d", "m");

    private static final Set<String> JOINED = Set.of("cannot", "gonna", "wanna", "gotta", "gimme", "lemme");

    private WordTokens() {}

    /** The tokens of a text. */
    public static List<Token> of(String text) {
        return of(text, 0, text.length());
    }

    /** The tokens of a part of a text. */
    public static List<Token> of(String text, int from, int to) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text).region(from, to);
        while (matcher.find()) {
            add(text, matcher.start(), matcher.end(), tokens);
        }
        return tokens;
    }

    /** What the tokens of a text are. */
    public static List<String> texts(String text, List<Token> tokens) {
        return tokens.stream().map(token -> token.in(text)).toList();
    }

    private static void add(String text, int start, int end, List<Token> tokens) {
        int apostrophe = -1;
        for (int at = end - 1; at > start && apostrophe < 0; at--) {
            char character = text.charAt(at);
            apostrophe = (character == '\'' || character == '’') ? at : -1;
        }
        String lowered = text.substring(start, end).toLowerCase(java.util.Locale.ROOT);
        int cut = -1;
        if (apostrophe > 0 && Character.isLetter(text.charAt(start))) {
            String ending = lowered.substring(apostrophe + 1 - start);
            if (ending.equals("t") && apostrophe - 1 > start && lowered.charAt(apostrophe - 1 - start) == 'n') {
                cut = apostrophe - 1;
            } else if (ENDINGS.contains(ending)) {
                cut = apostrophe;
            }
        } else if (JOINED.contains(lowered)) {
            cut = start + 3;
        }
        if (cut > start && cut < end) {
            tokens.add(new Token(start, cut));
            tokens.add(new Token(cut, end));
        } else {
            tokens.add(new Token(start, end));
        }
    }
}
