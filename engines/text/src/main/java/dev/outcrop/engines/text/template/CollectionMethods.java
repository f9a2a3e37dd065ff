package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.PythonValues.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Methods of dict and list. Those that change them are forbidden as in the sandbox, but for a list's {@code append}
 * and {@code pop}, which some templates cannot do without and llama.cpp allows: all values belong to one rendering.
 */
final class CollectionMethods {
    private static final Set<String> CHANGES_DICTIONARY = Set.of("clear", "pop", "popitem", "setdefault", "update");
    private static final Set<String> CHANGES_LIST = Set.of("clear", "extend", "insert", "remove", "reverse", "sort");

    private CollectionMethods() {}

    static Optional<Callable> of(Map<?, ?> map, String name) {
        if (CHANGES_DICTIONARY.contains(name)) {
            return Optional.of(arguments -> forbidden("dict", name));
        }
        return switch (name) {
            case "items" -> Optional.of(arguments -> pairs(map));
            case "keys" -> Optional.of(arguments -> new ArrayList<Object>(map.keySet()));
            case "values" -> Optional.of(arguments -> new ArrayList<Object>(map.values()));
            case "get" ->
                Optional.of(arguments -> {
                    Object key = arguments.require(0, "key");
                    return map.containsKey(key) ? map.get(key) : arguments.get(1, "default", null);
                });
            case "copy" -> Optional.of(arguments -> new LinkedHashMap<Object, Object>(map));
            default -> Optional.empty();
        };
    }

    @SuppressWarnings("unchecked") // Every list in a template holds template values.
    static Optional<Callable> of(List<?> list, String name) {
        if (CHANGES_LIST.contains(name)) {
            return Optional.of(arguments -> forbidden("list", name));
        }
        return switch (name) {
            case "copy" -> Optional.of(arguments -> new ArrayList<Object>(list));
            case "append" ->
                Optional.of(arguments -> {
                    ((List<Object>) list).add(arguments.require(0, "object"));
                    return null;
                });
            case "pop" ->
                Optional.of(arguments -> {
                    long index = arguments.whole(0, "index", -1);
                    long at = index < 0 ? index + list.size() : index;
                    if (at < 0 || at >= list.size()) {
                        throw new TemplateException("pop index out of range");
                    }
                    return list.remove((int) at);
                });
            case "count" ->
                Optional.of(arguments -> list.stream()
                        .filter(item -> PythonValues.equal(item, arguments.require(0, "value")))
                        .count());
            case "index" ->
                Optional.of(arguments -> {
                    for (int index = 0; index < list.size(); index++) {
                        if (PythonValues.equal(list.get(index), arguments.require(0, "value"))) {
                            return (long) index;
                        }
                    }
                    throw new TemplateException("the value is not in list");
                });
            default -> Optional.empty();
        };
    }

    static List<Object> pairs(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>(map.size());
        map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
        return pairs;
    }

    private static Object forbidden(String type, String name) {
        throw new TemplateException("access to attribute '" + name + "' of '" + type + "' object is unsafe.");
    }
}
