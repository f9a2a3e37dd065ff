package dev.outcrop.engines.logs;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a segment's file tells. A segment that was merged of others covers their generations and replaces them.
 *
 * @param day      of its events, counted since 1970
 * @param first    generation of the first file of the log whose events it has
 * @param last     generation of the last
 * @param earliest timestamp of its first event
 * @param latest   timestamp of its last
 * @param events   how many it has
 * @param bytes    of their messages, with what each event costs
 */
record SegmentName(long day, long first, long last, long earliest, long latest, long events, long bytes) {
    private static final Pattern FORM =
            Pattern.compile("(-?\\d+)_(\\d+)_(\\d+)_(-?\\d+)_(-?\\d+)_(\\d+)_(\\d+)\\.segment");

    static Optional<SegmentName> parse(String name) {
        Matcher matcher = FORM.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new SegmentName(
                Long.parseLong(matcher.group(1)),
                Long.parseLong(matcher.group(2)),
                Long.parseLong(matcher.group(3)),
                Long.parseLong(matcher.group(4)),
                Long.parseLong(matcher.group(5)),
                Long.parseLong(matcher.group(6)),
                Long.parseLong(matcher.group(7))));
    }

    String fileName() {
        return day + "_" + first + "_" + last + "_" + earliest + "_" + latest + "_" + events + "_" + bytes + ".segment";
    }

    /** Whether this has all that {@code other} has, and more. */
    boolean replaces(SegmentName other) {
        return day == other.day
                && first <= other.first
                && last >= other.last
                && (first < other.first || last > other.last);
    }
}
