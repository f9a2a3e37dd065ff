package dev.outcrop.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a benchmark's figures as they come, and remembers which goals were missed. */
final class Report {
    private final List<String> missed = new ArrayList<>();
    private int goals;

    Report(Benchmark benchmark) {
        System.out.println("== " + benchmark.name() + ": " + benchmark.description());
    }

    /** One figure. */
    void figure(String what, double value, String unit) {
        System.out.printf(Locale.ROOT, "%-58s %12s %s%n", what, rounded(value), unit);
    }

    /** A remark. */
    void note(String text) {
        System.out.println(text);
    }

    /** A figure that must be at least {@code goal}. */
    void atLeast(String what, double value, double goal, String unit) {
        goal(what, value, "at least", goal, unit, value >= goal);
    }

    /** A figure that must be at most {@code goal}. */
    void atMost(String what, double value, double goal, String unit) {
        goal(what, value, "at most", goal, unit, value <= goal);
    }

    private void goal(String what, double value, String relation, double goal, String unit, boolean met) {
        String line = String.format(
                Locale.ROOT,
                "%-58s %12s %s (goal: %s %s) %s",
                what,
                rounded(value),
                unit,
                relation,
                rounded(goal),
                met ? "met" : "MISSED");
        System.out.println(line);
        goals++;
        if (!met) {
            missed.add(what);
        }
    }

    /** Says how it ended; true if no goal was missed. */
    boolean finish() {
        System.out.println(ending());
        System.out.println();
        return missed.isEmpty();
    }

    private String ending() {
        if (goals == 0) {
            return "figures only: no goal is set";
        }
        return missed.isEmpty()
                ? goals == 1 ? "the one goal is met" : "all " + goals + " goals met"
                : "missed " + missed.size() + " of " + goals + ": " + String.join(", ", missed);
    }

    private static String rounded(double value) {
        if (value == 0 || Math.abs(value) >= 1000) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        int digits = Math.max(0, 2 - (int) Math.floor(Math.log10(Math.abs(value))));
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
