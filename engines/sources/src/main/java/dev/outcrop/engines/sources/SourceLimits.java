package dev.outcrop.engines.sources;

import java.time.Duration;

/**
 * How much one listing, and one document, may take.
 *
 * @param documents    how many a source may have; more make the listing fail
 * @param documentSize in bytes; larger ones fail alone
 * @param listing      how long all of a listing may last
 * @param call         how long one answer of the other side may last
 */
public record SourceLimits(int documents, int documentSize, Duration listing, Duration call) {
    /** A million documents of 50 MB, which is the quota of AWS for a file of a knowledge base, in six hours. */
    public static final SourceLimits USUAL =
            new SourceLimits(1_000_000, 50 * 1024 * 1024, Duration.ofHours(6), Duration.ofSeconds(60));
}
