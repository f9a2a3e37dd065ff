package dev.outcrop.engines.pages;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds boxes to tick: drawn squares about as high as a word, each of whose four sides is straight and closed, and the signs
 * that texts write for them. A box is ticked if enough of what it encloses is ink.
 */
final class SelectionMarks {
    private static final Pattern EMPTY = Pattern.compile("[☐□❏❑]|\\[[ _]?\\]");
    private static final Pattern TICKED = Pattern.compile("[☑☒⊠✓✔]|\\[[xX✓✔]\\]");
    private static final int MOST_PLACES = 40_000;

    /** A square that is filled so far is a bullet. */
    private static final double BULLET = 0.9;

    private SelectionMarks() {}

    static List<SelectionMark> find(Sheet sheet) {
        List<SelectionMark> marks = new ArrayList<>();
        for (PlacedWord word : sheet.words()) {
            boolean ticked = TICKED.matcher(word.text()).matches();
            if (ticked || EMPTY.matcher(word.text()).matches()) {
                marks.add(new SelectionMark(word.box(), ticked, List.of(word), word.confidence()));
            }
        }
        Ink ink = sheet.ink();
        boolean[] seen = new boolean[ink.width() * ink.height()];
        double height = sheet.wordHeight();
        for (int y = 0; y < ink.height(); y++) {
            for (int x = ink.next(0, y); x < ink.width(); x = ink.next(x + 1, y)) {
                if (!seen[y * ink.width() + x]) {
                    int[] bounds = component(ink, x, y, seen);
                    Box box = ink.box(bounds[0], bounds[1], bounds[2], bounds[3]);
                    boolean sized = box.height() > 0.55 * height
                            && box.height() < 2.4 * height
                            && box.width() > 0.75 * box.height()
                            && box.width() < 1.33 * box.height()
                            && bounds[2] - bounds[0] >= 8;
                    if (sized && isFrame(ink, bounds)) {
                        add(sheet, ink, bounds, box, marks);
                    }
                }
            }
        }
        return marks;
    }

    private static void add(Sheet sheet, Ink ink, int[] bounds, Box box, List<SelectionMark> marks) {
        if (marks.stream().anyMatch(mark -> mark.box().touches(box))) {
            return;
        }
        int margin = Math.max(2, (bounds[2] - bounds[0]) / 5);
        double filled =
                ink.share(ink.box(bounds[0] + margin, bounds[1] + margin, bounds[2] - margin, bounds[3] - margin));
        if (filled > BULLET) {
            return;
        }
        // What was read inside the box, such as an X, is the tick, and no word of its own.
        List<PlacedWord> inside = sheet.words().stream()
                .filter(word -> box.grown(0.2 * box.height()).holds(word.box())
                        && word.box().width() < 1.6 * box.width()
                        && word.text().length() <= 2)
                .toList();
        boolean selected = filled > 0.06 || !inside.isEmpty();
        double confidence = Math.min(1, 0.8 + Math.abs(filled - 0.06) * 2);
        marks.add(new SelectionMark(box, selected, inside, confidence));
    }

    /** The bounds of what is connected to a place: left, top, and behind right and bottom. */
    private static int[] component(Ink ink, int x, int y, boolean[] seen) {
        int width = ink.width();
        int[] bounds = {x, y, x + 1, y + 1};
        Deque<Integer> open = new ArrayDeque<>();
        open.push(y * width + x);
        seen[y * width + x] = true;
        int places = 0;
        while (!open.isEmpty()) {
            int place = open.pop();
            int placeX = place % width;
            int placeY = place / width;
            places++;
            bounds[0] = Math.min(bounds[0], placeX);
            bounds[1] = Math.min(bounds[1], placeY);
            bounds[2] = Math.max(bounds[2], placeX + 1);
            bounds[3] = Math.max(bounds[3], placeY + 1);
            for (int dy = -1; dy <= 1; dy++) {
                for (int dx = -1; dx <= 1; dx++) {
                    int nextX = placeX + dx;
                    int nextY = placeY + dy;
                    if (nextX >= 0 && nextX < width && nextY >= 0 && nextY < ink.height()) {
                        int next = nextY * width + nextX;
                        if (!seen[next] && ink.at(nextX, nextY)) {
                            seen[next] = true;
                            open.push(next);
                        }
                    }
                }
            }
        }
        // Tables and pictures are too large to be boxes, whatever their bounds.
        return places > MOST_PLACES ? new int[] {0, 0, 0, 0} : bounds;
    }

    /** Whether each side of the bounds is drawn nearly without a break, corners included. */
    private static boolean isFrame(Ink ink, int[] bounds) {
        int depth = Math.max(2, (bounds[2] - bounds[0]) / 8);
        int top = 0;
        int bottom = 0;
        for (int x = bounds[0]; x < bounds[2]; x++) {
            top += any(ink, x, bounds[1], 0, 1, depth) ? 1 : 0;
            bottom += any(ink, x, bounds[3] - 1, 0, -1, depth) ? 1 : 0;
        }
        int left = 0;
        int right = 0;
        for (int y = bounds[1]; y < bounds[3]; y++) {
            left += any(ink, bounds[0], y, 1, 0, depth) ? 1 : 0;
            right += any(ink, bounds[2] - 1, y, -1, 0, depth) ? 1 : 0;
        }
        double across = 0.94 * (bounds[2] - bounds[0]);
        double down = 0.94 * (bounds[3] - bounds[1]);
        return top >= across && bottom >= across && left >= down && right >= down && isStraight(ink, bounds, depth);
    }

    /** Letters such as D or B have a side without corners, O and 0 have none: a square has ink in all four. */
    private static boolean isStraight(Ink ink, int[] bounds, int depth) {
        int[][] corners = {
            {bounds[0], bounds[1]},
            {bounds[2] - depth, bounds[1]},
            {bounds[0], bounds[3] - depth},
            {bounds[2] - depth, bounds[3] - depth}
        };
        for (int[] corner : corners) {
            int dark = 0;
            for (int y = corner[1]; y < corner[1] + depth; y++) {
                for (int x = corner[0]; x < corner[0] + depth; x++) {
                    dark += ink.at(x, y) ? 1 : 0;
                }
            }
            if (dark < 0.6 * depth * depth && dark < depth + depth - 1) {
                return false;
            }
        }
        return true;
    }

    private static boolean any(Ink ink, int x, int y, int dx, int dy, int depth) {
        for (int i = 0; i < depth; i++) {
            if (ink.at(x + i * dx, y + i * dy)) {
                return true;
            }
        }
        return false;
    }
}
