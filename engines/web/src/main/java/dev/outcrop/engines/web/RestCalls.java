package dev.outcrop.engines.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.outcrop.engines.web.WebCalls.UnansweredException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Calls of one server's interface, in JSON. Whoever is told to wait (429, 503, {@code Retry-After}) waits and tries again,
 * within limits. Credentials go to the server's own origin and nowhere else: links that lead elsewhere are not followed, and
 * a download that is redirected elsewhere goes on without them.
 */
public final class RestCalls implements AutoCloseable {
    /** The deepest JSON that is read. */
    private static final int DEEPEST = 200;

    private static final int MOST_REDIRECTS = 5;
    private static final int LONGEST_REASON = 500;
    private static final Set<Integer> LATER = Set.of(429, 502, 503, 504);
    private static final List<String> REASONS =
            List.of("error_description", "message", "reason", "title", "detail", "errorMessage", "type");
    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .build();

    private final URI base;
    private final Authorization authorization;
    private final Limits limits;
    private final WebCalls web;

    /**
     * Makes calls.
     *
     * @param base          the origin, and the path that relative targets begin behind
     * @param authorization how the caller says who it is
     * @param reach         what may be called
     */
    public RestCalls(URI base, Authorization authorization, Reach reach, Limits limits) {
        if (base.getHost() == null || !Set.of("http", "https").contains(String.valueOf(base.getScheme()))) {
            throw new RestException(0, "must be a URL that begins with https://, but is " + base);
        }
        this.base = base;
        this.authorization = authorization;
        this.limits = limits;
        this.web = new WebCalls(limits.call(), limits.largestAnswer(), reach);
    }

    /**
     * How much a call may take.
     *
     * @param call          how long one attempt may last
     * @param largestAnswer in bytes
     * @param attempts      how often one is made at most, 1 to 10
     * @param longestWait   the longest time between two attempts; a server that asks for more is not asked again
     */
    public record Limits(Duration call, int largestAnswer, int attempts, Duration longestWait) {
        /** Half a minute for up to 16 MiB, four attempts, and at most a minute between two. */
        public static final Limits USUAL = new Limits(Duration.ofSeconds(30), 1 << 24, 4, Duration.ofMinutes(1));
    }

    /** What a download brought. */
    public record Download(byte[] content, Optional<String> mediaType) {}

    /** What a target holds. */
    public JsonNode get(String target) {
        return json(send("GET", at(target), Optional.empty(), Map.of()));
    }

    /** What a server answers to a request with JSON, or to one without where {@code body} is missing. */
    public JsonNode call(String method, String target, JsonNode body) {
        return json(send(
                method,
                at(target),
                body.isMissingNode() ? Optional.empty() : Optional.of(new Body(bytes(body), "application/json")),
                Map.of()));
    }

    /** What a server answers to a request without a body. */
    public JsonNode call(String method, String target) {
        return call(method, target, MissingNode.getInstance());
    }

    /** What a server answers to a body that is no JSON. */
    public JsonNode call(String method, String target, byte[] body, String mediaType) {
        return json(send(method, at(target), Optional.of(new Body(body, mediaType)), Map.of()));
    }

