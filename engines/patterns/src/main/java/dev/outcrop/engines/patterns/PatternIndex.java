package dev.outcrop.engines.patterns;

import dev.outcrop.engines.patterns.EventPattern.Condition;
import dev.outcrop.engines.patterns.EventPattern.Leaf;
import dev.outcrop.engines.patterns.EventPattern.Node;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Many patterns, and what each stands for. A pattern that wants one of certain values somewhere is looked at only for events
 * that have one of them there; of several such places it is filed under the one whose values the fewest others want. The
 * cost of an event is one look-up a place that patterns are filed under, and one comparison a pattern found there.
 */
public final class PatternIndex<R> {
    private final List<Entry<R>> entries;
    private final Map<List<String>, Map<JsonValue, BitSet>> byPlace = new HashMap<>();
    private final BitSet unfiled = new BitSet();

    /** A pattern and what it stands for. */
    public record Entry<R>(EventPattern pattern, R rule) {}

    /** Files patterns. */
    public PatternIndex(List<Entry<R>> entries) {
        this.entries = List.copyOf(entries);
        Map<Place, Integer> wanted = new HashMap<>();
        List<Map<List<String>, Set<JsonValue>>> all = new ArrayList<>();
        for (Entry<R> entry : entries) {
            Map<List<String>, Set<JsonValue>> places = new HashMap<>();
            collect(entry.pattern().root(), List.of(), places);
            places.forEach(
                    (path, values) -> values.forEach(value -> wanted.merge(new Place(path, value), 1, Integer::sum)));
            all.add(places);
        }
        for (int i = 0; i < entries.size(); i++) {
            file(i, all.get(i), wanted);
        }
    }

    private record Place(List<String> path, JsonValue value) {}

    private static void collect(Condition condition, List<String> path, Map<List<String>, Set<JsonValue>> places) {
        for (Map.Entry<String, Node> field : condition.fields().entrySet()) {
            List<String> place = new ArrayList<>(path);
            place.add(field.getKey());
            switch (field.getValue()) {
                case Condition inner -> collect(inner, place, places);
                case Leaf leaf -> leaf.exact().ifPresent(values -> places.put(List.copyOf(place), values));
            }
        }
    }

    private void file(int entry, Map<List<String>, Set<JsonValue>> places, Map<Place, Integer> wanted) {
        Optional<Map.Entry<List<String>, Set<JsonValue>>> best = places.entrySet().stream()
                .min(Comparator.comparingInt(place -> place.getValue().stream()
                        .mapToInt(value -> wanted.get(new Place(place.getKey(), value)))
                        .sum()));
        if (best.isEmpty()) {
            unfiled.set(entry);
            return;
        }
        Map<JsonValue, BitSet> values = byPlace.computeIfAbsent(best.get().getKey(), _ -> new HashMap<>());
        for (JsonValue value : best.get().getValue()) {
            values.computeIfAbsent(value, _ -> new BitSet()).set(entry);
        }
    }

    /** What the patterns stand for that an event fits, in the order in which they were given. */
    public List<R> matches(JsonValue event) {
        BitSet candidates = (BitSet) unfiled.clone();
        byPlace.forEach((path, values) -> look(event, path, 0, values, candidates));
        List<R> matches = new ArrayList<>();
        for (int i = candidates.nextSetBit(0); i >= 0; i = candidates.nextSetBit(i + 1)) {
            if (entries.get(i).pattern().matches(event)) {
                matches.add(entries.get(i).rule());
            }
        }
        return matches;
    }

    private static void look(
            JsonValue value, List<String> path, int depth, Map<JsonValue, BitSet> filed, BitSet candidates) {
        switch (value) {
            case JsonValue.Elements(List<JsonValue> elements) ->
                elements.forEach(element -> look(element, path, depth, filed, candidates));
            case JsonValue.Fields(Map<String, JsonValue> fields) -> {
                JsonValue next = depth < path.size() ? fields.get(path.get(depth)) : null;
                if (next != null) {
                    look(next, path, depth + 1, filed, candidates);
                }
            }
            default -> {
                if (depth == path.size()) {
                    BitSet found = filed.get(value);
                    if (found != null) {
                        candidates.or(found);
                    }
                }
            }
        }
    }
}
