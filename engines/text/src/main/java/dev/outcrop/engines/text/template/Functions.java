package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.PythonValues.Namespace;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that a template finds: jinja2's and those that transformers adds. */
final class Functions {
    /** As in jinja2's sandbox. */
    private static final int MAXIMUM_RANGE = 100_000;

    private Functions() {}

    static Scope scope(Clock clock) {
        Scope scope = new Scope();
        scope.set("range", (Callable) Functions::range);
        scope.set("dict", (Callable) arguments -> keyed(arguments));
        scope.set("namespace", (Callable) Functions::namespace);
        scope.set("joiner", (Callable) Functions::joiner);
        scope.set("raise_exception", (Callable) arguments -> {
            throw new TemplateException(
                    PythonValues.str(arguments.require(0, "message")).value(), true);
        });
        scope.set("strftime_now", (Callable) arguments -> Text.of(TimeFormat.format(
                PythonValues.str(arguments.require(0, "format")).value(), ZonedDateTime.now(clock))));
        return scope;
    }

    private static Object range(Callable.Arguments arguments) {
        List<Object> bounds = arguments.positional();
        long start = bounds.size() > 1 ? PythonValues.whole(bounds.get(0)) : 0;
        long stop = PythonValues.whole(bounds.size() > 1 ? bounds.get(1) : arguments.require(0, "stop"));
        long step = bounds.size() > 2 ? PythonValues.whole(bounds.get(2)) : 1;
        if (step == 0) {
            throw new TemplateException("range() arg 3 must not be zero");
        }
        List<Object> numbers = new ArrayList<>();
        for (long number = start; step > 0 ? number < stop : number > stop; number += step) {
            numbers.add(number);
            if (numbers.size() > MAXIMUM_RANGE) {
                throw new TemplateException(
                        "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + MAXIMUM_RANGE + ").");
            }
        }
        return numbers;
    }

    private static Map<Object, Object> keyed(Callable.Arguments arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (!arguments.positional().isEmpty()) {
            switch (arguments.positional().getFirst()) {
                case Map<?, ?> given -> map.putAll(given);
                case null, default -> {
                    for (Object pair : PythonValues.items(arguments.positional().getFirst())) {
                        List<Object> entry = PythonValues.items(pair);
                        map.put(entry.getFirst(), entry.get(1));
                    }
                }
            }
        }
        arguments.named().forEach((name, value) -> map.put(Text.of(name), value));
        return map;
    }

    private static Object namespace(Callable.Arguments arguments) {
        Map<String, Object> values = new LinkedHashMap<>();
        keyed(arguments).forEach((name, value) -> values.put(name.toString(), value));
        return new Namespace(values);
    }

    private static Object joiner(Callable.Arguments arguments) {
        Text separator = arguments.text(0, "sep", ", ");
        boolean[] used = {false};
        return (Callable) none -> {
            boolean first = !used[0];
            used[0] = true;
            return first ? Text.EMPTY : separator;
        };
    }
}
