package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.patterns.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.services.eventbridge.model.ConnectionHttpParameters;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionOAuthRequestParameters;

/**
 * Access tokens of connections, fetched by the client's credentials and kept in memory while they are good.
 *
 * <p>Source: RFC 6749, section 4.4; "Authorization for connections" of the Amazon EventBridge user guide.
 */
final class OAuthTokens {
    private static final Duration USUAL_LIFE = Duration.ofMinutes(10);
    private static final Duration SAFETY = Duration.ofSeconds(30);

    private final HttpCalls http;
    private final InstantSource clock;
    private final ConcurrentMap<String, Token> tokens = new ConcurrentHashMap<>();

    OAuthTokens(HttpCalls http, InstantSource clock) {
        this.http = http;
        this.clock = clock;
    }

    private record Token(String value, Instant until) {}

    /**
     * The token of a connection.
     *
     * @throws DeliveryFailure.Thrown if there is none to be had
     */
    String token(String connectionArn, CreateConnectionOAuthRequestParameters parameters) {
        Token present = tokens.get(connectionArn);
        if (present == null || !present.until().isAfter(clock.instant())) {
            present = fetch(parameters);
            tokens.put(connectionArn, present);
        }
        return present.value();
    }

    /** Fetches another token, and says why if there is none to be had. */
    Optional<String> refresh(String connectionArn, CreateConnectionOAuthRequestParameters parameters) {
        forget(connectionArn);
        try {
            token(connectionArn, parameters);
            return Optional.empty();
        } catch (DeliveryFailure.Thrown failure) {
            return Optional.of(failure.failure().message());
        }
    }

    void forget(String connectionArn) {
        tokens.remove(connectionArn);
    }

    private Token fetch(CreateConnectionOAuthRequestParameters parameters) {
        HttpResponse<byte[]> answer;
        try {
            answer = http.answer(request(parameters));
        } catch (IllegalArgumentException malformed) {
            throw failure("The authorization endpoint is not valid: " + malformed.getMessage(), false);
        }
        if (answer.statusCode() / 100 != 2) {
            throw failure(
                    "The authorization endpoint answered " + answer.statusCode(),
                    answer.statusCode() >= 500 || answer.statusCode() == 429);
        }
        try {
            if (JsonValue.read(new String(answer.body(), UTF_8))
                            instanceof JsonValue.Fields(Map<String, JsonValue> fields)
                    && fields.get("access_token") instanceof JsonValue.Text(String token)) {
                return new Token(token, clock.instant().plus(life(fields)).minus(SAFETY));
            }
        } catch (IOException malformed) {
            throw failure("The authorization endpoint did not answer with JSON", false);
        }
        throw failure("The authorization endpoint gave no access_token", false);
    }

    private static Duration life(Map<String, JsonValue> fields) {
        if (fields.get("expires_in") instanceof JsonValue.Numeral(String seconds) && seconds.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Math.max(Long.parseLong(seconds), SAFETY.toSeconds() + 1));
        }
        return USUAL_LIFE;
    }

    private static DeliveryFailure.Thrown failure(String message, boolean retriable) {
        return new DeliveryFailure("NO_PERMISSIONS", message, retriable).thrown();
    }

    private static HttpRequest request(CreateConnectionOAuthRequestParameters parameters) {
        List<String> form = new ArrayList<>();
        form.add(pair("grant_type", "client_credentials"));
        form.add(pair("client_id", parameters.clientParameters().clientID()));
        form.add(pair("client_secret", parameters.clientParameters().clientSecret()));
        List<String> query = new ArrayList<>();
        HttpRequest.Builder request = HttpRequest.newBuilder();
        ConnectionHttpParameters more = parameters.oAuthHttpParameters();
        if (more != null) {
            more.headerParameters().forEach(header -> request.header(header.key(), header.value()));
            more.queryStringParameters().forEach(one -> query.add(pair(one.key(), one.value())));
            more.bodyParameters().forEach(one -> form.add(pair(one.key(), one.value())));
        }
        boolean get = parameters.httpMethodAsString().equals("GET");
        if (get) {
            query.addAll(form);
        } else {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        String endpoint = parameters.authorizationEndpoint();
        String separator = endpoint.contains("?") ? "&" : "?";
        return request.uri(URI.create(query.isEmpty() ? endpoint : endpoint + separator + String.join("&", query)))
                .method(
                        parameters.httpMethodAsString(),
                        get
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(String.join("&", form)))
                .build();
    }

    /** A parameter as it stands in forms and queries. */
    static String pair(String name, String value) {
        return URLEncoder.encode(name, UTF_8) + "=" + URLEncoder.encode(value == null ? "" : value, UTF_8);
    }
}
