package dev.outcrop.engines.sources.crawl;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.http.conn.util.PublicSuffixMatcher;
import org.apache.http.conn.util.PublicSuffixMatcherLoader;

/** Which pages belong to a crawl. A primary domain is told by the list of public suffixes, so that co.uk is none. */
final class CrawlScope {
    private final List<URI> seeds;
    private final CrawlSettings.Scope scope;

    /** @param seeds addresses in their one form */
    CrawlScope(List<URI> seeds, CrawlSettings.Scope scope) {
        this.seeds = List.copyOf(seeds);
        this.scope = scope;
    }

    boolean contains(URI page) {
        return seeds.stream().anyMatch(seed -> switch (scope) {
            case PATH -> isSameHost(seed, page) && isBelow(seed.getRawPath(), page.getRawPath());
            case HOST -> isSameHost(seed, page);
            case SUBDOMAINS -> isSameHost(seed, page) || isSameDomain(seed, page);
        });
    }

    private static boolean isSameHost(URI seed, URI page) {
        return seed.getHost().equals(page.getHost()) && seed.getPort() == page.getPort();
    }

    private static boolean isBelow(String seed, String page) {
        int slash = seed.lastIndexOf('/');
        boolean isFile = seed.indexOf('.', slash) >= 0;
        String folder = isFile ? seed.substring(0, slash) : seed.endsWith("/") ? seed.substring(0, slash) : seed;
        return page.equals(folder) || page.startsWith(folder + "/");
    }

    private static boolean isSameDomain(URI seed, URI page) {
        Optional<String> domain = domain(seed.getHost());
        return seed.getPort() == page.getPort() && domain.isPresent() && domain.equals(domain(page.getHost()));
    }

    private static Optional<String> domain(String host) {
        boolean isAddress = host.startsWith("[") || Character.isDigit(host.charAt(host.length() - 1));
        return isAddress ? Optional.empty() : Optional.ofNullable(Suffixes.LIST.getDomainRoot(host));
    }

    /** Read when first needed. */
    private static final class Suffixes {
        private static final PublicSuffixMatcher LIST = PublicSuffixMatcherLoader.getDefault();
    }
}
