package dev.outcrop.engines.pages;

import dev.outcrop.engines.ocr.Line;
import dev.outcrop.engines.ocr.Page;
import dev.outcrop.engines.ocr.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A page with its words and lines in pixels, and its rows, over which all structure is found. */
public final class Sheet {
    /** A gap of so many heights of a word parts two segments of a row. */
    private static final double GAP = 0.62;

    private final Page page;
    private final List<PlacedLine> lines;
    private final List<PlacedWord> words;
    private final double wordHeight;
    private final List<List<Segment>> rows;
    private final Ink ink;

    private Sheet(Page page, List<PlacedLine> lines, Ink ink) {
        this.page = page;
        this.lines = List.copyOf(lines);
        this.ink = ink;
        words = lines.stream().flatMap(line -> line.words().stream()).toList();
        wordHeight = words.isEmpty()
                ? page.height() / 60.0
                : median(
                        words.stream().map(word -> word.box().height()).sorted().toList());
        rows = rowsOf(words);
    }

    /** The sheet of a page, whose pixels are looked at now. */
    public static Sheet of(Page page) {
        List<PlacedLine> lines = new ArrayList<>();
        for (Line line : page.lines()) {
            List<PlacedWord> placed = new ArrayList<>();
            for (Word word : line.words()) {
                placed.add(new PlacedWord(word, Box.around(word.polygon(), page.width(), page.height()), lines.size()));
            }
            lines.add(new PlacedLine(
                    line, Box.around(line.polygon(), page.width(), page.height()), placed, lines.size()));
        }
        return new Sheet(page, lines, Ink.of(page));
    }

    private static double median(List<Double> sorted) {
        return Math.max(1, sorted.get(sorted.size() / 2));
    }

    public Page page() {
        return page;
    }

    public double width() {
        return page.width();
    }

    public double height() {
        return page.height();
    }

    /** The lines in the order in which they were read. */
    public List<PlacedLine> lines() {
        return lines;
    }

    public List<PlacedWord> words() {
        return words;
    }

    /** The median height of a word, in pixels. */
    double wordHeight() {
        return wordHeight;
    }

    Ink ink() {
        return ink;
    }

    /** What stands side by side, from top to bottom, each row from left to right. */
    List<List<Segment>> rows() {
        return rows;
    }

    /** The rows that {@code words} make. */
    List<List<Segment>> rowsOf(List<PlacedWord> some) {
        List<PlacedWord> sorted = some.stream()
                .sorted(Comparator.comparingDouble(word -> word.box().middleY()))
                .toList();
        List<List<PlacedWord>> rough = new ArrayList<>();
        double bottom = 0;
        double top = 0;
        for (PlacedWord word : sorted) {
            double middle = word.box().middleY();
            if (rough.isEmpty() || middle > bottom || middle < top) {
                rough.add(new ArrayList<>());
                double half = Math.min(word.box().height(), 1.5 * wordHeight) * 0.45;
                top = middle - half;
                bottom = middle + half;
            }
            rough.getLast().add(word);
        }
        return rough.stream().map(this::segments).toList();
    }

    private List<Segment> segments(List<PlacedWord> row) {
        List<PlacedWord> sorted = row.stream()
                .sorted(Comparator.comparingDouble(word -> word.box().left()))
                .toList();
        List<Segment> segments = new ArrayList<>();
        List<PlacedWord> current = new ArrayList<>();
        for (PlacedWord word : sorted) {
            if (!current.isEmpty()) {
                PlacedWord last = current.getLast();
                double gap = word.box().left() - last.box().right();
                double height = Math.max(last.box().height(), word.box().height());
                if (gap > GAP * height) {
                    segments.add(Segment.of(current));
                    current = new ArrayList<>();
                }
            }
            current.add(word);
        }
        segments.add(Segment.of(current));
        return List.copyOf(segments);
    }

    /** The words whose middle lies in {@code box}, in rows. */
    List<PlacedWord> wordsIn(Box box) {
        return rowsOf(words.stream().filter(word -> box.holds(word.box())).toList()).stream()
                .flatMap(List::stream)
                .flatMap(segment -> segment.words().stream())
                .toList();
    }
}
