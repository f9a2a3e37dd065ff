package dev.outcrop.engines.pages;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the lines drawn on a page: runs of ink in neighbouring rows (or columns) are joined to strokes, and strokes that are
 * long, thin and no part of a word are lines. A filled area is its upper and lower (or left and right) edge. Slanted up to
 * one degree or two they still are lines. The cost is linear in the ink's size.
 */
final class Rulings {
    /** So many of the longest are looked at; a page of noise has more. */
    private static final int MOST = 1500;

    /** So many places without ink are mended. */
    private static final int LONGEST_BREAK = 2;

    private Rulings() {}

    /** A stroke in the making, across being along its direction. */
    private static final class Stroke {
        private int first;
        private int last;
        private int from;
        private int to;
        private int runFrom;
        private int runTo;

        Stroke(int row, int from, int to) {
            first = row;
            last = row;
            this.from = from;
            this.to = to;
            runFrom = from;
            runTo = to;
        }
    }

    static List<Ruling> find(Sheet sheet) {
        List<Ruling> rulings = new ArrayList<>();
        rulings.addAll(find(sheet, true));
        rulings.addAll(find(sheet, false));
        return joined(
                rulings.stream()
                        .sorted(Comparator.comparingDouble(Ruling::length).reversed())
                        .limit(MOST)
                        .toList(),
                sheet.wordHeight());
    }

    private static List<Ruling> find(Sheet sheet, boolean horizontal) {
        Ink ink = sheet.ink();
        double along = horizontal ? ink.scaleX() : ink.scaleY();
        double across = horizontal ? ink.scaleY() : ink.scaleX();
        int rows = horizontal ? ink.height() : ink.width();
        int columns = horizontal ? ink.width() : ink.height();
        int shortestRun = (int) Math.max(10, 0.8 * sheet.wordHeight() / along);
        List<Ruling> rulings = new ArrayList<>();
        List<Stroke> open = new ArrayList<>();
        for (int row = 0; row <= rows; row++) {
            List<int[]> runs = row == rows ? List.of() : runs(ink, row, columns, horizontal, shortestRun);
            List<Stroke> still = new ArrayList<>();
            for (int[] run : runs) {
                Stroke stroke = null;
                for (Stroke candidate : open) {
                    if (run[0] <= candidate.runTo + 3 && run[1] >= candidate.runFrom - 3) {
                        stroke = candidate;
                        break;
                    }
                }
                if (stroke == null) {
                    stroke = new Stroke(row, run[0], run[1]);
                } else if (stroke.last < row) {
                    stroke.last = row;
                    stroke.runFrom = run[0];
                    stroke.runTo = run[1];
                } else {
                    stroke.runFrom = Math.min(stroke.runFrom, run[0]);
                    stroke.runTo = Math.max(stroke.runTo, run[1]);
                }
                stroke.from = Math.min(stroke.from, run[0]);
                stroke.to = Math.max(stroke.to, run[1]);
                if (!still.contains(stroke)) {
                    still.add(stroke);
                }
            }
            for (Stroke stroke : open) {
                if (!still.contains(stroke)) {
                    close(sheet, horizontal, stroke, along, across, rulings);
                }
            }
            open = still;
        }
        return rulings;
    }

    /** The runs of ink in a row, small breaks mended. */
    private static List<int[]> runs(Ink ink, int row, int columns, boolean horizontal, int shortest) {
        List<int[]> runs = new ArrayList<>();
        int dark = next(ink, row, 0, horizontal);
        while (dark < columns) {
            int from = dark;
            int last = dark;
            dark = next(ink, row, dark + 1, horizontal);
            while (dark < columns && dark - last <= LONGEST_BREAK + 1) {
                last = dark;
                dark = next(ink, row, dark + 1, horizontal);
            }
            if (last - from + 1 >= shortest) {
                runs.add(new int[] {from, last + 1});
            }
        }
        return runs;
    }

    private static int next(Ink ink, int row, int from, boolean horizontal) {
        return horizontal ? ink.next(from, row) : ink.nextBelow(row, from);
    }

    private static void close(
            Sheet sheet, boolean horizontal, Stroke stroke, double along, double across, List<Ruling> rulings) {
        double length = (stroke.to - stroke.from) * along;
        double thickness = (stroke.last - stroke.first + 1) * across;
        double height = sheet.wordHeight();
        if (length < 1.3 * height) {
            return;
        }
        double from = stroke.from * along;
        double to = stroke.to * along;
        double begin = stroke.first * across;
        double end = (stroke.last + 1) * across;
        List<Ruling> found = thickness <= Math.max(0.45 * height, 0.035 * length)
                ? List.of(new Ruling(horizontal, (begin + end) / 2, from, to))
                : List.of(new Ruling(horizontal, begin, from, to), new Ruling(horizontal, end, from, to));
        for (Ruling ruling : found) {
            boolean letter = sheet.words().stream()
                    .anyMatch(word -> word.box().grown(0.08 * height).holds(ruling.box())
                            && ruling.length() < 1.35 * word.box().height());
            if (!letter) {
                rulings.add(ruling);
            }
        }
    }

    /** One line where several are in line with each other and almost touch. */
    private static List<Ruling> joined(List<Ruling> rulings, double height) {
        List<Ruling> joined = new ArrayList<>();
        for (Ruling ruling : rulings) {
            Ruling merged = ruling;
            boolean again = true;
            while (again) {
                again = false;
                for (int i = 0; i < joined.size(); i++) {
                    Ruling other = joined.get(i);
                    if (other.horizontal() == merged.horizontal()
                            && Math.abs(other.position() - merged.position()) < 0.2 * height
                            && other.from() <= merged.to() + 0.25 * height
                            && other.to() >= merged.from() - 0.25 * height) {
                        double weight = other.length() + merged.length();
                        merged = new Ruling(
                                merged.horizontal(),
                                (other.position() * other.length() + merged.position() * merged.length()) / weight,
                                Math.min(other.from(), merged.from()),
                                Math.max(other.to(), merged.to()));
                        joined.remove(i);
                        again = true;
                        break;
                    }
                }
            }
            joined.add(merged);
        }
        return joined;
    }
}
