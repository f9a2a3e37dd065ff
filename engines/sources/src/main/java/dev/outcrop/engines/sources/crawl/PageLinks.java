package dev.outcrop.engines.sources.crawl;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * What a page of HTML says about itself and others.
 *
 * @param title     empty where it has none
 * @param canonical the address under which it wants to be known
 * @param links     the addresses that it leads to, in their order, the first 10,000
 */
record PageLinks(String title, Optional<URI> canonical, Set<URI> links) {
    private static final int MOST_LINKS = 10_000;
    private static final int LONGEST_TITLE = 500;

    /**
     * Reads a page.
     *
     * @param charset as the server says, if it does
     */
    static PageLinks of(byte[] html, Optional<String> charset, URI page) {
        Document document;
        try {
            document = Jsoup.parse(new ByteArrayInputStream(html), charset.orElse(null), page.toString());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        Set<URI> links = new LinkedHashSet<>();
        for (Element element : document.select("a[href], area[href], frame[src], iframe[src]")) {
            if (links.size() >= MOST_LINKS) {
                break;
            }
            PageAddress.of(element.absUrl(element.hasAttr("href") ? "href" : "src"))
                    .ifPresent(links::add);
        }
        Optional<URI> canonical = Optional.ofNullable(document.selectFirst("link[rel~=(?i)^canonical$][href]"))
                .flatMap(link -> PageAddress.of(link.absUrl("href")));
        String title = document.title().strip();
        return new PageLinks(
                title.length() > LONGEST_TITLE ? title.substring(0, LONGEST_TITLE) : title, canonical, links);
    }
}
