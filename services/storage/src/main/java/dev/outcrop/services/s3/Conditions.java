package dev.outcrop.services.s3;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.storage.buckets.ObjectVersion;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Conditions of reads, in their order of precedence.
 *
 * <p>Source: RFC 9110, section 13.2.2; "GetObject", Amazon S3 API reference.
 *
 * @param match           an entity tag, or null; so are the others
 * @param noneMatch       an entity tag
 * @param modifiedSince   in seconds
 * @param unmodifiedSince in seconds
 */
record Conditions(String match, String noneMatch, Instant modifiedSince, Instant unmodifiedSince) {
    /** @throws AwsError {@code PreconditionFailed} or {@code NotModified} */
    void check(ObjectVersion version) {
        Instant modified = version.modifiedAt().truncatedTo(ChronoUnit.SECONDS);
        if (match != null) {
            if (!matches(match, version)) {
                throw Errors.preconditionFailed("If-Match");
            }
        } else if (unmodifiedSince != null && modified.isAfter(unmodifiedSince)) {
            throw Errors.preconditionFailed("If-Unmodified-Since");
        }
        if (noneMatch != null) {
            if (matches(noneMatch, version)) {
                throw Errors.notModified();
            }
        } else if (modifiedSince != null && !modified.isAfter(modifiedSince)) {
            throw Errors.notModified();
        }
    }

    /** The same for the source of a copy, where all that does not hold is a failure. */
    void checkSource(ObjectVersion version) {
        try {
            check(version);
        } catch (AwsError error) {
            throw error.status() == 412
                    ? Errors.preconditionFailed(
                            "x-amz-copy-source-" + error.details().get("Condition"))
                    : Errors.preconditionFailed(
                            noneMatch != null
                                    ? "x-amz-copy-source-If-None-Match"
                                    : "x-amz-copy-source-If-Modified-Since");
        }
    }

    /** Whether what is under a key lets itself be overwritten. */
    static void checkWrite(String key, String match, String noneMatch, Optional<ObjectVersion> current) {
        Optional<ObjectVersion> present = current.filter(version -> !version.deleteMarker());
        if (noneMatch != null) {
            if (!noneMatch.equals("*")) {
                throw new AwsError(
                        "NotImplemented",
                        501,
                        "A header you provided implies functionality that is not implemented",
                        Errors.details(
                                "Header",
                                "If-None-Match",
                                "additionalMessage",
                                "We don't accept the provided value of If-None-Match header for this API"));
            }
            if (present.isPresent()) {
                throw Errors.preconditionFailed("If-None-Match");
            }
        }
        if (match != null && !matches(match, present.orElseThrow(() -> Errors.noSuchKey(key)))) {
            throw Errors.preconditionFailed("If-Match");
        }
    }

    private static boolean matches(String tags, ObjectVersion version) {
        for (String tag : tags.split(",")) {
            if (tag.strip().equals("*")
                    || unquoted(tag.strip()).equals(version.content().etag())) {
                return true;
            }
        }
        return false;
    }

    static String unquoted(String tag) {
        String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
        return strong.length() > 1 && strong.startsWith("\"") && strong.endsWith("\"")
                ? strong.substring(1, strong.length() - 1)
                : strong;
    }

    static String quoted(String tag) {
        return '"' + tag + '"';
    }
}
