package dev.outcrop.engines.pages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds labels with their values: boxes to tick with what stands beside them, labels that end with a colon or that are known
 * ({@link Labels}) with what stands to their right or below, labels before or below a line to write on, and fields in boxes.
 * Whatever is the value of one label is not the value of another.
 */
final class Forms {
    private static final int LONGEST_KEY = 7;
    private static final int LONGEST_VALUE = 24;
    private static final int MOST_LINES = 5;

    private final Sheet sheet;
    private final List<Ruling> rulings;
    private final List<Grid> grids;
    private final List<Table> tables;
    private final List<SelectionMark> marks;
    private final Set<PlacedWord> used = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<KeyValue> found = new ArrayList<>();
    private List<List<Segment>> rows = List.of();

    Forms(Sheet sheet, List<Ruling> rulings, List<Grid> grids, List<Table> tables, List<SelectionMark> marks) {
        this.sheet = sheet;
        this.rulings = rulings;
        this.grids = grids;
        this.tables = tables;
        this.marks = marks;
    }

    List<KeyValue> find() {
        rows = sheet.rows();
        marks.forEach(mark -> used.addAll(mark.words()));
        marks.forEach(this::ticked);
        tables.stream().filter(table -> isDataTable(table)).forEach(this::exclude);
        tables.stream().filter(table -> !isDataTable(table)).forEach(this::pairsOf);
        grids.forEach(this::fields);
        for (int row = 0; row < rows.size(); row++) {
            labelled(row, true);
        }
        for (int row = 0; row < rows.size(); row++) {
            labelled(row, false);
        }
        lined();
        found.sort(Comparator.<KeyValue>comparingDouble(
                        pair -> Math.round(pair.keyBox().top() / sheet.wordHeight()))
                .thenComparingDouble(pair -> pair.keyBox().left()));
        return found;
    }

    private static boolean isDataTable(Table table) {
        return table.columns() > 2 || table.structured();
    }

    private void exclude(Table table) {
        table.cells().forEach(cell -> used.addAll(cell.words()));
    }

    private List<PlacedWord> unused(List<PlacedWord> words) {
        return words.stream().filter(word -> !used.contains(word)).toList();
    }

    private void add(List<PlacedWord> key, List<PlacedWord> value, Optional<Box> empty, double certainty) {
        if (key.isEmpty() || key.size() > LONGEST_KEY || (value.isEmpty() && empty.isEmpty())) {
            return;
        }
        used.addAll(key);
        used.addAll(value);
        Box valueBox = value.isEmpty() ? empty.orElseThrow() : Box.of(value);
        double read = Segment.confidence(value.isEmpty() ? key : value);
        found.add(new KeyValue(key, value, Optional.empty(), Box.of(key), valueBox, certainty * read));
    }

    /** A box to tick is the value of what stands right of it, or else left. */
    private void ticked(SelectionMark mark) {
        double reach = 1.6 * Math.max(mark.box().height(), sheet.wordHeight());
        List<PlacedWord> row = sheet.words().stream()
                .filter(word -> !used.contains(word) && word.box().onRowOf(mark.box()))
                .sorted(Comparator.comparingDouble(word -> word.box().left()))
                .toList();
        List<PlacedWord> key = new ArrayList<>();
        double edge = mark.box().right();
        double next = marks.stream()
                .filter(other -> !other.equals(mark)
                        && other.box().onRowOf(mark.box())
                        && other.box().left() > mark.box().right())
                .mapToDouble(other -> other.box().left())
                .min()
                .orElse(Double.MAX_VALUE);
        for (PlacedWord word : row) {
            boolean follows =
                    word.box().left() >= edge - 0.3 * reach && word.box().left() - edge < reach;
            if (follows && word.box().right() < next) {
                key.add(word);
                edge = word.box().right();
                reach = 0.9 * word.box().height();
            }
        }
        if (key.isEmpty()) {
            edge = mark.box().left();
            reach = 1.6 * sheet.wordHeight();
            for (PlacedWord word : row.reversed()) {
                if (word.box().right() <= edge + 0.2 * reach
                        && edge - word.box().right() < reach) {
                    key.addFirst(word);
                    edge = word.box().left();
                    reach = 0.9 * word.box().height();
                }
            }
        }
        if (!key.isEmpty()) {
            used.addAll(key);
            found.add(new KeyValue(
                    key,
                    List.of(),
                    Optional.of(mark),
                    Box.of(key),
                    mark.box(),
                    mark.confidence() * Segment.confidence(key)));
        }
    }

