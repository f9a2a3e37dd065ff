package dev.outcrop.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of what printed documents say was read.
 *
 * <p>Order is the share of pairs of neighbouring words that are neighbours in what was read, too. Tables are scored by
 * relations: a cell, one beside or below it, and which of both, as the ICDAR 2013 competition does; what a document says
 * twice must be read twice.
 */
final class ReadingScores {
    private final Counts words = new Counts();
    private final Counts order = new Counts();
    private final Counts headings = new Counts();
    private final Counts cells = new Counts();

    /** Right ones of those there are, and of those found. */
    static final class Counts {
        private long right;
        private long there;
        private long found;

        void add(Collection<String> wanted, Collection<String> read) {
            Map<String, Integer> left = new HashMap<>();
            wanted.forEach(value -> left.merge(value, 1, Integer::sum));
            for (String value : read) {
                if (left.getOrDefault(value, 0) > 0) {
                    left.merge(value, -1, Integer::sum);
                    right++;
                }
            }
            there += wanted.size();
            found += read.size();
        }

        double recall() {
            return there == 0 ? 1 : (double) right / there;
        }

        double f1() {
            return there + found == 0 ? 1 : 2.0 * right / (there + found);
        }
    }

    void add(PrintedDocument document, List<String> read, List<String> found, List<List<List<String>>> tables) {
        words.add(document.words(), read);
        order.add(pairs(document.words()), pairs(read));
        headings.add(document.headings(), found);
        cells.add(relations(document.tables()), relations(tables));
    }

    private static List<String> pairs(List<String> words) {
        List<String> pairs = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            pairs.add(words.get(i - 1) + " " + words.get(i));
        }
        return pairs;
    }

    private static List<String> relations(List<List<List<String>>> tables) {
        List<String> relations = new ArrayList<>();
        for (List<List<String>> table : tables) {
            for (int row = 0; row < table.size(); row++) {
                for (int column = 0; column < table.get(row).size(); column++) {
                    String cell = table.get(row).get(column);
                    if (column + 1 < table.get(row).size()) {
                        relations.add(cell + " beside " + table.get(row).get(column + 1));
                    }
                    if (row + 1 < table.size() && column < table.get(row + 1).size()) {
                        relations.add(cell + " above " + table.get(row + 1).get(column));
                    }
                }
            }
        }
        return relations;
    }

    /** Share of the words that were read. */
    double wordRecall() {
        return words.recall();
    }

    /** How well what was read are the words: running headers and halves of words count against it. */
    double wordF1() {
        return words.f1();
    }

    /** Share of neighbouring words that stayed neighbours. */
    double readingOrder() {
        return order.recall();
    }

    double headingF1() {
        return headings.f1();
    }

    double cellF1() {
        return cells.f1();
    }
}
