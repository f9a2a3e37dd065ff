package dev.outcrop.engines.sources.crawl;

import dev.outcrop.engines.sources.Patterns;
import dev.outcrop.engines.sources.SourceLimits;
import dev.outcrop.engines.web.Reach;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What is crawled, and how politely.
 *
 * @param seeds          where the crawl begins, 1 to 100 URLs
 * @param scope          which pages belong to it
 * @param filters        for whole URLs
 * @param pagesPerMinute of one host, 1 to 300
 * @param depth          how many links a page may be away from a seed; documents that a page refers to are one further
 * @param userAgent      what sites know the crawler by, such as {@code bedrockbot_0a1b2c3d-mySuffix}; the rules for it are
 *                       those of robots.txt for its longest name there, so also those for {@code bedrockbot}
 * @param limits         how many pages there may be, how large each, and how long all may take
 * @param reach          which addresses may be crawled
 * @param folder         where pages are kept while a listing is used
 */
public record CrawlSettings(
        List<URI> seeds,
        Scope scope,
        Patterns filters,
        int pagesPerMinute,
        int depth,
        String userAgent,
        SourceLimits limits,
        Reach reach,
        Path folder) {
    public CrawlSettings {
        seeds = List.copyOf(seeds);
        if (seeds.isEmpty() || seeds.size() > 100) {
            throw new IllegalArgumentException("seeds must be between 1 and 100, but are " + seeds.size());
        }
        if (pagesPerMinute < 1) {
            throw new IllegalArgumentException("pagesPerMinute must be at least 1, but is " + pagesPerMinute);
        }
    }

    /** Which pages belong to a crawl, each as seen from its seed. */
    public enum Scope {
        /** Bedrock's default: those of the seed's host whose path begins with the seed's. */
        PATH,
        /** HOST_ONLY: all of the seed's host. */
        HOST,
        /** SUBDOMAINS: all of the seed's primary domain, so with {@code aws.amazon.com} all of {@code amazon.com}. */
        SUBDOMAINS
    }
}
