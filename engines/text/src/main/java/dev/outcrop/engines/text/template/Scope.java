package dev.outcrop.engines.text.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The names that a part of a template sees: its own and those of the parts around it. */
final class Scope {
    private final Map<String, Object> values = new HashMap<>();
    private final Optional<Scope> outer;

    Scope() {
        outer = Optional.empty();
    }

    Scope(Scope outer) {
        this.outer = Optional.of(outer);
    }

    Object get(String name) {
        Scope scope = this;
        while (true) {
            Object value = scope.values.get(name);
            if (value != null || scope.values.containsKey(name)) {
                return value;
            }
            if (scope.outer.isEmpty()) {
                return new PythonValues.Undefined("'" + name + "' is undefined");
            }
            scope = scope.outer.get();
        }
    }

    void set(String name, Object value) {
        values.put(name, value);
    }
}
