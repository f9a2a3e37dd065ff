package dev.outcrop.wire.server;

import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/**
 * What browsers ask before they let a page call us, and what they must be told for it to read the answer.
 *
 * <p>Source: WHATWG, Fetch Standard, "CORS protocol"; the exposed headers are those that AWS exposes and our own.
 */
final class CrossOrigin {
    private static final String EXPOSED = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date,ETag,"
            + "x-amz-request-id,x-amz-id-2,x-amz-version-id,x-amzn-bedrock-input-token-count,"
            + "x-amzn-bedrock-output-token-count,x-amzn-bedrock-invocation-latency,x-outcrop-model";
    private static final String METHODS = "GET,HEAD,PUT,POST,DELETE,PATCH,OPTIONS";
    private static final String LONGEST_MEMORY = "172800";

    private final List<String> origins;

    CrossOrigin(List<String> origins) {
        this.origins = origins;
    }

    /** The answer to a browser's question, if {@code request} is one. */
    Optional<WireResponse> preflight(WireRequest request) {
        if (!request.method().equals("OPTIONS")
                || !request.headers().has("origin")
                || !request.headers().has("access-control-request-method")) {
            return Optional.empty();
        }
        Optional<String> allowed = allowed(request);
        if (allowed.isEmpty()) {
            return Optional.of(new WireResponse(403, HttpHeaders.none(), new byte[0]));
        }
        HttpHeaders.Builder headers = HttpHeaders.builder()
                .add("access-control-allow-origin", allowed.get())
                .add("access-control-allow-methods", METHODS)
                .add("access-control-max-age", LONGEST_MEMORY)
                .add("access-control-expose-headers", EXPOSED)
                .add("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
        request.header("access-control-request-headers")
                .ifPresent(asked -> headers.add("access-control-allow-headers", asked));
        return Optional.of(new WireResponse(200, headers.build(), new byte[0]));
    }

    /** Adds to an answer what lets the page that asked read it. */
    void allow(WireRequest request, HttpHeaders.Builder headers) {
        allowed(request)
                .ifPresent(origin -> headers.add("access-control-allow-origin", origin)
                        .add("access-control-expose-headers", EXPOSED)
                        .add("vary", "Origin"));
    }

    /** Whether {@code request} comes from a page that may not call. */
    boolean refuses(WireRequest request) {
        return request.headers().has("origin") && allowed(request).isEmpty();
    }

    private Optional<String> allowed(WireRequest request) {
        Optional<String> origin = request.header("origin");
        if (origin.isEmpty()) {
            return Optional.empty();
        }
        if (origins.contains("*")) {
            return Optional.of("*");
        }
        return origin.filter(asking -> origins.contains(asking)
                || (origins.contains(WireConfiguration.LOOPBACK_ORIGINS) && isLoopback(asking)));
    }

    /** Whether a page was served by this machine, on whatever port. */
    private static boolean isLoopback(String origin) {
        try {
            String host = new URI(origin).getHost();
            return host != null
                    && (host.equals("localhost")
                            || host.endsWith(".localhost")
                            || host.equals("127.0.0.1")
                            || host.equals("[::1]"));
        } catch (URISyntaxException _) {
            return false;
        }
    }
}
