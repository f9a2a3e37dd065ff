package dev.outcrop.engines.documents;

import dev.outcrop.engines.documents.PageText.Segment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds running headers and footers: what stands at the same height of the outer eighth of at least three pages (both, if
 * there are two), numbers apart. Numbers alone must count up with the pages.
 */
final class RunningLines {
    private static final double ZONE = 0.125;
    private static final int OUTERMOST = 3;
    private static final double SAME_HEIGHT = 3;
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern PAGE_NUMBER =
            Pattern.compile("[-–—|·\\s]*(\\d{1,5})(\\s*(?:/|of)\\s*\\d{1,5})?[-–—|·\\s]*");

    private RunningLines() {}

    private record Place(PageText page, Segment segment) {}

    /** The pages without their running headers and footers. */
    static List<PageText> removed(List<PageText> pages) {
        Map<String, List<Place>> alike = new HashMap<>();
        for (PageText page : pages) {
            for (Segment segment : outermost(page)) {
                String text = segment.text();
                Matcher number = PAGE_NUMBER.matcher(text);
                boolean letters = text.codePoints().anyMatch(Character::isLetter);
                String key;
                if (number.matches() && number.group(1) != null) {
                    key = "number less page " + (Integer.parseInt(number.group(1)) - page.number());
                } else if (letters) {
                    key = NUMBER.matcher(text).replaceAll("#");
                } else {
                    continue;
                }
                alike.computeIfAbsent(key, ignored -> new ArrayList<>()).add(new Place(page, segment));
            }
        }
        IdentityHashMap<PageText, Set<Segment>> running = new IdentityHashMap<>();
        int enough = Math.min(3, Math.max(2, pages.size()));
        for (List<Place> places : alike.values()) {
            for (Place place : places) {
                long sameHeight = places.stream()
                        .filter(other -> Math.abs(other.segment().baseline()
                                        - place.segment().baseline())
                                < SAME_HEIGHT)
                        .map(other -> other.page().number())
                        .distinct()
                        .count();
                if (sameHeight >= enough) {
                    running.computeIfAbsent(place.page(), ignored -> Collections.newSetFromMap(new IdentityHashMap<>()))
                            .add(place.segment());
                }
            }
        }
        return pages.stream()
                .map(page -> running.containsKey(page) ? without(page, running.get(page)) : page)
                .toList();
    }

    private static PageText without(PageText page, Set<Segment> running) {
        return new PageText(
                page.number(),
                page.width(),
                page.height(),
                page.segments().stream()
                        .filter(segment -> !running.contains(segment))
                        .toList(),
                page.rules(),
                page.image());
    }

    /** What stands on the first and last few lines, if these are near the page's edges. */
    private static List<Segment> outermost(PageText page) {
        List<Segment> sorted = new ArrayList<>(page.segments());
        sorted.sort(Comparator.comparingDouble(Segment::baseline));
        List<Segment> found = new ArrayList<>(lines(sorted, page.height() * ZONE, 1));
        found.addAll(lines(sorted.reversed(), page.height() * (1 - ZONE), -1));
        return found;
    }

    private static List<Segment> lines(List<Segment> inwards, double limit, int sign) {
        List<Segment> found = new ArrayList<>();
        int lines = 0;
        double last = Double.NaN;
        for (Segment segment : inwards) {
            if (sign * segment.baseline() > sign * limit) {
                break;
            }
            if (!(Math.abs(segment.baseline() - last) < SAME_HEIGHT)) {
                lines++;
                last = segment.baseline();
            }
            if (lines > OUTERMOST) {
                break;
            }
            found.add(segment);
        }
        return found;
    }
}
