package dev.outcrop.engines.ocr;

import dev.outcrop.engines.ocr.LineReading.Glyph;
import dev.outcrop.engines.ocr.ReadingOrder.Placed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads the pixels of a page: finds lines, turns the page upright, recognises the lines, splits them to words. */
final class TextReader {
    private static final double TALL = 1.5;
    private static final double LEAST_CONFIDENCE = 0.5;
    private static final int VOTERS = 12;
    private static final int FEWEST_VOTERS = 4;
    private static final double CLEAR_VOTE = 0.35;

    private final TextDetector detector;
    private final LineOrientation orientation;
    private final LineRecognizer recognizer;

    TextReader(TextDetector detector, LineOrientation orientation, LineRecognizer recognizer) {
        this.detector = detector;
        this.orientation = orientation;
        this.recognizer = recognizer;
    }

    /**
     * What was read.
     *
     * @param upright  the page, turned
     * @param quarters by how many quarter turns clockwise the text of the page as given was turned
     */
    record Result(ColorPixels upright, int quarters, List<Line> lines) {}

    Result read(ColorPixels given, Deadline deadline) {
        List<Quadrilateral> boxes = detector.detect(given);
        deadline.check();
        int quarters = turned(given, boxes, deadline);
        ColorPixels page = given.turned((4 - quarters) % 4);
        if (quarters != 0) {
            boxes = detector.detect(page);
            deadline.check();
        }
        return new Result(page, quarters, lines(page, boxes, deadline));
    }

    /** By how many quarter turns clockwise the text is turned. */
    private int turned(ColorPixels page, List<Quadrilateral> boxes, Deadline deadline) {
        double tall = 0;
        double wide = 0;
        for (Quadrilateral box : boxes) {
            if (box.height() >= TALL * box.width()) {
                tall += box.height();
            } else if (box.width() >= TALL * box.height()) {
                wide += box.width();
            }
        }
        boolean sideways = tall > wide;
        List<Quadrilateral> voters = boxes.stream()
                .map(box -> sideways ? box.turned(1) : box)
                .filter(box -> box.width() >= TALL * box.height())
                .sorted(Comparator.comparingDouble(Quadrilateral::width).reversed())
                .limit(VOTERS)
                .toList();
        if (voters.isEmpty()) {
            return 0;
        }
        // Read downwards, the text was turned by a quarter; upside down then, by three.
        boolean upsideDown = upsideDown(page, voters, deadline);
        return (sideways ? 1 : 0) + (upsideDown ? 2 : 0);
    }

    private boolean upsideDown(ColorPixels page, List<Quadrilateral> voters, Deadline deadline) {
        double vote = orientation
                .upsideDown(voters.stream().map(box -> LineCrop.of(page, box)).toList())
                .stream()
                .mapToDouble(probability -> probability - 0.5)
                .average()
                .orElse(0);
        if (voters.size() >= FEWEST_VOTERS && Math.abs(vote) > CLEAR_VOTE) {
            return vote > 0;
        }
        List<Quadrilateral> few = voters.subList(0, Math.min(FEWEST_VOTERS, voters.size()));
        return confidence(page, few, 2, deadline) > confidence(page, few, 0, deadline);
    }

    private double confidence(ColorPixels page, List<Quadrilateral> boxes, int quarters, Deadline deadline) {
        List<ColorPixels> crops = boxes.stream()
                .map(box -> LineCrop.of(page, box.turned(quarters)))
                .toList();
        return recognizer.recognize(crops, deadline).stream()
                .mapToDouble(LineReading::confidence)
                .average()
                .orElse(0);
    }

    private List<Line> lines(ColorPixels page, List<Quadrilateral> boxes, Deadline deadline) {
        List<Quadrilateral> places = new ArrayList<>();
        List<ColorPixels> crops = new ArrayList<>();
        for (Quadrilateral box : boxes) {
            if (box.height() >= TALL * box.width()) {
                // A single letter, or a line that runs down or up.
                for (int quarters : new int[] {0, 1, 3}) {
                    places.add(box.turned(quarters));
                }
            } else {
                places.add(box);
            }
        }
        places.forEach(box -> crops.add(LineCrop.of(page, box)));
        List<LineReading> readings = recognizer.recognize(crops, deadline);
        List<Placed<Line>> lines = new ArrayList<>();
        int at = 0;
        for (Quadrilateral box : boxes) {
            int best = at;
            if (box.height() >= TALL * box.width()) {
                for (int other = at + 1; other < at + 3; other++) {
                    if (score(readings.get(other)) > score(readings.get(best))) {
                        best = other;
                    }
                }
                at += 3;
            } else {
                at++;
            }
            LineReading reading = readings.get(best);
            if (reading.confidence() >= LEAST_CONFIDENCE) {
                lines.add(new Placed<>(line(reading, places.get(best), page), places.get(best)));
            }
        }
        return ReadingOrder.sorted(lines);
    }

    /** Many sure characters beat few. */
    private static double score(LineReading reading) {
        return reading.confidence() - 1.0 / (1 + reading.glyphs().size());
    }

    private static Line line(LineReading reading, Quadrilateral box, ColorPixels page) {
        boolean[] spaces = SpaceRule.spaces(reading);
        List<Word> words = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < reading.glyphs().size(); i++) {
            boolean last = i == spaces.length;
            if (last || spaces[i]) {
                double left = first == 0
                        ? reading.left()
                        : reading.gaps().get(first - 1).clearRight();
                double right = last ? reading.right() : reading.gaps().get(i).clearLeft();
                words.add(word(
                        reading.glyphs().subList(first, i + 1),
                        box.part(Math.min(left, right), Math.max(left, right), 0, 1),
                        page));
                first = i + 1;
            }
        }
        return Lines.of(words, box.polygon(page.width(), page.height()));
    }

    private static Word word(List<Glyph> glyphs, Quadrilateral box, ColorPixels page) {
        StringBuilder text = new StringBuilder();
        double sum = 0;
        for (Glyph glyph : glyphs) {
            text.append(glyph.text());
            sum += glyph.probability();
        }
        return new Word(
                LookAlikes.settled(text.toString()),
                box.polygon(page.width(), page.height()),
                sum / glyphs.size(),
                false);
    }
}
