package dev.outcrop.engines.sources.crawl;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Optional;

/** Where an answer sends its reader. */
final class Redirects {
    private Redirects() {}

    /** The address that an answer redirects to, if it is one of the web. */
    static Optional<URI> target(URI from, HttpResponse<?> answer) {
        return answer.headers().firstValue("Location").flatMap(location -> {
            try {
                return PageAddress.of(
                        from.resolve(PageAddress.normalized(location.strip())).toString());
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        });
    }
}
