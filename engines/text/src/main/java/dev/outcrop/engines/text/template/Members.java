package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.PythonValues.Namespace;
import dev.outcrop.engines.text.template.PythonValues.Tuple;
import dev.outcrop.engines.text.template.PythonValues.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code value.name}, {@code value[key]} and {@code value[from:to:step]} mean. */
final class Members {
    /** A slice's bound that is none. */
    static final long NO_BOUND = Long.MIN_VALUE;

    private Members() {}

    /** {@code value.name}: a method or attribute first, then an item. */
    static Object attribute(Object value, String name) {
        return switch (value) {
            case Undefined undefined -> throw undefined.failure();
            case Namespace(Map<String, Object> values) ->
                values.containsKey(name) ? values.get(name) : missing("Namespace object", name);
            case Loop loop -> loop.attribute(name);
            case Map<?, ?> map -> {
                Optional<Callable> method = CollectionMethods.of(map, name);
                yield method.isPresent() ? method.get() : entry(map, Text.of(name));
            }
            case Text text -> orMissing(TextMethods.of(text, name), "str object", name);
            case List<?> list -> orMissing(CollectionMethods.of(list, name), "list object", name);
            case null, default -> missing(PythonValues.typeName(value) + " object", name);
        };
    }

    /** {@code value[key]}: an item first, then a method or attribute. */
    static Object item(Object value, Object key) {
        return switch (value) {
            case Undefined undefined -> throw undefined.failure();
            case Map<?, ?> map -> {
                if (map.containsKey(key)) {
                    yield map.get(key);
                }
                Optional<Callable> method =
                        key instanceof Text name ? CollectionMethods.of(map, name.value()) : Optional.empty();
                yield method.isPresent() ? method.get() : missing("dict object", String.valueOf(key));
            }
            case Text text when key instanceof Long index -> indexed(PythonValues.items(text), index, "str object");
            case List<?> list when key instanceof Long index -> indexed(list, index, "list object");
            case null, default ->
                key instanceof Text name
                        ? attribute(value, name.value())
                        : missing(PythonValues.typeName(value) + " object", String.valueOf(key));
        };
    }

    private static Object entry(Map<?, ?> map, Text key) {
        Object found = map.get(key);
        return found != null || map.containsKey(key) ? found : missing("dict object", key.value());
    }

    private static Object orMissing(Optional<Callable> method, String type, String name) {
        return method.isPresent() ? method.get() : missing(type, name);
    }

    private static Object indexed(List<?> items, long index, String type) {
        long at = index < 0 ? index + items.size() : index;
        return at < 0 || at >= items.size() ? missing(type, String.valueOf(index)) : items.get((int) at);
    }

    private static Undefined missing(String type, String name) {
        return new Undefined("'" + type + "' has no attribute '" + name + "'");
    }

    static Object slice(Object value, Optional<Long> start, Optional<Long> stop, Optional<Long> step) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (!(value instanceof Text) && !(value instanceof List<?>)) {
            throw new TemplateException("'" + PythonValues.typeName(value) + "' object is not subscriptable");
        }
        boolean plain = value instanceof Text text && PythonStrings.codePoints(text.value()) == text.length();
        List<Object> items = plain ? List.of() : PythonValues.items(value);
        int size = plain ? ((Text) value).length() : items.size();
        long stride = step.filter(bound -> bound != NO_BOUND).orElse(1L);
        if (stride == 0) {
            throw new TemplateException("slice step cannot be zero");
        }
        long from = bound(start, stride > 0 ? 0 : size - 1L, size, stride);
        long to = bound(stop, stride > 0 ? size : -1L, size, stride);
        if (plain && stride == 1) {
            return ((Text) value).substring((int) from, (int) to);
        }
        List<Object> source = plain ? PythonValues.items(value) : items;
        List<Object> chosen = new ArrayList<>();
        for (long index = from; stride > 0 ? index < to : index > to; index += stride) {
            chosen.add(source.get((int) index));
        }
        return switch (value) {
            case Text _ ->
                PythonStrings.join(
                        Text.EMPTY, chosen.stream().map(PythonValues::str).toList());
            case Tuple _ -> new Tuple(chosen);
            default -> chosen;
        };
    }

    private static long bound(Optional<Long> given, long otherwise, int size, long stride) {
        long bound = given.orElse(NO_BOUND);
        if (bound == NO_BOUND) {
            return otherwise;
        }
        long least = stride > 0 ? 0 : -1;
        long most = stride > 0 ? size : size - 1L;
        return Math.clamp(bound < 0 ? bound + size : bound, least, most);
    }
}
