package dev.outcrop.kernel;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a call stands in a trace that may have begun elsewhere.
 *
 * <p>Source: "Trace Context", version 1, W3C.
 */
public final class Trace {
    private static final Pattern PARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);

    private final String traceId;
    private final String spanId = hexadecimal(1);
    private final Optional<String> parentId;

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

    /** The id of a new span, 16 hexadecimal digits. */
    public static String newSpanId() {
        return hexadecimal(1);
    }

    private static String hexadecimal(int words) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        StringBuilder digits = new StringBuilder(16 * words);
        for (int i = 0; i < words; i++) {
            digits.append(HexFormat.of().toHexDigits(random.nextLong(1, Long.MAX_VALUE)));
        }
        return digits.toString();
    }
}
