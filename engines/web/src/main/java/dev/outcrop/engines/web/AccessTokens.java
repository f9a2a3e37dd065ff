package dev.outcrop.engines.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Access tokens of OAuth 2.0 (RFC 6749), by client credentials (section 4.4), a password (4.3) or a refresh token (6): kept
 * until a minute before they end, and asked for anew when a server does not accept one any more.
 */
public final class AccessTokens implements Authorization {
    private static final Duration EARLY = Duration.ofMinutes(1);
    private static final Duration USUAL = Duration.ofMinutes(30);
    private static final RestCalls.Limits LIMITS =
            new RestCalls.Limits(Duration.ofSeconds(20), 1 << 20, 3, Duration.ofSeconds(20));

    private final URI endpoint;
    private final Map<String, String> fixed;
    private final Reach reach;
    private final InstantSource clock;
    private final Consumer<Token> renewed;
    private final ReentrantLock turn = new ReentrantLock();
    private Optional<Token> token;
    private Optional<String> refresh;
    private Instant due;

    /**
     * Asks for tokens where needed.
     *
     * @param endpoint where tokens are given
     * @param form     the fields of the request: {@code grant_type} and what it needs, but for the refresh token
     * @param first    a token and, where {@code grant_type} is {@code refresh_token}, what it is renewed by
     * @param renewed  told of each new token, so that a refresh token that is good only once can be kept
     */
    public AccessTokens(
            URI endpoint,
            Map<String, String> form,
            Optional<Token> first,
            Consumer<Token> renewed,
            Reach reach,
            InstantSource clock) {
        this.endpoint = endpoint;
        this.fixed = Map.copyOf(form);
        this.reach = reach;
        this.clock = clock;
        this.renewed = renewed;
        this.token = first.filter(given -> !given.access().isEmpty());
        this.refresh = first.flatMap(Token::refresh);
        this.due = first.map(Token::until).orElse(Instant.MIN);
    }

    /**
     * A token.
     *
     * @param access  what calls carry; empty where only the other is known
     * @param refresh what gives the next one
     * @param until   when it ends
     * @param answer  all that the server said when it gave it
     */
    public record Token(String access, Optional<String> refresh, Instant until, JsonNode answer) {}

    /** The token that is good now. */
    public Token current() {
        turn.lock();
        try {
            return held();
        } finally {
            turn.unlock();
        }
    }

    private Token held() {
        Instant now = clock.instant();
        if (token.isEmpty() || !now.isBefore(due)) {
            Token given = ask();
            Duration life = Duration.between(now, given.until());
            due = given.until().minus(life.compareTo(EARLY.multipliedBy(2)) > 0 ? EARLY : life.dividedBy(2));
            token = Optional.of(given);
        }
        return token.get();
    }

    @Override
    public Map<String, String> headers(String method, URI target, byte[] body) {
        return Map.of("Authorization", "Bearer " + current().access());
    }

    @Override
    public boolean renew() {
        turn.lock();
        try {
            token = Optional.empty();
            return true;
        } finally {
            turn.unlock();
        }
    }

    private Token ask() {
        String form = fixed.entrySet().stream()
                .map(field -> field(field.getKey(), field.getValue()))
                .sorted()
                .collect(Collectors.joining("&"));
        String body =
                refresh.map(value -> form + "&" + field("refresh_token", value)).orElse(form);
        try (RestCalls calls = new RestCalls(endpoint, Authorization.NONE, reach, LIMITS)) {
            JsonNode answer =
                    calls.call("POST", endpoint.toString(), body.getBytes(UTF_8), "application/x-www-form-urlencoded");
            String access = answer.path("access_token").asText("");
            if (access.isEmpty()) {
                throw new RestException(0, "the answer holds no access token");
            }
            long seconds = answer.path("expires_in").asLong(USUAL.toSeconds());
            if (answer.path("refresh_token").isTextual()) {
                refresh = Optional.of(answer.get("refresh_token").asText());
            }
            Token given = new Token(
                    access,
                    refresh,
                    clock.instant()
                            .plusSeconds(
                                    Math.clamp(seconds, 0, Duration.ofDays(1).toSeconds())),
                    answer);
            renewed.accept(given);
            return given;
        } catch (RestException refused) {
            throw new RestException(
                    refused.status() == 0 ? 0 : 401,
                    "No access token could be had from " + endpoint.getHost() + ": " + refused.getMessage());
        }
    }

    private static String field(String name, String value) {
        return URLEncoder.encode(name, UTF_8) + "=" + URLEncoder.encode(value, UTF_8);
    }
}
