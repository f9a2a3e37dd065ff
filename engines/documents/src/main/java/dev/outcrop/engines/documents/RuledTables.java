package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.PageText.Rule;
import dev.outcrop.engines.documents.PageText.Segment;
import dev.outcrop.engines.documents.PageText.Word;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Finds the tables that lines are drawn around, by the grid that the lines make. */
final class RuledTables {
    private static final double TOUCH = 2.5;
    private static final double FEWEST_FILLED = 0.3;
    private static final int MOST_LINES = 3_000;

    private RuledTables() {}

    /** A table and where it stands. */
    record Found(List<List<String>> rows, double x0, double y0, double x1, double y1) {
        boolean holds(Segment segment) {
            double middle = segment.baseline() - segment.size() * 0.3;
            return segment.center() > x0 && segment.center() < x1 && middle > y0 && middle < y1;
        }
    }

    /** The tables of a page. */
    static List<Found> of(PageText page) {
        List<Rule> rules = merged(page.rules());
        if (rules.size() > MOST_LINES) {
            // A drawing, not a table.
            return List.of();
        }
        List<Found> tables = new ArrayList<>();
        for (List<Rule> group : touching(rules)) {
            double[] columns =
                    distinct(group.stream().filter(rule -> !rule.horizontal()).mapToDouble(Rule::x0));
            double[] rows = distinct(group.stream().filter(Rule::horizontal).mapToDouble(Rule::y0));
            if (columns.length >= 3 && rows.length >= 3) {
                Found table = fill(page, columns, rows);
                long filled = table.rows().stream()
                        .flatMap(List::stream)
                        .filter(cell -> !cell.isEmpty())
                        .count();
                if (table.rows().size() >= 2
                        && filled
                                >= FEWEST_FILLED
                                        * (columns.length - 1)
                                        * table.rows().size()) {
                    tables.add(table);
                }
            }
        }
        return tables;
    }

    private static Found fill(PageText page, double[] columns, double[] rows) {
        double x0 = columns[0];
        double x1 = columns[columns.length - 1];
        double y0 = rows[0];
        double y1 = rows[rows.length - 1];
        List<List<List<Word>>> cells = new ArrayList<>();
        for (int row = 0; row + 1 < rows.length; row++) {
            List<List<Word>> line = new ArrayList<>();
            for (int column = 0; column + 1 < columns.length; column++) {
                line.add(new ArrayList<>());
            }
            cells.add(line);
        }
        Found place = new Found(List.of(), x0, y0, x1, y1);
        for (Segment segment : page.segments()) {
            if (place.holds(segment)) {
                for (Word word : segment.words()) {
                    int row = interval(rows, word.baseline() - word.size() * 0.3);
                    int column = interval(columns, (word.x0() + word.x1()) / 2);
                    cells.get(row).get(column).add(word);
                }
            }
        }
        List<List<String>> texts = new ArrayList<>();
        for (List<List<Word>> line : cells) {
            List<String> row = line.stream().map(RuledTables::text).toList();
            if (!row.stream().allMatch(String::isEmpty)) {
                texts.add(row);
            }
        }
        return new Found(texts, x0, y0, x1, y1);
    }

    /** The words of a cell, line by line. */
    private static String text(List<Word> words) {
        List<Word> sorted = new ArrayList<>(words);
        sorted.sort(Comparator.comparingDouble(Word::baseline));
        List<Word> ordered = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size()
                    || sorted.get(i).baseline() - sorted.get(from).baseline()
                            > 0.5 * sorted.get(from).size()) {
                List<Word> line = sorted.subList(from, i);
                line.sort(Comparator.comparingDouble(Word::x0));
                ordered.addAll(line);
                from = i;
            }
        }
        return String.join(" ", ordered.stream().map(Word::text).toList());
    }

    private static int interval(double[] borders, double value) {
        int at = 0;
        while (at + 2 < borders.length && value >= borders[at + 1]) {
            at++;
        }
        return at;
    }

    /** Values in order, those nearer than lines are thick taken together. */
    private static double[] distinct(java.util.stream.DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int count = 0;
        for (double value : sorted) {
            if (count == 0 || value - sorted[count - 1] > TOUCH + 0.5) {
                sorted[count++] = value;
            }
        }
        return Arrays.copyOf(sorted, count);
    }

    /** Lines that continue each other made one. */
    private static List<Rule> merged(List<Rule> rules) {
        List<Rule> merged = new ArrayList<>();
        List<Rule> sorted = new ArrayList<>(rules);
        sorted.sort(Comparator.comparing(Rule::horizontal)
                .thenComparingDouble(rule -> Math.round(rule.horizontal() ? rule.y0() : rule.x0()))
                .thenComparingDouble(rule -> rule.horizontal() ? rule.x0() : rule.y0()));
        for (Rule rule : sorted) {
            Rule last = merged.isEmpty() ? rule : merged.getLast();
            if (!merged.isEmpty() && last.horizontal() == rule.horizontal() && continues(last, rule)) {
                merged.removeLast();
                merged.add(new Rule(
                        Math.min(last.x0(), last.horizontal() ? rule.x0() : last.x0()),
                        last.y0(),
                        last.horizontal() ? Math.max(last.x1(), rule.x1()) : last.x1(),
                        last.horizontal() ? last.y1() : Math.max(last.y1(), rule.y1())));
            } else {
                merged.add(rule);
            }
        }
        return merged;
    }

    private static boolean continues(Rule last, Rule rule) {
        return last.horizontal()
                ? Math.abs(last.y0() - rule.y0()) < 1.1 && rule.x0() <= last.x1() + TOUCH
                : Math.abs(last.x0() - rule.x0()) < 1.1 && rule.y0() <= last.y1() + TOUCH;
    }

    /** Lines in groups that hang together. */
    private static List<List<Rule>> touching(List<Rule> rules) {
        int[] group = new int[rules.size()];
        Arrays.setAll(group, i -> i);
        for (int i = 0; i < rules.size(); i++) {
            for (int j = i + 1; j < rules.size(); j++) {
                if (touch(rules.get(i), rules.get(j))) {
                    group[root(group, j)] = root(group, i);
                }
            }
        }
        List<List<Rule>> groups = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            if (root(group, i) == i) {
                List<Rule> members = new ArrayList<>();
                for (int j = 0; j < rules.size(); j++) {
                    if (root(group, j) == i) {
                        members.add(rules.get(j));
                    }
                }
                if (members.size() >= 4) {
                    groups.add(members);
                }
            }
        }
        return groups;
    }

    private static int root(int[] group, int member) {
        int root = member;
        while (group[root] != root) {
            group[root] = group[group[root]];
            root = group[root];
        }
        return root;
    }

    private static boolean touch(Rule one, Rule other) {
        return one.horizontal() != other.horizontal()
                && one.x0() <= other.x1() + TOUCH
                && other.x0() <= one.x1() + TOUCH
                && one.y0() <= other.y1() + TOUCH
                && other.y0() <= one.y1() + TOUCH;
    }
}
