package dev.outcrop.kernel;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a call stands in a trace that may have begun elsewhere, and the parts that its own time is made of.
 *
 * <p>Source: "Trace Context", version 1, W3C.
 */
public final class Trace {
    private static final Pattern PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);
    private static final int MOST_PARTS = 128;

    private final String traceId;
    private final String spanId = hexadecimal(1);
    private final Optional<String> parentId;
    private final List<Part> parts = new CopyOnWriteArrayList<>();

    private Trace(String traceId, Optional<String> parentId) {
        this.traceId = traceId;
        this.parentId = parentId;
    }

    /** The trace that the header {@code traceparent} names; a new one where there is none or it is malformed. */
    static Trace of(Optional<String> header) {
        if (header.isPresent()) {
            Matcher parent = PARENT.matcher(header.get().strip());
            if (parent.matches()
                    && !parent.group(1).equals(NO_TRACE)
                    && !parent.group(2).equals(NO_SPAN)) {
                return new Trace(parent.group(1), Optional.of(parent.group(2)));
            }
        }
        return new Trace(hexadecimal(2), Optional.empty());
    }

    /** A span's place below this one, as the header {@code traceparent} writes it. */
    public String traceParent() {
        return "00-" + traceId + "-" + spanId + "-01";
    }

    /** 32 hexadecimal digits. */
    public String traceId() {
        return traceId;
    }

    /** The call's own span, 16 hexadecimal digits. */
    public String spanId() {
        return spanId;
    }

    /** The span that the call was made in, if it came with one. */
    public Optional<String> parentId() {
        return parentId;
    }

    /**
     * Adds a part, such as the time that a model took; it becomes a span below the call's. Beyond 128 parts none is kept.
     *
     * @param attributes what there is to say of it, by OpenTelemetry's names
     */
    public void add(String name, Instant start, Duration duration, Map<String, String> attributes) {
        if (parts.size() < MOST_PARTS) {
            parts.add(new Part(name, hexadecimal(1), start, duration, Map.copyOf(attributes)));
        }
    }

    /** The parts that were added. */
    public List<Part> parts() {
        return List.copyOf(parts);
    }

    private static String hexadecimal(int words) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        StringBuilder digits = new StringBuilder(16 * words);
        for (int i = 0; i < words; i++) {
            digits.append(HexFormat.of().toHexDigits(random.nextLong(1, Long.MAX_VALUE)));
        }
        return digits.toString();
    }

    /** A part of a call's time. */
    public record Part(String name, String spanId, Instant start, Duration duration, Map<String, String> attributes) {}
}
