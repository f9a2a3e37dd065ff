package dev.outcrop.wire.server;

import dev.outcrop.kernel.CrossOriginRules;
import dev.outcrop.kernel.CrossOriginRules.Verdict;
import dev.outcrop.kernel.ServedService;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.QueryString;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.route.Route;
import dev.outcrop.wire.route.Router;
import dev.outcrop.wire.signature.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What resources themselves say to browsers, beside the settings of the server. */
final class ResourceOrigins {
    private static final String REQUESTED_METHOD = "access-control-request-method";
    private static final String REQUESTED_HEADERS = "access-control-request-headers";
    private static final String FORBIDDEN =
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request"
                    + " method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by"
                    + " the resource's CORS spec.";
    private static final String VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

    private final Router router;
    private final ServedServices services;

    ResourceOrigins(Router router, ServedServices services) {
        this.router = router;
        this.services = services;
    }

    /** The answer to a browser's question about a resource that has rules, if {@code request} is one. */
    Optional<WireResponse> preflight(WireRequest request) {
        if (!request.method().equals("OPTIONS")) {
            return Optional.empty();
        }
        Verdict verdict = verdict(request, found(request));
        boolean silent = verdict instanceof CrossOriginRules.Silent;
        if (!silent && !request.headers().has("origin")) {
            return Optional.of(refusal(400, "BadRequest", "Insufficient information. Origin request header needed."));
        }
        if (!silent && !request.headers().has(REQUESTED_METHOD)) {
            return Optional.of(refusal(400, "BadRequest", "Invalid Access-Control-Request-Method: null"));
        }
        return switch (verdict) {
            case CrossOriginRules.Silent _ -> Optional.empty();
            case CrossOriginRules.Refused _ -> Optional.of(refusal(403, "AccessForbidden", FORBIDDEN));
            case CrossOriginRules.Allowed allowed -> {
                HttpHeaders.Builder headers = HttpHeaders.builder();
                headers(allowed, request).forEach(headers::add);
                yield Optional.of(new WireResponse(200, headers.build(), new byte[0]));
            }
        };
    }

    /** Where a request with the method that is asked about would lead. */
    private Optional<Route.Found> found(WireRequest request) {
        WireRequest asked = new WireRequest("GET", request.path(), request.query(), request.headers());
        try {
            return router.route(asked, Credentials.of(request), () -> QueryString.parse(""))
                            instanceof Route.Found found
                    ? Optional.of(found)
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private Verdict verdict(WireRequest request, Optional<Route.Found> route) {
        Optional<CrossOriginRules> rules = route.flatMap(
                        found -> services.find(found.service().summary().id()))
                .flatMap(ServedService::origins);
        return rules.isEmpty()
                ? new CrossOriginRules.Silent()
                : rules.get()
                        .verdict(
                                route.orElseThrow().labels(),
                                request.header("origin").orElse(""),
                                request.header(REQUESTED_METHOD).orElseGet(request::method),
                                requestedHeaders(request));
    }

    private static List<String> requestedHeaders(WireRequest request) {
        return request.header(REQUESTED_HEADERS).stream()
                .flatMap(headers -> Stream.of(headers.split(",")))
                .map(String::strip)
                .filter(header -> !header.isEmpty())
                .toList();
    }

    /** What an answer to {@code request} carries where the resource lets the page read it. */
    Map<String, String> allowance(WireRequest request, Route.Found route) {
        return request.headers().has("origin")
                        && verdict(request, Optional.of(route)) instanceof CrossOriginRules.Allowed allowed
                ? headers(allowed, request)
                : Map.of();
    }

    private static Map<String, String> headers(CrossOriginRules.Allowed allowed, WireRequest request) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("access-control-allow-origin", allowed.origin());
        headers.put("access-control-allow-methods", String.join(", ", allowed.methods()));
        List<String> asked = requestedHeaders(request);
        if (!asked.isEmpty()) {
            headers.put("access-control-allow-headers", String.join(", ", asked));
        }
        if (!allowed.exposed().isEmpty()) {
            headers.put("access-control-expose-headers", String.join(", ", allowed.exposed()));
        }
        allowed.maxAge().ifPresent(seconds -> headers.put("access-control-max-age", Integer.toString(seconds)));
        if (!allowed.origin().equals("*")) {
            headers.put("access-control-allow-credentials", "true");
        }
        headers.put("vary", VARY);
        return headers;
    }

    private static WireResponse refusal(int status, String code, String message) {
        String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code + "</Code><Message>" + message
                + "</Message></Error>";
        return new WireResponse(
                status,
                HttpHeaders.builder().add("content-type", "application/xml").build(),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
