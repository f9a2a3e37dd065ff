package dev.outcrop.engines.text.template;

import dev.outcrop.engines.text.template.PythonValues.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code loop} variable. */
final class Loop implements Callable {
    private final List<Object> items;
    private final int depth;
    private final Optional<Callable> again;
    private int index = -1;
    private Optional<List<Object>> lastChanged = Optional.empty();

    /**
     * A loop.
     *
     * @param depth 0 for the outermost
     * @param again what {@code loop(…)} of a recursive loop does
     */
    Loop(List<Object> items, int depth, Optional<Callable> again) {
        this.items = items;
        this.depth = depth;
        this.again = again;
    }

    void advance() {
        index++;
    }

    int depth() {
        return depth;
    }

    @Override
    public Object call(Arguments arguments) {
        return again.orElseThrow(() -> new TemplateException("The loop must have the 'recursive' marker to be called"))
                .call(arguments);
    }

    Object attribute(String name) {
        return switch (name) {
            case "index" -> index + 1L;
            case "index0" -> (long) index;
            case "first" -> index == 0;
            case "last" -> index == items.size() - 1;
            case "length" -> (long) items.size();
            case "revindex" -> (long) items.size() - index;
            case "revindex0" -> items.size() - index - 1L;
            case "depth" -> depth + 1L;
            case "depth0" -> (long) depth;
            case "previtem" -> index > 0 ? items.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" -> index < items.size() - 1 ? items.get(index + 1) : new Undefined("there is no next item");
            case "cycle" ->
                (Callable) arguments -> arguments
                        .positional()
                        .get(index % arguments.positional().size());
            case "changed" -> (Callable) this::changed;
            default -> new Undefined("'loop' has no attribute '" + name + "'");
        };
    }

    private boolean changed(Arguments arguments) {
        boolean changed = lastChanged.isEmpty() || !PythonValues.equal(lastChanged.get(), arguments.positional());
        lastChanged = Optional.of(new ArrayList<>(arguments.positional()));
        return changed;
    }
}
