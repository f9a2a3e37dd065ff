package dev.outcrop.engines.sources.crawl;

import dev.outcrop.engines.sources.DocumentSource;
import dev.outcrop.engines.sources.SourceDocument;
import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.web.RestCalls;
import dev.outcrop.engines.web.WebCalls;
import dev.outcrop.engines.web.WebCalls.UnansweredException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A web site as a source: pages of HTML that links lead to from the seeds, breadth first, as long as they belong to the scope
 * and the filters want them, and the documents that these pages refer to, wherever those are. What robots.txt disallows is not
 * asked for; redirects are followed step by step under the same rules.
 *
 * <p>A document's version is the digest of its bytes. Its metadata are {@code title}, where the page has one, and
 * {@code lastModified}, where the server tells.
 *
 * <p>Every address is fetched at most once, under its normal form; a page that names a canonical address of the same scope is
 * that page. Limits: the settings', ten addresses in line for each document allowed (at least 10,000), URLs of 2,048 characters,
 * ten redirects, and a host is given up that fails ten times in a row.
 */
public final class WebCrawler implements DocumentSource {
    private static final int MOST_REDIRECTS = 10;
    private static final int MOST_FAILURES_IN_A_ROW = 10;
    private static final int MOST_ATTEMPTS = 3;
    private static final int LEAST_FRONTIER = 10_000;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private static final Set<Integer> LATER = Set.of(429, 503);

    private final CrawlSettings settings;
    private final InstantSource clock;
    private final WebCalls web;
    private Optional<Path> kept = Optional.empty();

    public WebCrawler(CrawlSettings settings) {
        this(settings, InstantSource.system());
    }

    WebCrawler(CrawlSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.web = new WebCalls(settings.limits().call(), settings.limits().documentSize(), settings.reach());
    }

    @Override
    public Listing list() {
        discard();
        try {
            Files.createDirectories(settings.folder());
            Path folder = Files.createTempDirectory(settings.folder(), "crawl");
            kept = Optional.of(folder);
            try (Robots robots = new Robots(settings)) {
                return new Crawl(folder, robots).run();
            }
        } catch (IOException unwritable) {
            throw new SourceException("Pages cannot be kept: " + unwritable.getMessage(), unwritable);
        }
    }

    @Override
    public void close() {
        discard();
        web.close();
    }

    private void discard() {
        kept.ifPresent(WebCrawler::delete);
        kept = Optional.empty();
    }

    /** One walk through the site. */
    private final class Crawl {
        private final Path folder;
        private final Robots robots;
        private final List<URI> seeds;
        private final CrawlScope scope;
        private final Frontier frontier;
        private final Instant end = clock.instant().plus(settings.limits().listing());
        private final Map<URI, SourceDocument> documents = new HashMap<>();
        private final List<Failure> failures = new ArrayList<>();
        private final Map<String, Integer> failuresInARow = new HashMap<>();
        private boolean complete = true;

        Crawl(Path folder, Robots robots) {
            this.folder = folder;
            this.robots = robots;
            this.seeds = settings.seeds().stream()
                    .map(seed -> PageAddress.of(seed.toString())
                            .orElseThrow(() -> new SourceException("The seed URL " + seed + " is none of the web")))
                    .toList();
            this.scope = new CrawlScope(seeds, settings.scope());
            long most = Math.max(LEAST_FRONTIER, 10L * settings.limits().documents());
            this.frontier = new Frontier(Duration.ofMinutes(1).dividedBy(settings.pagesPerMinute()), (int)
                    Math.min(most, Integer.MAX_VALUE));
        }

        Listing run() throws IOException {
            seeds.forEach(seed -> frontier.add(seed, 0, false));
            for (Optional<Frontier.Due> due = frontier.next(); due.isPresent(); due = frontier.next()) {
                pause(due.get().time());
                visit(due.get().entry());
            }
            return new Listing(documents.values().stream().toList(), failures, complete && !frontier.overflowed());
        }

        private void visit(Frontier.Entry entry) throws IOException {
            URI page = entry.page();
            for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
                RobotsRules rules = robots.of(page);
                frontier.slow(page, rules.delay());
                if (!rules.allow(PageAddress.target(page))) {
                    disallowed(entry, page, rules);
                    return;
                }
                if (redirects > 0) {
                    pause(frontier.due(page));
                }
                Optional<HttpResponse<byte[]>> answer = fetch(entry, page);
                if (answer.isEmpty()) {
                    return;
                }
                if (answer.get().statusCode() / 100 != 3) {
                    take(entry, page, answer.get());
                    return;
                }
                Optional<URI> next = Redirects.target(page, answer.get());
                if (next.isEmpty() || !isWanted(next.get(), entry.document())) {
                    if (entry.depth() == 0) {
                        failures.add(new Failure(
                                entry.page().toString(),
                                "It redirects to "
                                        + next.map(URI::toString).orElse("no page of the web")
                                        + ", which the crawl does not include"));
                    }
                    return;
                }
                if (!frontier.note(next.get())) {
                    return;
                }
                page = next.get();
            }
            failures.add(new Failure(entry.page().toString(), "It redirects more than " + MOST_REDIRECTS + " times"));
        }

        /** A site whose rules cannot be had may still have the page; what a site forbids is as good as gone. */
        private void disallowed(Frontier.Entry entry, URI page, RobotsRules rules) {
            if (rules == RobotsRules.UNKNOWN) {
                complete = false;
                failures.add(new Failure(entry.page().toString(), "The robots.txt of the site cannot be had"));
            } else if (entry.depth() == 0) {
                failures.add(new Failure(page.toString(), "robots.txt does not allow this page"));
            }
        }

