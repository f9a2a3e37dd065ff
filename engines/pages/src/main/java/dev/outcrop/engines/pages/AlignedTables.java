package dev.outcrop.engines.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tables without lines: rows below each other whose words leave the same gaps free. Two columns of running text do not count,
 * nor do labels with their values.
 */
final class AlignedTables {
    private static final Pattern LABEL = Pattern.compile(".*:$");
    /** Of so many words on average a cell is running text. */
    private static final double PROSE = 5.5;
    /** So much of the rows may cross a gap between columns. */
    private static final double CROSSING = 0.15;

    private final Sheet sheet;

    AlignedTables(Sheet sheet) {
        this.sheet = sheet;
    }

    /** The tables among {@code words}, which belong to no other. */
    List<Grid> find(List<PlacedWord> words) {
        List<List<Segment>> rows = sheet.rowsOf(words);
        List<Grid> grids = new ArrayList<>();
        int from = 0;
        while (from < rows.size()) {
            int to = from;
            int several = 0;
            int singles = 0;
            for (; to < rows.size(); to++) {
                if (to > from && gap(rows.get(to - 1), rows.get(to)) > 2.4 * sheet.wordHeight()) {
                    break;
                }
                if (rows.get(to).size() < 2) {
                    singles++;
                    if (singles > 1) {
                        break;
                    }
                } else {
                    singles = 0;
                    several++;
                }
            }
            List<List<Segment>> block = trimmed(rows.subList(from, to));
            if (several >= 3) {
                grid(block).ifPresent(grids::add);
            }
            from = Math.max(to, from + 1);
        }
        return grids;
    }

    private static double gap(List<Segment> above, List<Segment> below) {
        return box(below).top() - box(above).bottom();
    }

    private static Box box(List<Segment> row) {
        return Box.around(row.stream().map(Segment::box).toList());
    }

    /** Without rows of one segment at its ends. */
    private static List<List<Segment>> trimmed(List<List<Segment>> block) {
        int from = 0;
        int to = block.size();
        while (from < to && block.get(from).size() < 2) {
            from++;
        }
        while (to > from && block.get(to - 1).size() < 2) {
            to--;
        }
        return block.subList(from, to);
    }

    private Optional<Grid> grid(List<List<Segment>> block) {
        if (block.size() < 3) {
            return Optional.empty();
        }
        double[] separators = withoutLoneHeaders(block, separators(block));
        Box box = Box.around(block.stream().map(AlignedTables::box).toList());
        if (separators.length == 0 || !isTable(block, separators)) {
            return Optional.empty();
        }
        List<List<List<Segment>>> merged = continued(block, separators);
        if (merged.size() < 2) {
            return Optional.empty();
        }
        double[] xs = new double[separators.length + 2];
        xs[0] = box.left();
        System.arraycopy(separators, 0, xs, 1, separators.length);
        xs[xs.length - 1] = box.right();
        double[] ys = new double[merged.size() + 1];
        ys[0] = box.top();
        for (int i = 1; i < merged.size(); i++) {
            ys[i] = (box(merged.get(i - 1).getLast()).bottom()
                            + box(merged.get(i).getFirst()).top())
                    / 2;
        }
        ys[merged.size()] = box.bottom();
        return Optional.of(new Grid(xs, ys, areas(merged, xs)));
    }

    /** The middles of the gaps that nearly all rows leave free. */
    private double[] separators(List<List<Segment>> block) {
        Box box = Box.around(block.stream().map(AlignedTables::box).toList());
        int bins = 600;
        double scale = box.width() / bins;
        int[] covered = new int[bins];
        int several = 0;
        for (List<Segment> row : block) {
            if (row.size() < 2) {
                continue;
            }
            several++;
            for (Segment segment : row) {
                int from = Math.clamp((int) ((segment.box().left() - box.left()) / scale), 0, bins - 1);
                int to = Math.clamp((int) ((segment.box().right() - box.left()) / scale), from, bins - 1);
                for (int bin = from; bin <= to; bin++) {
                    covered[bin]++;
                }
            }
        }
        int allowed = (int) (CROSSING * several);
        double[] separators = new double[bins];
        int count = 0;
        int from = -1;
        for (int bin = 0; bin < bins; bin++) {
            boolean free = covered[bin] <= allowed;
            if (free && from < 0) {
                from = bin;
            }
            if (!free && from >= 0) {
                if (from > 0 && (bin - from) * scale >= 0.55 * sheet.wordHeight()) {
                    double zone = count == 0 ? box.left() - 1 : separators[count - 1];
                    Box gap = new Box(box.left() + from * scale, box.top(), box.left() + bin * scale, box.bottom());
                    separators[count++] =
                            lone(block, zone, gap).orElse(box.left() + middleOfLeast(covered, from, bin) * scale);
                }
                from = -1;
            }
        }
        return Arrays.copyOf(separators, count);
    }

    /**
     * A header at the left of its column over numbers at the right makes two columns: one of a header alone, and one without.
     * They are one.
     */
    private static double[] withoutLoneHeaders(List<List<Segment>> block, double[] separators) {
        double[] kept = separators;
        for (int column = 0; column < kept.length; column++) {
            boolean[] first = occupied(block.subList(0, 1), kept);
            boolean[] others = occupied(block.subList(1, block.size()), kept);
            boolean joins = (first[column] && !others[column] && !first[column + 1] && others[column + 1])
                    || (first[column + 1] && !others[column + 1] && !first[column] && others[column]);
            if (joins) {
                double[] fewer = new double[kept.length - 1];
                System.arraycopy(kept, 0, fewer, 0, column);
                System.arraycopy(kept, column + 1, fewer, column, fewer.length - column);
                kept = fewer;
                column--;
            }
        }
        return kept;
    }