    /** The rows of two columns without headers are labels and values. */
    private void pairsOf(Table table) {
        for (int row = 1; row <= table.rows(); row++) {
            List<PlacedWord> key = unused(table.cell(row, 1).words());
            List<PlacedWord> value = unused(table.cell(row, 2).words());
            boolean label = !key.isEmpty() && key.stream().noneMatch(word -> Tables.isNumber(word.text()));
            if (label && !value.isEmpty() && value.size() <= LONGEST_VALUE) {
                add(key, value, Optional.empty(), 0.92);
            }
        }
    }

    /** Boxes with a label in their first row, or left of them. */
    private void fields(Grid grid) {
        boolean table = tables.stream()
                .anyMatch(present -> isDataTable(present) && present.box().holds(grid.box()));
        if (table) {
            return;
        }
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                Box box = grid.box(row, column);
                if (box.height() > 6 * sheet.wordHeight() || box.height() < 0.9 * sheet.wordHeight()) {
                    continue;
                }
                List<List<Segment>> inside = sheet.rowsOf(unused(sheet.wordsIn(box)));
                if (inside.size() >= 2) {
                    List<PlacedWord> key = words(inside.getFirst());
                    boolean alone = grid.cells() == 1
                            && key.size() <= 4
                            && key.stream().noneMatch(word -> word.text().matches(".*\\d.*"));
                    if (alone || Labels.isLabel(key) || height(key) < 0.85 * height(words(inside.get(1)))) {
                        add(
                                key,
                                inside.stream()
                                        .skip(1)
                                        .flatMap(line -> words(line).stream())
                                        .toList(),
                                Optional.empty(),
                                0.9);
                    }
                } else if (grid.cells() == 1 && inside.size() <= 1) {
                    leftOf(box)
                            .ifPresent(key -> add(
                                    key,
                                    inside.isEmpty() ? List.of() : words(inside.getFirst()),
                                    Optional.of(box),
                                    0.93));
                }
            }
        }
    }

    private static double height(List<PlacedWord> words) {
        return words.stream().mapToDouble(word -> word.box().height()).average().orElse(0);
    }

    private static List<PlacedWord> words(List<Segment> row) {
        return row.stream().flatMap(segment -> segment.words().stream()).toList();
    }

    private Optional<List<PlacedWord>> leftOf(Box box) {
        return rows.stream()
                .flatMap(List::stream)
                .filter(segment -> segment.box().onRowOf(box)
                        && segment.box().right() <= box.left() + 2
                        && box.left() - segment.box().right() < 14 * sheet.wordHeight())
                .max(Comparator.comparingDouble(segment -> segment.box().right()))
                .map(segment -> unused(segment.words()))
                .filter(words -> !words.isEmpty());
    }

    /**
     * The labels of a row.
     *
     * @param marked whether those that end with a colon are looked for, or those that are only known
     */
    private void labelled(int row, boolean marked) {
        List<Segment> segments = rows.get(row);
        for (int i = 0; i < segments.size(); i++) {
            List<PlacedWord> words = unused(segments.get(i).words());
            if (words.isEmpty()) {
                continue;
            }
            if (!marked) {
                if (Labels.isKnown(Segment.text(words))) {
                    add(words, valueOf(row, i, words), Optional.empty(), 0.85);
                }
                continue;
            }
            int begin = 0;
            for (int at = 0; at < words.size(); at++) {
                if (!Labels.endsLabel(words.get(at).text())) {
                    continue;
                }
                List<PlacedWord> key = words.subList(keyStart(words, begin, at), at + 1);
                int end = at + 1;
                while (end < words.size() && !Labels.endsLabel(words.get(end).text())) {
                    end++;
                }
                boolean last = end == words.size();
                int stop = last ? end : keyStart(words, at + 1, end);
                List<PlacedWord> value = words.subList(at + 1, stop);
                if (value.isEmpty() && last) {
                    value = valueOf(row, i, key);
                } else if (last && !value.isEmpty()) {
                    value = withFollowing(row, key, value);
                }
                if (!value.isEmpty() && value.size() <= LONGEST_VALUE) {
                    add(key, value, Optional.empty(), 0.96);
                }
                begin = stop;
            }
        }
    }

    /** Where a label begins that ends at {@code at}: behind the widest gap after {@code from}, or where words look like one. */
    private static int keyStart(List<PlacedWord> words, int from, int at) {
        if (from == 0 || at == from) {
            return Math.max(from, at - LONGEST_KEY + 1);
        }
        int start = at;
        double widest = 0;
        int widestAt = at;
        for (int i = from + 1; i <= at; i++) {
            double gap = words.get(i).box().left() - words.get(i - 1).box().right();
            if (gap > widest) {
                widest = gap;
                widestAt = i;
            }
        }
        double usual = 0.45 * words.get(at).box().height();
        if (widest > usual) {
            return widestAt;
        }
        for (int i = from; i < at; i++) {
            if (Labels.isKnown(Segment.text(words.subList(i, at + 1)))) {
                return i;
            }
        }
        while (start - 1 > from
                && Character.isUpperCase(words.get(start - 1).text().charAt(0))
                && at - start < 2) {
            start--;
        }
        return start;
    }

    /** What stands right of a label, or else below. */
    private List<PlacedWord> valueOf(int row, int segment, List<PlacedWord> key) {
        List<Segment> segments = rows.get(row);
        Box keyBox = Box.of(key);
        if (segment + 1 < segments.size()) {
            Segment next = segments.get(segment + 1);
            List<PlacedWord> words = unused(next.words());
            boolean near = next.box().left() - keyBox.right() < 0.5 * sheet.width();
            // Labels side by side, and not far, have their values below.
            if (near && !words.isEmpty() && words.size() == next.words().size() && !Labels.hasLabel(words)) {
                return withFollowing(row, key, words);
            }
            if (!words.isEmpty() && !Labels.hasLabel(words)) {
                return List.of();
            }
        }
        return below(row, keyBox, keyBox, true);
    }

    /** The value with the lines that go on below it, where nothing stands below its label. */
    private List<PlacedWord> withFollowing(int row, List<PlacedWord> key, List<PlacedWord> value) {
        Box keyBox = Box.of(key);
        Box valueBox = Box.of(value);
        if (!Labels.normalized(Segment.text(key))
                .matches(".*(address|bill|ship|sold|remit|to|notes|comments|remarks|description).*")) {
            return value;
        }
        List<PlacedWord> all = new ArrayList<>(value);
        all.addAll(below(row, valueBox, keyBox, false));
        return all;
    }

    /**
     * The lines below, one after the other, that begin where {@code above} does and are no labels.
     *
     * @param key what a line must not stand below, unless it is what {@code above} is
     */
    private List<PlacedWord> below(int row, Box above, Box key, boolean several) {
        List<PlacedWord> value = new ArrayList<>();
        double bottom = above.bottom();
        int lines = 0;
        for (int next = row + 1; next < rows.size() && lines < MOST_LINES; next++) {
            Optional<Segment> line = rows.get(next).stream()
                    .filter(segment -> Math.abs(segment.box().left() - above.left()) < 0.9 * sheet.wordHeight())
                    .findFirst();
            double top = Box.around(rows.get(next).stream().map(Segment::box).toList())
                    .top();
            if (line.isEmpty()) {
                if (top - bottom > (lines == 0 ? 1.4 : 0.8) * sheet.wordHeight()) {
                    break;
                }
                continue;
            }
            List<PlacedWord> words = unused(line.get().words());
            boolean near = line.get().box().top() - bottom < (lines == 0 ? 1.4 : 0.8) * sheet.wordHeight();
            boolean underKey = !several
                    && rows.get(next).stream()
                            .anyMatch(segment -> segment.box().overlapX(key) > 0 && !segment.equals(line.get()));
            if (!near || underKey || words.size() < line.get().words().size() || Labels.hasLabel(words)) {
                break;
            }
            value.addAll(words);
            bottom = line.get().box().bottom();
            lines++;
        }
        return value;
    }

    /** Labels left of a line to write on, or else below it. */
    private void lined() {
        for (Ruling ruling : rulings) {
            boolean part = grids.stream().anyMatch(grid -> grid.box().grown(4).holds(ruling.box()))
                    || !ruling.horizontal()
                    || ruling.length() < 4 * sheet.wordHeight()
                    || ruling.length() > 0.8 * sheet.width();
            if (part) {
                continue;
            }
            double height = sheet.wordHeight();
            Box place = new Box(
                    ruling.from(), ruling.position() - 1.5 * height, ruling.to(), ruling.position() + 0.15 * height);
            List<PlacedWord> written = unused(sheet.wordsIn(place));
            Box beside =
                    new Box(ruling.from(), ruling.position() - height, ruling.to(), ruling.position() + 0.3 * height);
            Optional<List<PlacedWord>> left = leftOf(beside);
            if (left.isPresent()) {
                add(left.get(), written, Optional.of(place), 0.88);
                continue;
            }
            Box under =
                    new Box(ruling.from() - height, ruling.position(), ruling.to(), ruling.position() + 1.8 * height);
            List<PlacedWord> key = unused(sheet.wordsIn(under));
            if (!key.isEmpty() && key.size() <= 4 && Labels.isLabel(key)) {
                add(key, written, Optional.of(place), 0.85);
            }
        }
    }
}
