package dev.outcrop.kernel;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Some of a list's items, in its order.
 *
 * @param nextToken what asks for those that follow, if any do
 */
public record Page<T>(List<T> items, Optional<String> nextToken) {
    public Page {
        items = List.copyOf(items);
    }

    /** The page with each item turned into something else, such as a summary. */
    public <S> Page<S> map(Function<T, S> mapping) {
        return new Page<>(items.stream().map(mapping).toList(), nextToken);
    }
}
