package dev.outcrop.engines.documents;

import java.time.Duration;

/**
 * What reading a document may cost.
 *
 * @param bytes      the longest file, in bytes
 * @param characters the longest text read of it
 * @param pages      the most pages
 * @param depth      how deep elements may nest
 * @param time       how long reading may take
 */
public record Limits(long bytes, int characters, int pages, int depth, Duration time) {
    /** Those of files in a knowledge base: 50 MB, 5,000 pages, 20 million characters, depth 100, two minutes. */
    public static final Limits KNOWLEDGE_BASE = new Limits(50_000_000, 20_000_000, 5_000, 100, Duration.ofMinutes(2));
}
