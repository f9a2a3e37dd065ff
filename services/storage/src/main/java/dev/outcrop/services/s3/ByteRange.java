package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes of an object.
 *
 * @param first the first one's place
 */
record ByteRange(long first, long length) {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * What {@code header} asks for; empty for the whole object, also where it cannot be understood (RFC 9110, 14.2).
     *
     * @throws AwsError {@code InvalidRange} if no byte of the object is meant
     */
    static Optional<ByteRange> parse(String header, long size) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher matcher = RANGE.matcher(header.strip());
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            long suffix = Math.min(Long.parseLong(matcher.group(2)), size);
            if (suffix == 0) {
                throw unsatisfiable(header, size);
            }
            return Optional.of(new ByteRange(size - suffix, suffix));
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
        if (last < first) {
            return Optional.empty();
        }
        if (first >= size) {
            throw unsatisfiable(header, size);
        }
        return Optional.of(new ByteRange(first, Math.min(last, size - 1) - first + 1));
    }

    private static AwsError unsatisfiable(String header, long size) {
        return new AwsError(
                "InvalidRange",
                416,
                "The requested range is not satisfiable",
                Errors.details("RangeRequested", header, "ActualObjectSize", String.valueOf(size)));
    }

    /** As the header {@code Content-Range} says it. */
    String of(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