        private boolean isWanted(URI page, boolean document) {
            String ending = PageAddress.ending(page);
            return settings.filters().want(page.toString())
                    && (scope.contains(page)
                            ? MediaTypes.isWorthAsking(ending)
                            : document || MediaTypes.isDocument(ending));
        }

        private Optional<HttpResponse<byte[]>> fetch(Frontier.Entry entry, URI page) {
            frontier.asked(page, clock.instant());
            String origin = RestCalls.origin(page);
            try {
                HttpRequest request = HttpRequest.newBuilder(page)
                        .header("User-Agent", settings.userAgent())
                        .header("Accept", "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5")
                        .GET()
                        .build();
                HttpResponse<byte[]> answer = web.answer(
                        request,
                        head -> head.statusCode() == 200
                                && MediaTypes.isWanted(MediaTypes.of(
                                        head.headers().firstValue("Content-Type"), PageAddress.ending(page))));
                int status = answer.statusCode();
                if (LATER.contains(status) && entry.attempts() + 1 < MOST_ATTEMPTS) {
                    Duration wait = RestCalls.wait(answer, entry.attempts() + 1);
                    Duration bounded = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
                    frontier.again(entry.at(page), clock.instant().plus(bounded));
                    return Optional.empty();
                }
                if (status >= 500 || LATER.contains(status)) {
                    failed(entry, page, "HTTP " + status);
                    return Optional.empty();
                }
                failuresInARow.remove(origin);
                return Optional.of(answer);
            } catch (UnansweredException unanswered) {
                if (unanswered.reason() == WebCalls.Reason.ENDING) {
                    throw new SourceException("The crawl was interrupted", unanswered);
                }
                if (unanswered.reason() == WebCalls.Reason.TOO_LARGE) {
                    failures.add(new Failure(
                            page.toString(),
                            "The page is larger than " + settings.limits().documentSize() + " bytes"));
                } else {
                    failed(entry, page, unanswered.getMessage());
                }
                return Optional.empty();
            }
        }

        /** Notes that a page could not be had, though it may be there; and gives a host up that goes on like this. */
        private void failed(Frontier.Entry entry, URI page, String reason) {
            failures.add(new Failure(entry.page().toString(), reason));
            complete = false;
            if (failuresInARow.merge(RestCalls.origin(page), 1, Integer::sum) >= MOST_FAILURES_IN_A_ROW) {
                int dropped = frontier.drop(page);
                if (dropped > 0) {
                    failures.add(new Failure(
                            RestCalls.origin(page),
                            "The host failed " + MOST_FAILURES_IN_A_ROW + " times in a row; " + dropped
                                    + " of its pages were not asked for"));
                }
            }
        }

        private void take(Frontier.Entry entry, URI page, HttpResponse<byte[]> answer) throws IOException {
            if (answer.statusCode() != 200) {
                failures.add(new Failure(entry.page().toString(), "HTTP " + answer.statusCode()));
                return;
            }
            Optional<String> header = answer.headers().firstValue("Content-Type");
            String type = MediaTypes.of(header, PageAddress.ending(page));
            if (MediaTypes.isPage(type) && scope.contains(page)) {
                PageLinks links = PageLinks.of(answer.body(), MediaTypes.charset(header), page);
                follow(entry, links);
                URI known = canonical(page, links);
                keep(known, links.title(), header.orElse(type), answer);
            } else if (MediaTypes.isWanted(type) && !MediaTypes.isPage(type)) {
                keep(page, "", header.orElse(type), answer);
            }
        }

        /** The address that a page wants to be known by, if the crawl would have come there, too. */
        private URI canonical(URI page, PageLinks links) {
            URI known = links.canonical()
                    .filter(scope::contains)
                    .filter(other -> settings.filters().want(other.toString()))
                    .orElse(page);
            frontier.note(known);
            return known;
        }

        private void follow(Frontier.Entry entry, PageLinks links) {
            if (entry.depth() >= settings.depth()) {
                return;
            }
            for (URI link : links.links()) {
                if (isWanted(link, false)) {
                    frontier.add(link, entry.depth() + 1, !scope.contains(link));
                }
            }
        }

        private void keep(URI page, String title, String type, HttpResponse<byte[]> answer) throws IOException {
            if (documents.containsKey(page)) {
                return;
            }
            if (documents.size() >= settings.limits().documents()) {
                throw new SourceException(
                        "The crawl found more than " + settings.limits().documents() + " pages");
            }
            Path file = folder.resolve(String.valueOf(documents.size()));
            Files.write(file, answer.body());
            Map<String, String> metadata = new HashMap<>();
            if (!title.isEmpty()) {
                metadata.put("title", title);
            }
            answer.headers().firstValue("Last-Modified").ifPresent(time -> metadata.put("lastModified", time));
            String path = page.getPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            documents.put(
                    page,
                    new SourceDocument(
                            page.toString(),
                            title.isEmpty() ? (name.isEmpty() ? page.getHost() : name) : title,
                            type.toLowerCase(Locale.ROOT),
                            digest(answer.body()),
                            metadata,
                            () -> opened(file)));
        }

        private void pause(Instant until) {
            Instant now = clock.instant();
            if (!now.isBefore(end)) {
                throw new SourceException(
                        "The crawl did not end within " + settings.limits().listing());
            }
            if (until.isAfter(now)) {
                try {
                    Thread.sleep(Duration.between(now, until.isBefore(end) ? until : end));
                } catch (InterruptedException interruption) {
                    Thread.currentThread().interrupt();
                    throw new SourceException("The crawl was interrupted", interruption);
                }
            }
        }
    }

    private static InputStream opened(Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException gone) {
            throw new SourceException("The page is not kept any more", gone);
        }
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
