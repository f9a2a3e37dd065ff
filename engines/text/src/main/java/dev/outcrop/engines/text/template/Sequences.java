package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.Callable.Arguments;
import dev.outcrop.engines.text.template.PythonValues.Tuple;
import dev.outcrop.engines.text.template.PythonValues.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The filters that go through a sequence. */
final class Sequences {
    private Sequences() {}

    /** A filter's result, which may be null. */
    record Result(Object value) {}

    /** What the filter {@code name} makes of {@code value}; empty if there is no such filter here. */
    static Optional<Result> apply(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "first" -> result(end(value, true));
            case "last" -> result(end(value, false));
            case "map" -> result(map(value, arguments));
            case "select" -> result(filter(value, item -> item, arguments, 0, true));
            case "reject" -> result(filter(value, item -> item, arguments, 0, false));
            case "selectattr" -> result(byAttribute(value, arguments, true));
            case "rejectattr" -> result(byAttribute(value, arguments, false));
            case "sort" -> result(sorted(value, arguments));
            case "dictsort" -> result(sortedPairs(value, arguments));
            case "reverse" -> result(reversed(value));
            case "unique" -> result(unique(value, arguments));
            case "groupby" -> result(grouped(value, arguments));
            case "sum" -> result(sum(value, arguments));
            case "min" -> result(extreme(value, arguments, -1));
            case "max" -> result(extreme(value, arguments, 1));
            case "batch" -> result(batches(value, arguments));
            default -> Optional.empty();
        };
    }

    private static Optional<Result> result(Object value) {
        return Optional.of(new Result(value));
    }

    /** The attribute of {@code item} at a path such as {@code function.name}. */
    static Object path(Object item, Object attribute) {
        if (attribute instanceof Long) {
            return Members.item(item, attribute);
        }
        Object value = item;
        for (Text step : PythonStrings.split(PythonValues.str(attribute), ".", -1)) {
            boolean index = !step.value().isEmpty()
                    && step.value().length() < 10
                    && step.value().chars().allMatch(Character::isDigit);
            value = Members.item(value, index ? Long.valueOf(step.value()) : step);
        }
        return value;
    }

    private static Object end(Object value, boolean first) {
        List<Object> items = PythonValues.items(value);
        if (items.isEmpty()) {
            return new Undefined("No " + (first ? "first" : "last") + " item, sequence was empty.");
        }
        return first ? items.getFirst() : items.getLast();
    }

    private static List<Object> map(Object value, Arguments arguments) {
        List<Object> mapped = new ArrayList<>();
        Object attribute = arguments.positional().isEmpty() ? arguments.named().get("attribute") : null;
        for (Object item : itemsOrNone(value)) {
            if (attribute == null) {
                mapped.add(Filters.apply(
                        PythonValues.str(arguments.require(0, "filter")).value(), item, rest(arguments, 1)));
                continue;
            }
            Object found = path(item, attribute);
            boolean missing = found instanceof Undefined && arguments.named().containsKey("default");
            mapped.add(missing ? arguments.named().get("default") : found);
        }
        return mapped;
    }

    /** What is false has no items, even if it is no sequence at all. */
    private static List<Object> itemsOrNone(Object value) {
        return PythonValues.isTrue(value) ? PythonValues.items(value) : List.of();
    }

    private static Arguments rest(Arguments arguments, int from) {
        return new Arguments(
                arguments
                        .positional()
                        .subList(
                                Math.min(from, arguments.positional().size()),
                                arguments.positional().size()),
                arguments.named());
    }

    private interface Getter {
        Object of(Object item);
    }

    private static List<Object> byAttribute(Object value, Arguments arguments, boolean keep) {
        Object attribute = arguments.require(0, "attribute");
        return filter(value, item -> path(item, attribute), arguments, 1, keep);
    }

    private static List<Object> filter(Object value, Getter getter, Arguments arguments, int testAt, boolean keep) {
        boolean truth = arguments.positional().size() <= testAt;
        String test = truth
                ? ""
                : PythonValues.str(arguments.positional().get(testAt)).value();
        Arguments testArguments = rest(arguments, testAt + 1);
        Predicate<Object> passes = item -> {
            Object tested = getter.of(item);
            return truth ? PythonValues.isTrue(tested) : ValueTests.passes(test, tested, testArguments);
        };
        List<Object> kept = new ArrayList<>();
        for (Object item : itemsOrNone(value)) {
            if (passes.test(item) == keep) {
                kept.add(item);
            }
        }
        return kept;
    }

    private static Object folded(Object value, boolean caseSensitive) {
        return (!caseSensitive && value instanceof Text text)
                ? Text.of(text.value().toLowerCase(Locale.ROOT))
                : value;
    }

    private static List<Object> sorted(Object value, Arguments arguments) {
        boolean caseSensitive = arguments.truth(1, "case_sensitive", false);
        Object attribute = arguments.get(2, "attribute", null);
        Comparator<Object> order = (left, right) -> PythonValues.compare(
                folded(attribute == null ? left : path(left, attribute), caseSensitive),
                folded(attribute == null ? right : path(right, attribute), caseSensitive));
        List<Object> items = new ArrayList<>(PythonValues.items(value));
        items.sort(arguments.truth(0, "reverse", false) ? order.reversed() : order);
        return items;
    }

    private static List<Object> sortedPairs(Object value, Arguments arguments) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new TemplateException("dictsort needs a mapping, got '" + PythonValues.typeName(value) + "'");
        }
        boolean caseSensitive = arguments.truth(0, "case_sensitive", false);
        int by = arguments.text(1, "by", "key").value().equals("value") ? 1 : 0;
        Comparator<Object> order = (left, right) -> PythonValues.compare(
                folded(PythonValues.items(left).get(by), caseSensitive),
                folded(PythonValues.items(right).get(by), caseSensitive));
        List<Object> pairs = CollectionMethods.pairs(map);
        pairs.sort(arguments.truth(2, "reverse", false) ? order.reversed() : order);
        return pairs;
    }

    private static Object reversed(Object value) {
        List<Object> items = PythonValues.items(value).reversed();
        return value instanceof Text
                ? PythonStrings.join(
                        Text.EMPTY, items.stream().map(PythonValues::str).toList())
                : new ArrayList<>(items);
    }

    private static List<Object> unique(Object value, Arguments arguments) {
        boolean caseSensitive = arguments.truth(0, "case_sensitive", false);
        Object attribute = arguments.get(1, "attribute", null);
        List<Object> seen = new ArrayList<>();
        List<Object> kept = new ArrayList<>();
        for (Object item : PythonValues.items(value)) {
            Object key = folded(attribute == null ? item : path(item, attribute), caseSensitive);
            if (!PythonValues.contains(seen, key)) {
                seen.add(key);
                kept.add(item);
            }
        }
        return kept;
    }

    private static List<Object> grouped(Object value, Arguments arguments) {
        Object attribute = arguments.require(0, "attribute");
        List<Object> items = new ArrayList<>(PythonValues.items(value));
        items.sort((left, right) ->
                PythonValues.compare(folded(path(left, attribute), false), folded(path(right, attribute), false)));
        List<Object> groups = new ArrayList<>();
        List<Object> group = new ArrayList<>();
        for (Object item : items) {
            Object key = path(item, attribute);
            boolean joins = !group.isEmpty()
                    && PythonValues.equal(folded(key, false), folded(path(group.getFirst(), attribute), false));
            if (!joins) {
                group = new ArrayList<>();
                groups.add(Tuple.of(key, group));
            }
            group.add(item);
        }
        return groups;
    }

    private static Object sum(Object value, Arguments arguments) {
        Object attribute = arguments.get(0, "attribute", null);
        Object total = arguments.get(1, "start", 0L);
        for (Object item : PythonValues.items(value)) {
            total = Arithmetic.apply(
                    Expression.BinaryOperator.ADD, total, attribute == null ? item : path(item, attribute));
        }
        return total;
    }

    private static Object extreme(Object value, Arguments arguments, int wanted) {
        boolean caseSensitive = arguments.truth(0, "case_sensitive", false);
        Object attribute = arguments.get(1, "attribute", null);
        Object best = new Undefined("No aggregated item, sequence was empty.");
        Object bestKey = null;
        for (Object item : PythonValues.items(value)) {
            Object key = folded(attribute == null ? item : path(item, attribute), caseSensitive);
            if (best instanceof Undefined || Integer.signum(PythonValues.compare(key, bestKey)) == wanted) {
                best = item;
                bestKey = key;
            }
        }
        return best;
    }

    private static List<Object> batches(Object value, Arguments arguments) {
        long size = PythonValues.whole(arguments.require(0, "linecount"));
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Object item : PythonValues.items(value)) {
            if (batch.isEmpty() || batch.size() >= size) {
                batch = new ArrayList<>();
                batches.add(batch);
            }
            batch.add(item);
        }
        Object fill = arguments.get(1, "fill_with", null);
        while (fill != null && !batch.isEmpty() && batch.size() < Math.min(size, PythonFormat.MAXIMUM_WIDTH)) {
            batch.add(fill);
        }
        return batches;
    }
}
