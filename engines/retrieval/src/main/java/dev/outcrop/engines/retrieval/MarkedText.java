package dev.outcrop.engines.retrieval;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer and the markers that its writer pointed to passages with, such as {@code [2]}, {@code [1, 3]} and
 * {@code [source 1]}. Passages are counted from 1 there, and from 0 here.
 *
 * @param text    the answer without markers, and without the white space before them
 * @param markers where each stood in {@code text}, in that order
 */
public record MarkedText(String text, List<Marker> markers) {
    private static final Pattern MARKER = Pattern.compile(
            "\\s{0,8}%?\\[(?:(?i:sources?|passages?|results?)\\s{0,4})?(\\d{1,4}(?:\\s{0,4},\\s{0,4}\\d{1,4}){0,20})]%?");

    /**
     * A marker.
     *
     * @param at      the UTF-16 character behind it
     * @param passage which it points to
     */
    public record Marker(int at, int passage) {}

    public MarkedText {
        markers = List.copyOf(markers);
    }

    /** Takes the markers out of what a model wrote; those of passages that there are not point to nothing. */
    public static MarkedText of(String written, int passages) {
        StringBuilder text = new StringBuilder();
        List<Marker> markers = new ArrayList<>();
        Matcher matcher = MARKER.matcher(written);
        int from = 0;
        while (matcher.find()) {
            text.append(written, from, matcher.start());
            from = matcher.end();
            for (String number : matcher.group(1).split(",", -1)) {
                int passage = Integer.parseInt(number.strip()) - 1;
                if (passage >= 0 && passage < passages) {
                    markers.add(new Marker(text.length(), passage));
                }
            }
        }
        text.append(written, from, written.length());
        return new MarkedText(text.toString().strip(), shifted(markers, leading(text)));
    }

    private static int leading(CharSequence text) {
        int at = 0;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static List<Marker> shifted(List<Marker> markers, int by) {
        return markers.stream()
                .map(marker -> new Marker(Math.max(0, marker.at() - by), marker.passage()))
                .toList();
    }

    /** The passages that markers in a sentence point to, or right behind it. */
    Set<Integer> markersIn(Sentences.Span sentence) {
        Set<Integer> passages = new HashSet<>();
        for (Marker marker : markers) {
            if (marker.at() > sentence.start() && marker.at() <= sentence.end()) {
                passages.add(marker.passage());
            }
        }
        return passages;
    }
}
