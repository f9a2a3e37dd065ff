package dev.outcrop.engines.ocr;

import dev.outcrop.engines.ocr.LineReading.Gap;
import dev.outcrop.engines.ocr.LineReading.Glyph;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads lines of text, by a network that gives for each slice of a line the probability of each character, and connectionist
 * temporal classification (Graves et al., 2006): the likeliest class of each slice, repetitions once, blanks left out.
 *
 * <p>Short lines of like shape run together, padded to the longest of them; longer ones alone, since on a processor 320
 * columns take 23 ms alone and 26 to 32 in batches of eight. Where a line's writing is Latin, Chinese characters
 * are left out of the choice, and full-width forms become ASCII's.
 */
final class LineRecognizer {
    private static final int HEIGHT = 48;
    private static final int STEP = 8;
    private static final int NARROWEST = 320;
    private static final int WIDEST = 4_000;
    private static final int MOST_LINES = 4;
    private static final int MOST_COLUMNS = 640;

    private final OnnxModel model;
    private final CharacterSet characters;

    LineRecognizer(OnnxModel model, CharacterSet characters) {
        this.model = model;
        this.characters = characters;
    }

    /** What stands on each of {@code lines}, in their order. */
    List<LineReading> recognize(List<ColorPixels> lines, Deadline deadline) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingInt(i -> width(lines.get(i))));
        LineReading[] readings = new LineReading[lines.size()];
        int from = 0;
        while (from < order.size()) {
            int to = from + 1;
            while (to < order.size()
                    && to - from < MOST_LINES
                    && (to - from + 1) * padded(lines.get(order.get(to))) <= MOST_COLUMNS) {
                to++;
            }
            deadline.check();
            run(lines, order.subList(from, to), readings);
            from = to;
        }
        return List.of(readings);
    }

    private static int width(ColorPixels line) {
        return Math.clamp((int) Math.ceil((double) HEIGHT * line.width() / line.height()), STEP, WIDEST);
    }

    private static int padded(ColorPixels line) {
        return Math.max(NARROWEST, (width(line) + STEP - 1) / STEP * STEP);
    }

    private void run(List<ColorPixels> lines, List<Integer> batch, LineReading[] readings) {
        int columns = padded(lines.get(batch.getLast()));
        int size = 3 * HEIGHT * columns;
        FloatBuffer input = OnnxModel.floats(batch.size() * size);
        for (int i = 0; i < batch.size(); i++) {
            ColorPixels line = lines.get(batch.get(i));
            Resampling.write(
                    line, width(line), HEIGHT, new Resampling.Planes(input, i * size, columns, HEIGHT * columns));
        }
        OnnxModel.Output output = model.run(input, batch.size(), 3, HEIGHT, columns);
        int steps = Math.toIntExact(output.shape()[1]);
        int classes = Math.toIntExact(output.shape()[2]);
        if (classes != characters.size()) {
            throw new IllegalStateException(
                    "the recogniser tells " + classes + " classes, but there are characters for " + characters.size());
        }
        float[] values = new float[classes];
        for (int i = 0; i < batch.size(); i++) {
            ColorPixels line = lines.get(batch.get(i));
            double used = (double) width(line) * steps / columns;
            Steps read = new Steps(Math.min(steps, (int) Math.ceil(used) + 1));
            for (int step = 0; step < read.count; step++) {
                output.values().get((i * steps + step) * classes, values);
                read.take(step, values);
            }
            readings[batch.get(i)] = read.decode(line, used);
        }
    }

    /** The likeliest classes of each slice, of all and of those that are not Eastern. */
    private final class Steps {
        private final int count;
        private final int[] best;
        private final float[] probability;
        private final int[] western;
        private final float[] westernProbability;
        private final float[] space;

        Steps(int count) {
            this.count = count;
            best = new int[count];
            probability = new float[count];
            western = new int[count];
            westernProbability = new float[count];
            space = new float[count];
        }

        void take(int step, float[] values) {
            int first = 0;
            float highest = values[0];
            for (int c = 1; c < values.length; c++) {
                if (values[c] > highest) {
                    highest = values[c];
                    first = c;
                }
            }
            best[step] = first;
            probability[step] = highest;
            space[step] = values[characters.space()];
            if (characters.eastern(first)) {
                first = 0;
                for (int c = 1; c < values.length; c++) {
                    if (values[c] > values[first] && !characters.eastern(c)) {
                        first = c;
                    }
                }
            }
            western[step] = first;
            westernProbability[step] = values[first];
        }

        LineReading decode(ColorPixels line, double used) {
            int latin = 0;
            int eastern = 0;
            for (int step = 0; step < count; step++) {
                if (best[step] != CharacterSet.BLANK && best[step] != characters.space()) {
                    if (!characters.eastern(best[step])) {
                        latin++;
                    } else if (probability[step] > 0.5) {
                        eastern++;
                    }
                }
            }
            boolean plain = latin >= eastern;
            int[] classes = plain ? western : best;
            float[] probabilities = plain ? westernProbability : probability;
            List<Glyph> glyphs = new ArrayList<>();
            List<Integer> peaks = new ArrayList<>();
            String before = "";
            for (int step = 0; step < count; step++) {
                int c = classes[step];
                if (c == CharacterSet.BLANK || c == characters.space()) {
                    before = "";
                    continue;
                }
                String text = plain ? characters.plain(c) : characters.character(c);
                if (!text.equals(before)) {
                    glyphs.add(new Glyph(text, !characters.eastern(c), probabilities[step]));
                    peaks.add(step);
                } else if (probabilities[step] > glyphs.getLast().probability()) {
                    glyphs.set(glyphs.size() - 1, new Glyph(text, !characters.eastern(c), probabilities[step]));
                    peaks.set(peaks.size() - 1, step);
                }
                before = text;
            }
            InkColumns ink = InkColumns.of(line);
            List<Gap> gaps = new ArrayList<>();
            for (int i = 0; i + 1 < glyphs.size(); i++) {
                gaps.add(gap(peaks.get(i), peaks.get(i + 1), ink, line, used));
            }
            double confidence =
                    glyphs.stream().mapToDouble(Glyph::probability).average().orElse(0);
            return new LineReading(
                    List.copyOf(glyphs),
                    List.copyOf(gaps),
                    (double) ink.first() / ink.width(),
                    (double) ink.end() / ink.width(),
                    confidence);
        }

        private Gap gap(int left, int right, InkColumns ink, ColorPixels line, double used) {
            float highest = 0;
            for (int step = left; step <= right; step++) {
                highest = Math.max(highest, space[step]);
            }
            double columnsPerStep = ink.width() / used;
            int[] clear = ink.widestClear(
                    (int) Math.round((left + 0.5) * columnsPerStep), (int) Math.round((right + 0.5) * columnsPerStep));
            return new Gap(
                    highest,
                    (right - left) * columnsPerStep / line.height(),
                    (double) (clear[1] - clear[0]) / line.height(),
                    (double) clear[0] / ink.width(),
                    (double) clear[1] / ink.width());
        }
    }
}
