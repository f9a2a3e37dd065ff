package dev.outcrop.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import software.amazon.awssdk.utils.Lazy;

/** What has to be closed at the end, the last first. */
final class Parts implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** Has {@code part} closed. */
    <T extends AutoCloseable> T closedAtTheEnd(T part) {
        parts.push(part);
        return part;
    }

    /** What is made when it is first asked for, and closed if it was made. */
    <T extends AutoCloseable> Supplier<T> lazily(Supplier<T> maker) {
        Lazy<T> part = new Lazy<>(maker);
        parts.push(() -> {
            if (part.hasValue()) {
                part.getValue().close();
            }
        });
        return part::getValue;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failure) {
                System.getLogger(Parts.class.getName()).log(System.Logger.Level.WARNING, "could not close", failure);
            }
        }
    }
}
