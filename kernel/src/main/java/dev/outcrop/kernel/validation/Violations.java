package dev.outcrop.kernel.validation;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one request, in AWS's words. */
final class Violations {
    /** AWS repeats the value whole; past this length it says nothing more that would help. */
    private static final int LONGEST_VALUE = 1024;

    private static final int MOST = 100;

    private final List<String> found = new ArrayList<>();

    void missing(Path path) {
        add("Value at '" + path + "' failed to satisfy constraint: Member must not be null");
    }

    void unsatisfied(Path path, Object value, boolean sensitive, String constraint) {
        String shown = sensitive ? "" : "'" + shortened(String.valueOf(value)) + "' ";
        add("Value " + shown + "at '" + path + "' failed to satisfy constraint: " + constraint);
    }

    List<String> found() {
        return found;
    }

    /** Whether there are so many that nobody reads on. */
    boolean full() {
        return found.size() >= MOST;
    }

    private void add(String violation) {
        if (!full()) {
            found.add(violation);
        }
    }

    private static String shortened(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "...";
    }

    /** Where a value is, written only when something is wrong with it. */
    record Path(Path parent, String name) {
        @Override
        public String toString() {
            return parent == null ? name : parent + "." + name;
        }
    }
}
