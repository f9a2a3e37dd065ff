package dev.outcrop.engines.sources.crawl;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.web.RestCalls;
import dev.outcrop.engines.web.WebCalls;
import dev.outcrop.engines.web.WebCalls.UnansweredException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What each site allows, asked once a crawl. As RFC 9309 has it: a file that is not there allows everything (4xx), one that
 * cannot be had allows nothing (5xx, no answer), and five redirects are followed.
 */
final class Robots implements AutoCloseable {
    private static final int MOST_REDIRECTS = 5;

    private final CrawlSettings settings;
    private final WebCalls web;
    private final Map<String, RobotsRules> known = new HashMap<>();

    Robots(CrawlSettings settings) {
        this.settings = settings;
        Duration call = settings.limits().call();
        this.web = new WebCalls(call, RobotsRules.LARGEST, settings.reach());
    }

    /** The rules of a page's site. */
    RobotsRules of(URI page) {
        return known.computeIfAbsent(RestCalls.origin(page), this::fetch);
    }

    private RobotsRules fetch(String origin) {
        URI place = URI.create(origin + "/robots.txt");
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<byte[]> answer;
            try {
                answer = web.beginning(HttpRequest.newBuilder(place)
                        .header("User-Agent", settings.userAgent())
                        .GET()
                        .build());
            } catch (UnansweredException unanswered) {
                return RobotsRules.UNKNOWN;
            }
            int status = answer.statusCode();
            if (status / 100 == 2) {
                return RobotsRules.of(new String(answer.body(), UTF_8), settings.userAgent());
            }
            if (status / 100 != 3) {
                return status / 100 == 4 ? RobotsRules.NONE : RobotsRules.UNKNOWN;
            }
            Optional<URI> next = Redirects.target(place, answer);
            if (next.isEmpty()) {
                return RobotsRules.NONE;
            }
            place = next.get();
        }
        return RobotsRules.NONE;
    }

    @Override
    public void close() {
        web.close();
    }
}