    /** What lies at a target, wherever that redirects to. */
    public Download download(String target) {
        URI place = at(target);
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<byte[]> answer = send("GET", place, Optional.empty(), Map.of("Accept", "*/*"));
            if (answer.statusCode() / 100 != 3) {
                return new Download(answer.body(), answer.headers().firstValue("Content-Type"));
            }
            place = redirected(place, answer);
        }
        throw new RestException(0, "The server redirects more than " + MOST_REDIRECTS + " times");
    }

    /**
     * Where a target is.
     *
     * @param target a path below the base, one that begins with a slash and is below the origin, or a URL of the origin
     * @throws RestException if it is on another server
     */
    public URI at(String target) {
        try {
            URI whole;
            if (target.startsWith("https://") || target.startsWith("http://")) {
                whole = URI.create(target);
            } else if (target.startsWith("/")) {
                whole = URI.create(origin(base) + target);
            } else {
                String folder = base.toString();
                whole = URI.create(folder.endsWith("/") ? folder + target : folder + "/" + target);
            }
            if (!origin(whole).equals(origin(base))) {
                throw new RestException(0, "The server points to another one: " + whole.getHost());
            }
            return whole;
        } catch (IllegalArgumentException malformed) {
            throw new RestException(0, "The server points to what is no URL");
        }
    }

    /** Scheme, host and port of a URL. */
    public static String origin(URI target) {
        int port = target.getPort();
        boolean usual = port < 0 || port == (target.getScheme().equalsIgnoreCase("https") ? 443 : 80);
        return (target.getScheme() + "://" + target.getHost()).toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port);
    }

    private record Body(byte[] bytes, String mediaType) {}

    private HttpResponse<byte[]> send(String method, URI target, Optional<Body> body, Map<String, String> more) {
        boolean renewed = false;
        for (int attempt = 1; ; attempt++) {
            HttpResponse<byte[]> answer = once(method, target, body, more);
            int status = answer.statusCode();
            if (status / 100 == 2 || (status / 100 == 3 && more.containsKey("Accept"))) {
                return answer;
            }
            if (status == 401 && !renewed && isOwn(target) && authorization.renew()) {
                renewed = true;
                continue;
            }
            Duration wait = wait(answer, attempt);
            if (!LATER.contains(status) || attempt >= limits.attempts() || wait.compareTo(limits.longestWait()) > 0) {
                throw new RestException(status, "HTTP " + status + reason(answer));
            }
            pause(wait);
        }
    }

    private HttpResponse<byte[]> once(String method, URI target, Optional<Body> body, Map<String, String> more) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target);
        byte[] bytes = body.map(Body::bytes).orElseGet(() -> new byte[0]);
        request.method(
                method,
                body.isPresent() ? HttpRequest.BodyPublishers.ofByteArray(bytes) : HttpRequest.BodyPublishers.noBody());
        body.ifPresent(content -> request.header("Content-Type", content.mediaType()));
        request.setHeader("Accept", "application/json");
        more.forEach(request::setHeader);
        if (isOwn(target)) {
            authorization.headers(method, target, bytes).forEach(request::setHeader);
        }
        try {
            return web.answer(request.build());
        } catch (UnansweredException unanswered) {
            throw new RestException(0, unanswered.getMessage());
        }
    }

    private boolean isOwn(URI target) {
        return origin(target).equals(origin(base));
    }

    private static URI redirected(URI from, HttpResponse<byte[]> answer) {
        try {
            URI to = from.resolve(
                    answer.headers().firstValue("Location").orElse("").strip());
            boolean web = to.getHost() != null && Set.of("http", "https").contains(String.valueOf(to.getScheme()));
            if (!web || (from.getScheme().equals("https") && !to.getScheme().equals("https"))) {
                throw new RestException(0, "The server redirects to where no document can be fetched safely");
            }
            return to;
        } catch (IllegalArgumentException malformed) {
            throw new RestException(0, "The server redirects to what is no URL");
        }
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        if (answer.body().length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(answer.body());
        } catch (IOException malformed) {
            throw new RestException(answer.statusCode(), "The server's answer is no JSON that can be read");
        }
    }

    private static byte[] bytes(JsonNode body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What an answer says about why it is none, behind a colon, or nothing. */
    private static String reason(HttpResponse<byte[]> answer) {
        try {
            return reason(JSON.readTree(answer.body()), 4)
                    .map(reason -> ": "
                            + (reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "…" : reason))
                    .orElse("");
        } catch (IOException noJson) {
            return "";
        }
    }

    private static Optional<String> reason(JsonNode node, int depth) {
        if (depth == 0) {
            return Optional.empty();
        }
        if (node.isArray()) {
            return node.isEmpty() ? Optional.empty() : reason(node.get(0), depth - 1);
        }
        for (String field : List.of("error", "errors", "data", "error_description", "message")) {
            if (node.path(field).isContainerNode()) {
                Optional<String> inner = reason(node.get(field), depth - 1);
                if (inner.isPresent()) {
                    return inner;
                }
            }
        }
        for (String field : REASONS) {
            if (node.path(field).isTextual() && !node.get(field).asText().isBlank()) {
                return Optional.of(node.get(field).asText());
            }
        }
        return node.path("error").isTextual() ? Optional.of(node.get("error").asText()) : Optional.empty();
    }

    /** How long to wait: as told (RFC 9110, section 10.2.3), or one second more each time. */
    public static Duration wait(HttpResponse<?> answer, int attempt) {
        Optional<String> told = answer.headers().firstValue("Retry-After").map(String::strip);
        if (told.isEmpty()) {
            return Duration.ofSeconds(attempt);
        }
        try {
            return Duration.ofSeconds(Math.max(0, Long.parseLong(told.get())));
        } catch (NumberFormatException noSeconds) {
            try {
                Instant until = ZonedDateTime.parse(told.get(), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration left = Duration.between(Instant.now(), until);
                return left.isNegative() ? Duration.ZERO : left;
            } catch (DateTimeParseException noDate) {
                return Duration.ofSeconds(attempt);
            }
        }
    }

    private static void pause(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new RestException(0, "interrupted while waiting for the server");
        }
    }

    @Override
    public void close() {
        web.close();
    }
}
