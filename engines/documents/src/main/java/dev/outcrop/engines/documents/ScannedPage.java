package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.PageText.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * A page that somebody has read from its picture: words and their places, in any unit, from the upper left corner.
 *
 * @param number from 1
 * @param lines  words that stand next to one another, from left to right
 */
public record ScannedPage(int number, double width, double height, List<List<Word>> lines) {
    /** In points, that of a letter page: distances that layout knows are points. */
    private static final double LONGER_SIDE = 792;
    /** Boxes around words reach over and under their letters. */
    private static final double LETTERS = 0.75;

    private static final double BELOW_BASELINE = 0.2;
    /** Boxes differ by as much although the letters are of one size. */
    private static final double SAME_SIZE = 0.2;

    public ScannedPage {
        lines = List.copyOf(lines);
    }

    /** A word and the box around it. */
    public record Word(String text, double left, double right, double top, double bottom) {}

    PageText text() {
        double scale = LONGER_SIDE / Math.max(1, Math.max(width, height));
        double usual = median(lines.stream().map(ScannedPage::height).toList());
        List<Segment> segments = new ArrayList<>();
        for (List<Word> line : lines) {
            if (!line.isEmpty()) {
                segments.add(segment(line, usual, scale));
            }
        }
        return new PageText(number, width * scale, height * scale, segments, List.of(), false);
    }

    /** All words of a line have one baseline and one size, since their boxes depend on which letters they hold. */
    private static Segment segment(List<Word> line, double usual, double scale) {
        double height = height(line);
        double settled = Math.abs(height - usual) <= SAME_SIZE * usual ? usual : height;
        double baseline = median(line.stream().map(Word::bottom).toList()) - BELOW_BASELINE * height;
        return Segment.of(line.stream()
                .map(word -> new PageText.Word(
                        word.text(),
                        word.left() * scale,
                        word.right() * scale,
                        baseline * scale,
                        LETTERS * settled * scale,
                        false))
                .toList());
    }

    private static double height(List<Word> line) {
        return median(line.stream().map(word -> word.bottom() - word.top()).toList());
    }

    private static double median(List<Double> values) {
        return values.isEmpty() ? 0 : values.stream().sorted().toList().get(values.size() / 2);
    }
}
