package dev.outcrop.engines.sources.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.sources.DocumentSource.Failure;
import dev.outcrop.engines.sources.DocumentSource.Listing;
import dev.outcrop.engines.sources.Patterns;
import dev.outcrop.engines.sources.SourceDocument;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.sources.SourceLimits;
import dev.outcrop.engines.sources.crawl.CrawlSettings.Scope;
import dev.outcrop.engines.web.PlayedServer;
import dev.outcrop.engines.web.PlayedServer.Reply;
import dev.outcrop.engines.web.Reach;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WebCrawlerTest {
    private static final Reach LOOPBACK = Reach.PUBLIC.and(List.of("localhost"));
    private static final SourceLimits LIMITS =
            new SourceLimits(50, 100_000, Duration.ofSeconds(100), Duration.ofSeconds(20));

    @TempDir
    private Path folder;

    private final Map<String, Reply> pages = new HashMap<>(Map.of("/robots.txt", Reply.of(404)));

    @Test
    void pagesThatLinksLeadToAreFoundOnceEach() throws Exception {
        page("/", "<title>Home</title><a href='a'>A</a><a href='/b#x'>B</a><a href='mailto:x@example.com'>C</a>");
        page("/a", "<a href='/'>home</a><a href='/b?'>B</a><a href='/b'>B</a><a href='picture.png'>P</a>");
        page("/b", "<iframe src='/c'></iframe>");
        page("/c", "deep");
        try (PlayedServer site = site();
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            Listing listing = crawler.list();

            assertThat(listing.documents().stream().map(document -> path(document)))
                    .containsExactlyInAnyOrder("/", "/a", "/b", "/c");
            assertThat(listing.failures()).isEmpty();
            assertThat(listing.complete()).isTrue();
            SourceDocument home = document(listing, "/");
            assertThat(home.name()).isEqualTo("Home");
            assertThat(home.mediaType()).isEqualTo("text/html; charset=utf-8");
            assertThat(new String(home.content().open().readAllBytes(), UTF_8)).contains("<title>Home</title>");
            assertThat(site.targets()).doesNotHaveDuplicates().doesNotContain("/picture.png");
            assertThat(site.requests())
                    .allSatisfy(
                            request -> assertThat(request.headers()).containsEntry("user-agent", "bedrockbot_test"));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aVersionIsThatOfTheContent() {
        page("/", "one");
        try (PlayedServer site = site();
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            String first = document(crawler.list(), "/").version();
            String again = document(crawler.list(), "/").version();
            page("/", "two");
            String changed = document(crawler.list(), "/").version();

            assertThat(again).isEqualTo(first);
            assertThat(changed).isNotEqualTo(first);
        }
    }

    @Test
    void whatRobotsTxtDisallowsIsNotAskedFor() {
        pages.put("/robots.txt", Reply.html("User-agent: bedrockbot\nDisallow: /private\n"));
        page("/", "<a href='/private/x'>x</a><a href='/public'>y</a>");
        page("/private/x", "secret");
        page("/public", "fine");
        try (PlayedServer site = site();
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            Listing listing = crawler.list();

            assertThat(listing.documents()).hasSize(2);
            assertThat(site.targets()).doesNotContain("/private/x");
        }
    }

    @Test
    void aSiteWhoseRobotsTxtFailsIsLeftAlone() {
        pages.put("/robots.txt", Reply.of(500));
        page("/", "hello");
        try (PlayedServer site = site();
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            Listing listing = crawler.list();

            assertThat(listing.documents()).isEmpty();
            assertThat(listing.failures())
                    .extracting(Failure::reason)
                    .containsExactly("The robots.txt of the site cannot be had");
            assertThat(listing.complete()).isFalse();
            assertThat(site.targets()).containsExactly("/robots.txt");
        }
    }

    @Test
    void aHugeRobotsTxtIsReadToItsLimit() {
        pages.put("/robots.txt", Reply.html("User-agent: *\nDisallow: /no\n" + "#".repeat(3_000_000)));
        page("/", "<a href='/no'>no</a>");
        page("/no", "no");
        try (PlayedServer site = site();
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            assertThat(crawler.list().documents()).hasSize(1);
        }
    }

    @Test
    void endlessLinksEndInTheLimitOfPages() {
        AtomicInteger number = new AtomicInteger();
        try (PlayedServer site = new PlayedServer(request -> request.path().equals("/robots.txt")
                        ? Reply.of(404)
                        : Reply.html("<a href='/p" + number.incrementAndGet() + "'>next</a><a href='?s="
                                + number.incrementAndGet() + "'>again</a>"));
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            assertThatThrownBy(crawler::list)
                    .isInstanceOf(SourceException.class)
                    .hasMessage("The crawl found more than 50 pages");
        }
    }

    @Test
    void aPathThatRepeatsItselfIsNoTrap() {
        try (PlayedServer site = new PlayedServer(request -> request.path().equals("/robots.txt")
                        ? Reply.of(404)
                        : Reply.html("<a href='deeper/'>deeper</a>"));
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            assertThat(crawler.list().documents()).hasSize(5);
        }
    }

    @Test
    void aBodyWithoutEndIsOneFailedPage() {
        page("/", "<a href='/endless'>e</a><a href='/fine'>f</a>");
        page("/fine", "fine");
        try (PlayedServer site = new PlayedServer((request, exchange) -> {
                    Reply reply = pages.getOrDefault(request.target(), Reply.html(""));
                    reply.headers().forEach(exchange.getResponseHeaders()::set);
                    exchange.sendResponseHeaders(reply.status(), 0);
                    exchange.getResponseBody().write(reply.body());
                    byte[] piece = new byte[8192];
                    while (request.target().equals("/endless")) {
                        exchange.getResponseBody().write(piece);
                    }
                });
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            Listing listing = crawler.list();

            assertThat(listing.documents()).hasSize(2);
            assertThat(listing.failures())
                    .extracting(Failure::reason)
                    .containsExactly("The page is larger than 100000 bytes");
        }
    }

    @Test
    void aHostThatFailsAgainAndAgainIsGivenUp() {
        StringBuilder links = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            links.append("<a href='/broken").append(i).append("'>s</a>");
        }
        page("/", links.toString());
        try (PlayedServer site = new PlayedServer(request -> request.target().startsWith("/broken")
                        ? Reply.of(500)
                        : pages.getOrDefault(request.target(), Reply.of(404)));
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            Listing listing = crawler.list();

            assertThat(listing.complete()).isFalse();
            assertThat(listing.failures())
                    .last()
                    .extracting(Failure::reason)
                    .asString()
                    .contains("10 times in a row");
            assertThat(site.requests()).hasSize(12);
        }
    }

    @Test
    void redirectsArePagesOfTheSameRules() {
        page(
                "/",
                "<a href='/in'>1</a><a href='/out'>2</a><a href='/loop'>3</a><a href='/inside'>4</a><a href='/new'>5</a>");
        pages.put("/in", Reply.redirect("/new"));
        pages.put("/out", Reply.redirect("http://other.example.com/"));
        pages.put("/loop", Reply.redirect("/loop"));
        pages.put("/inside", Reply.redirect("http://169.254.169.254/latest/meta-data"));
        page("/new", "new");
        try (PlayedServer site = site();
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            Listing listing = crawler.list();

            assertThat(listing.documents().stream().map(document -> path(document)))
                    .containsExactlyInAnyOrder("/", "/new");
        }
    }

    @Test
    void aSeedThatLeadsElsewhereSaysSo() {
        pages.put("/", Reply.redirect("http://other.example.com/"));
        try (PlayedServer site = site();
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            assertThat(crawler.list().failures())
                    .extracting(Failure::reason)
                    .containsExactly("It redirects to http://other.example.com/, which the crawl does not include");
        }
    }

    @Test
    void privateAddressesAreNotCrawledUnlessAllowed() {
        page("/", "internal");
        try (PlayedServer site = site();
                WebCrawler crawler =
                        new WebCrawler(settings(site, Scope.HOST, LIMITS, Patterns.ALL, Reach.PUBLIC, "/"))) {
            Listing listing = crawler.list();

            assertThat(listing.documents()).isEmpty();
            assertThat(site.requests()).isEmpty();
        }
    }

    @Test
    void filtersApplyToWholeAddressesAndExclusionWins() {
        page("/", "<a href='/docs/a'>a</a><a href='/docs/b'>b</a><a href='/blog'>c</a>");
        page("/docs/a", "a");
        page("/docs/b", "b");
        page("/blog", "blog");
        Patterns filters = new Patterns(List.of(".*/docs/.*", ".*/"), List.of(".*/b"));
        try (PlayedServer site = site();
                WebCrawler crawler = new WebCrawler(settings(site, Scope.HOST, LIMITS, filters, LOOPBACK, "/"))) {
            assertThat(crawler.list().documents().stream().map(document -> path(document)))
                    .containsExactlyInAnyOrder("/", "/docs/a");
        }
    }

    @Test
    @Timeout(20)
    void patternsThatBacktrackElsewhereAreHarmless() {
        Patterns filters = new Patterns(List.of(), List.of("(a+)+$", "(x|x)*y"));

        assertThat(filters.want("a".repeat(10_000) + "!")).isTrue();
        assertThatThrownBy(() -> new Patterns(List.of("("), List.of())).isInstanceOf(SourceException.class);
        assertThatThrownBy(() -> new Patterns(List.of("(?<=a)b"), List.of())).isInstanceOf(SourceException.class);
    }

    @Test
    void documentsAreFetchedFromAnywhereAndOnlyThey() {
        try (PlayedServer elsewhere = new PlayedServer(request -> switch (request.path()) {
                    case "/manual.pdf" -> new Reply(200, Map.of("Content-Type", "application/pdf"), new byte[] {1, 2});
                    case "/trick.pdf" -> Reply.html("<a href='/more'>more</a>");
                    default -> Reply.of(404);
                });
                PlayedServer site = site();
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            page(
                    "/",
                    "<a href='" + elsewhere.at("/manual.pdf") + "'>m</a><a href='" + elsewhere.at("/trick.pdf")
                            + "'>t</a><a href='" + elsewhere.at("/page") + "'>p</a>");

            Listing listing = crawler.list();

            assertThat(listing.documents())
                    .extracting(SourceDocument::mediaType)
                    .containsExactlyInAnyOrder("text/html; charset=utf-8", "application/pdf");
            assertThat(elsewhere.targets()).doesNotContain("/page", "/more");
        }
    }

    @Test
    void aPageWithACanonicalAddressIsThatPage() {
        page("/", "<a href='/a?session=1'>1</a><a href='/a?session=2'>2</a>");
        page("/a?session=1", "<link rel='canonical' href='/a'>text");
        page("/a?session=2", "<link rel='canonical' href='/a'>text");
        try (PlayedServer site = site();
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            assertThat(crawler.list().documents().stream().map(document -> path(document)))
                    .containsExactlyInAnyOrder("/", "/a");
        }
    }

    @Test
    void aBusySiteIsAskedAgain() {
        AtomicInteger asked = new AtomicInteger();
        try (PlayedServer site = new PlayedServer(request -> {
                    if (request.path().equals("/robots.txt")) {
                        return Reply.of(404);
                    }
                    return asked.incrementAndGet() == 1 ? Reply.of(503).with("Retry-After", "0") : Reply.html("here");
                });
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            assertThat(crawler.list().documents()).hasSize(1);
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void aPageThatFailsMakesTheListingIncompleteAndOneThatIsGoneDoesNot() {
        page("/", "<a href='/gone'>g</a>");
        try (PlayedServer site = site();
                WebCrawler crawler = crawler(site, Scope.HOST, LIMITS, "/")) {
            assertThat(crawler.list().complete()).isTrue();

            pages.put("/gone", Reply.of(500));
            assertThat(crawler.list().complete()).isFalse();
        }
    }

    private void page(String target, String html) {
        pages.put(target, Reply.html(html));
    }

    private PlayedServer site() {
        return new PlayedServer(request -> pages.getOrDefault(request.target(), Reply.of(404)));
    }

    private WebCrawler crawler(PlayedServer site, Scope scope, SourceLimits limits, String seed) {
        return new WebCrawler(settings(site, scope, limits, Patterns.ALL, LOOPBACK, seed));
    }

    private CrawlSettings settings(
            PlayedServer site, Scope scope, SourceLimits limits, Patterns filters, Reach reach, String seed) {
        return new CrawlSettings(
                List.of(site.at(seed)), scope, filters, 60_000, 100, "bedrockbot_test", limits, reach, folder);
    }

    private static SourceDocument document(Listing listing, String path) {
        return listing.documents().stream()
                .filter(document -> path(document).equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static String path(SourceDocument document) {
        URI uri = URI.create(document.uri());
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }
}
