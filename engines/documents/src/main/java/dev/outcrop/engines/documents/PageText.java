package dev.outcrop.engines.documents;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What stands on a page of a PDF, before its layout is understood. Points from the page's upper left corner.
 *
 * @param number   from 1
 * @param segments pieces of lines that no wide gap interrupts
 * @param rules    straight lines along the axes
 * @param image    whether the page shows a picture
 */
record PageText(int number, double width, double height, List<Segment> segments, List<Rule> rules, boolean image) {

    /** A word. */
    record Word(String text, double x0, double x1, double baseline, double size, boolean bold) {}

    /** A straight line, horizontal if {@code y0 == y1}, else vertical with {@code x0 == x1}. */
    record Rule(double x0, double y0, double x1, double y1) {
        boolean horizontal() {
            return y0 == y1;
        }
    }

    /** A piece of a line: words from left to right. */
    record Segment(List<Word> words, double x0, double x1, double baseline, double size, boolean bold) {
        static Segment of(List<Word> words) {
            List<Word> sorted = new ArrayList<>(words);
            sorted.sort(Comparator.comparingDouble(Word::x0));
            Word largest = sorted.getFirst();
            double letters = 0;
            double bold = 0;
            double right = 0;
            for (Word word : sorted) {
                letters += word.text().length();
                bold += word.bold() ? word.text().length() : 0;
                right = Math.max(right, word.x1());
                if (word.size() > largest.size() * 1.05) {
                    largest = word;
                }
            }
            return new Segment(
                    List.copyOf(sorted),
                    sorted.getFirst().x0(),
                    right,
                    largest.baseline(),
                    largest.size(),
                    bold > 0.8 * letters);
        }

        double width() {
            return x1 - x0;
        }

        double center() {
            return (x0 + x1) / 2;
        }

        String text() {
            return words.stream().map(Word::text).collect(Collectors.joining(" "));
        }
    }
}
