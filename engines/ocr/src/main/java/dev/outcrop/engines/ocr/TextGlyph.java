package dev.outcrop.engines.ocr;

import dev.outcrop.engines.ocr.ReadingOrder.Placed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A character that a PDF draws.
 *
 * @param x      where its baseline begins, in points from the left
 * @param y      likewise, in points from the top
 * @param length how far it reaches along the baseline
 * @param size   of its font
 */
record TextGlyph(String text, double x, double y, double length, double size) {
    private static final double ASCENT = 0.75;
    private static final double DESCENT = 0.22;
    private static final double SAME_BASELINE = 0.35;
    private static final double WORD_GAP = 0.17;
    private static final double LINE_GAP = 1.5;
    private static final double OVERPRINT = 0.25;

    TextGlyph at(double newX, double newY) {
        return new TextGlyph(text, newX, newY, length, size);
    }

    /**
     * Joins glyphs to lines.
     *
     * @param glyphs  that all run in one direction
     * @param degrees that direction, clockwise from rightwards
     * @param width   of the page, in points
     * @param height  likewise
     */
    static void lines(List<TextGlyph> glyphs, double degrees, double width, double height, List<Placed<Line>> lines) {
        Direction direction = new Direction(Math.toRadians(degrees), width, height);
        List<TextGlyph> sorted =
                new ArrayList<>(glyphs.stream().map(direction::level).toList());
        sorted.sort(Comparator.comparingDouble(TextGlyph::y));
        List<TextGlyph> row = new ArrayList<>();
        double baseline = 0;
        for (TextGlyph glyph : sorted) {
            if (!row.isEmpty() && glyph.y - baseline > SAME_BASELINE * Math.max(glyph.size, row.getFirst().size)) {
                row(row, direction, lines);
                row.clear();
            }
            if (row.isEmpty() || !glyph.text.isBlank()) {
                baseline = row.isEmpty() ? glyph.y : baseline + (glyph.y - baseline) / (row.size() + 1);
            }
            row.add(glyph);
        }
        row(row, direction, lines);
    }

    private static void row(List<TextGlyph> row, Direction direction, List<Placed<Line>> lines) {
        row.sort(Comparator.comparingDouble(TextGlyph::x));
        List<List<TextGlyph>> words = new ArrayList<>();
        List<TextGlyph> word = new ArrayList<>();
        double end = Double.NEGATIVE_INFINITY;
        boolean space = false;
        for (TextGlyph glyph : row) {
            if (glyph.text.isBlank()) {
                space = true;
                continue;
            }
            TextGlyph last = word.isEmpty() ? null : word.getLast();
            if (last != null && last.text.equals(glyph.text) && glyph.x - last.x < OVERPRINT * glyph.length) {
                // Drawn twice to look bold.
                continue;
            }
            double gap = glyph.x - end;
            if (last != null && (space || gap > WORD_GAP * glyph.size)) {
                words.add(word);
                word = new ArrayList<>();
                if (gap > LINE_GAP * glyph.size) {
                    line(words, direction, lines);
                    words = new ArrayList<>();
                }
            }
            word.add(glyph);
            end = Math.max(end, glyph.x + glyph.length);
            space = false;
        }
        if (!word.isEmpty()) {
            words.add(word);
        }
        if (!words.isEmpty()) {
            line(words, direction, lines);
        }
    }

    private static void line(List<List<TextGlyph>> words, Direction direction, List<Placed<Line>> lines) {
        List<Word> read = new ArrayList<>();
        List<TextGlyph> all = new ArrayList<>();
        for (List<TextGlyph> word : words) {
            StringBuilder text = new StringBuilder();
            word.forEach(glyph -> text.append(glyph.text.strip()));
            read.add(new Word(
                    text.toString(), direction.box(word).polygon(direction.width, direction.height), 1, false));
            all.addAll(word);
        }
        Quadrilateral box = direction.box(all);
        lines.add(new Placed<>(Lines.of(read, box.polygon(direction.width, direction.height)), box));
    }

    /** Turns what runs in a direction level, and back. */
    private record Direction(double angle, double width, double height) {
        TextGlyph level(TextGlyph glyph) {
            return angle == 0
                    ? glyph
                    : glyph.at(
                            glyph.x * Math.cos(angle) + glyph.y * Math.sin(angle),
                            glyph.y * Math.cos(angle) - glyph.x * Math.sin(angle));
        }

        Quadrilateral box(List<TextGlyph> glyphs) {
            double left = Double.POSITIVE_INFINITY;
            double right = Double.NEGATIVE_INFINITY;
            double top = Double.POSITIVE_INFINITY;
            double bottom = Double.NEGATIVE_INFINITY;
            for (TextGlyph glyph : glyphs) {
                left = Math.min(left, glyph.x);
                right = Math.max(right, glyph.x + glyph.length);
                top = Math.min(top, glyph.y - ASCENT * glyph.size);
                bottom = Math.max(bottom, glyph.y + DESCENT * glyph.size);
            }
            double cos = Math.cos(angle);
            double sin = Math.sin(angle);
            return new Quadrilateral(
                    left * cos - top * sin,
                    left * sin + top * cos,
                    right * cos - top * sin,
                    right * sin + top * cos,
                    right * cos - bottom * sin,
                    right * sin + bottom * cos,
                    left * cos - bottom * sin,
                    left * sin + bottom * cos);
        }
    }
}