    private static boolean[] occupied(List<List<Segment>> rows, double[] separators) {
        boolean[] occupied = new boolean[separators.length + 1];
        rows.forEach(row -> row.forEach(segment -> occupied[column(segment.box().middleX(), separators)] = true));
        return occupied;
    }

    /**
     * Where a gap is cut that a lone header stands in: before it, if the column to the left has its own header, else behind.
     *
     * @param zone where that column begins
     */
    private static Optional<Double> lone(List<List<Segment>> block, double zone, Box free) {
        for (List<Segment> row : block) {
            for (Segment segment : row) {
                Box box = segment.box();
                if (box.left() > free.left() - 1 && box.right() < free.right() + 1) {
                    boolean own = row.stream()
                            .anyMatch(other ->
                                    other.box().left() > zone && other.box().right() < box.left());
                    double before = row.stream()
                            .mapToDouble(other -> other.box().right())
                            .filter(right -> right <= box.left())
                            .max()
                            .orElse(free.left());
                    double behind = row.stream()
                            .mapToDouble(other -> other.box().left())
                            .filter(left -> left >= box.right())
                            .min()
                            .orElse(free.right());
                    return Optional.of(
                            own
                                    ? (Math.max(before, free.left()) + box.left()) / 2
                                    : (box.right() + Math.min(behind, free.right())) / 2);
                }
            }
        }
        return Optional.empty();
    }

    /** The middle of the places that the fewest rows cover. */
    private static double middleOfLeast(int[] covered, int from, int to) {
        int least = Integer.MAX_VALUE;
        for (int bin = from; bin < to; bin++) {
            least = Math.min(least, covered[bin]);
        }
        int first = -1;
        int last = -1;
        for (int bin = from; bin < to; bin++) {
            if (covered[bin] == least) {
                first = first < 0 ? bin : first;
                last = bin;
            }
        }
        return (first + last + 1) / 2.0;
    }

    private static int column(double x, double[] separators) {
        int column = 0;
        while (column < separators.length && x > separators[column]) {
            column++;
        }
        return column;
    }

    private boolean isTable(List<List<Segment>> block, double[] separators) {
        int columns = separators.length + 1;
        double[] words = new double[columns];
        int[] cells = new int[columns];
        int labels = 0;
        int several = 0;
        for (List<Segment> row : block) {
            if (row.size() < 2) {
                continue;
            }
            several++;
            if (LABEL.matcher(row.getFirst().text()).matches()) {
                labels++;
            }
            for (Segment segment : row) {
                int column = column(segment.box().middleX(), separators);
                words[column] += segment.words().size();
                cells[column]++;
            }
        }
        int prose = 0;
        for (int column = 0; column < columns; column++) {
            if (cells[column] > 0 && words[column] / cells[column] > PROSE) {
                prose++;
            }
            if (cells[column] < Math.max(2, several / 4)) {
                return columns > 2 && cells[column] > 0 && supported(cells, several) >= 2 && prose < 2;
            }
        }
        boolean form = columns <= 4 && labels > 0.5 * several;
        // Two columns of a newspaper leave one gap free and fill both sides.
        return prose < 2 && !form && !(columns == 2 && prose == 1 && words[0] > PROSE * cells[0]);
    }

    private static int supported(int[] cells, int several) {
        return (int) Arrays.stream(cells).filter(count -> count >= several / 2).count();
    }

    /** The rows, what only goes on with a cell of the row above put to that. */
    private List<List<List<Segment>>> continued(List<List<Segment>> block, double[] separators) {
        List<List<List<Segment>>> rows = new ArrayList<>();
        for (List<Segment> row : block) {
            boolean goesOn = false;
            if (!rows.isEmpty() && row.size() < separators.length + 1) {
                double gap = gap(rows.getLast().getLast(), row);
                Segment first = row.getFirst();
                boolean startsRow = column(first.box().middleX(), separators) == 0;
                goesOn = gap < 0.45 * sheet.wordHeight()
                        && (!startsRow && row.size() == 1 && usualGap(block) > gap + 0.2 * sheet.wordHeight());
            }
            if (goesOn) {
                rows.getLast().add(row);
            } else {
                rows.add(new ArrayList<>(List.of(row)));
            }
        }
        return rows;
    }

    private static double usualGap(List<List<Segment>> block) {
        double[] gaps = new double[block.size() - 1];
        for (int i = 1; i < block.size(); i++) {
            gaps[i - 1] = gap(block.get(i - 1), block.get(i));
        }
        Arrays.sort(gaps);
        return gaps[gaps.length / 2];
    }

    /** A segment that crosses a gap between columns is one cell over both. */
    private static int[][] areas(List<List<List<Segment>>> rows, double[] xs) {
        int columns = xs.length - 1;
        int[][] areas = new int[rows.size()][columns];
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns; column++) {
                areas[row][column] = row * columns + column;
            }
            for (Segment segment : rows.get(row).getFirst()) {
                for (int column = 1; column < columns; column++) {
                    double margin = 0.1 * segment.box().height();
                    if (segment.box().left() < xs[column] - margin
                            && segment.box().right() > xs[column] + margin) {
                        areas[row][column] = areas[row][column - 1];
                    }
                }
            }
        }
        return areas;
    }
}
