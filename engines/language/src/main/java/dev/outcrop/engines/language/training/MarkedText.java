package dev.outcrop.engines.language.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * A text that somebody marked by hand: labelled words as {@code [LABEL words]}, phrases as <code>{words}</code>; one may
 * stand in the other.
 *
 * @param labels  in the order of their places
 * @param phrases likewise, their label empty
 */
public record MarkedText(String text, List<Mark> labels, List<Mark> phrases) {
    /**
     * A marked part.
     *
     * @param start where it begins, in UTF-16 units
     * @param end   where it ends, exclusive
     */
    public record Mark(int start, int end, String label) {}

    private record Open(int start, String label) {}

    /** The texts of a file, one a line; lines that begin with {@code #} are none. */
    public static List<MarkedText> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(MarkedText::of)
                .toList();
    }

    static MarkedText of(String line) {
        StringBuilder text = new StringBuilder();
        List<Mark> labels = new ArrayList<>();
        List<Mark> phrases = new ArrayList<>();
        Deque<Open> open = new ArrayDeque<>();
        int at = 0;
        while (at < line.length()) {
            char character = line.charAt(at);
            switch (character) {
                case '{' -> open.push(new Open(text.length(), ""));
                case '[' -> {
                    int space = line.indexOf(' ', at);
                    open.push(new Open(text.length(), line.substring(at + 1, space)));
                    at = space;
                }
                case '}', ']' -> {
                    Open closed = open.pop();
                    (closed.label().isEmpty() ? phrases : labels)
                            .add(new Mark(closed.start(), text.length(), closed.label()));
                }
                default -> text.append(character);
            }
            at++;
        }
        Comparator<Mark> places = Comparator.comparingInt(Mark::start);
        labels.sort(places);
        phrases.sort(places);
        return new MarkedText(text.toString(), List.copyOf(labels), List.copyOf(phrases));
    }
}
