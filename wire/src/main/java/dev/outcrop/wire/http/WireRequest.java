package dev.outcrop.wire.http;

import java.util.Objects;
import java.util.Optional;

/** What a request says before its body: method, target and headers. The body travels beside it. */
public final class WireRequest {
    private final String method;
    private final String path;
    private final String query;
    private final HttpHeaders headers;
    private volatile Optional<QueryString> parameters = Optional.empty();

    /**
     * A request.
     *
     * @param method such as {@code POST}
     * @param path   the path exactly as it was sent, percent-encoded, from its first slash
     * @param query  what followed the question mark, exactly as it was sent; empty if nothing did
     * @param headers the header fields; {@code host} is there also in HTTP/2
     */
    public WireRequest(String method, String path, String query, HttpHeaders headers) {
        this.method = Objects.requireNonNull(method);
        this.path = Objects.requireNonNull(path);
        this.query = Objects.requireNonNull(query);
        this.headers = Objects.requireNonNull(headers);
    }

    /** The HTTP method in upper case. */
    public String method() {
        return method;
    }

    /** The path as it was sent. */
    public String path() {
        return path;
    }

    /** The query string as it was sent, without the question mark. */
    public String query() {
        return query;
    }

    /** The header fields. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The first value of a header, its name in lower case. */
    public Optional<String> header(String name) {
        return headers.first(name);
    }

    /**
     * The parameters of the query string, read when first asked for.
     *
     * @throws IllegalArgumentException if the query string is not well encoded
     */
    public QueryString parameters() {
        Optional<QueryString> known = parameters;
        if (known.isEmpty()) {
            known = Optional.of(QueryString.parse(query));
            parameters = known;
        }
        return known.get();
    }

    @Override
    public String toString() {
        return method + " " + path + (query.isEmpty() ? "" : "?" + query);
    }
}
