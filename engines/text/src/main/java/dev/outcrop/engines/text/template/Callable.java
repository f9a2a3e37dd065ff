package dev.outcrop.engines.text.template;

import java.util.List;
import java.util.Map;

/** What a template can call: a macro, a function, a method of a value. */
@FunctionalInterface
interface Callable {
    Object call(Arguments arguments);

    /** What a call is given. */
    record Arguments(List<Object> positional, Map<String, Object> named) {
        static final Arguments NONE = new Arguments(List.of(), Map.of());

        /** The argument at {@code index} or called {@code name}, or {@code otherwise}. */
        Object get(int index, String name, Object otherwise) {
            if (index < positional.size()) {
                return positional.get(index);
            }
            return named.containsKey(name) ? named.get(name) : otherwise;
        }

        /** The argument at {@code index} or called {@code name}, which must be there. */
        Object require(int index, String name) {
            if (index >= positional.size() && !named.containsKey(name)) {
                throw new TemplateException("missing required argument '" + name + "'");
            }
            return get(index, name, null);
        }

        boolean has(int index, String name) {
            return index < positional.size() || named.containsKey(name);
        }

        Text text(int index, String name, String otherwise) {
            return PythonValues.str(get(index, name, Text.of(otherwise)));
        }

        long whole(int index, String name, long otherwise) {
            return PythonValues.whole(get(index, name, otherwise));
        }

        boolean truth(int index, String name, boolean otherwise) {
            return PythonValues.isTrue(get(index, name, otherwise));
        }
    }
}
