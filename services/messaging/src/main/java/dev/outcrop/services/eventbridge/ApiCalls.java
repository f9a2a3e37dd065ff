package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.patterns.JsonValue;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.RoleRights;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionHttpParameters;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionAuthRequestParameters;
import software.amazon.awssdk.services.eventbridge.model.DescribeApiDestinationResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.HttpParameters;

/**
 * Calls of API destinations.
 *
 * <p>Source: "API destinations as targets" of the Amazon EventBridge user guide: 401, 407, 409, 429 and what the server says
 * is its own fault are tried again, other refusals are not.
 */
final class ApiCalls {
    private static final Duration LONGEST_TURN = Duration.ofSeconds(5);

    private final ApiDestinations destinations;
    private final Connections connections;
    private final ConnectionSecrets secrets;
    private final OAuthTokens tokens;
    private final HttpCalls http;
    private final RoleRights rights;
    private final ConcurrentMap<String, Long> turns = new ConcurrentHashMap<>();

    ApiCalls(
            ApiDestinations destinations,
            Connections connections,
            ConnectionSecrets secrets,
            OAuthTokens tokens,
            HttpCalls http,
            RoleRights rights) {
        this.destinations = destinations;
        this.connections = connections;
        this.secrets = secrets;
        this.tokens = tokens;
        this.http = http;
        this.rights = rights;
    }

    /**
     * Sends an event.
     *
     * @throws DeliveryFailure.Thrown if it did not arrive
     */
    void call(Delivery delivery, String input) {
        checkRights(delivery);
        DescribeApiDestinationResponse destination = destinations
                .findByArn(delivery.target().arn())
                .orElseThrow(() -> gone("The API destination does not exist"));
        DescribeConnectionResponse connection = connections
                .findByArn(destination.connectionArn())
                .filter(found -> found.secretArn() != null)
                .orElseThrow(() -> gone("The connection of the API destination does not exist or is deauthorized"));
        CreateConnectionAuthRequestParameters parameters = secrets.read(connection);
        takeTurn(destination);
        HttpResponse<byte[]> answer = http.answer(request(delivery, input, destination, connection, parameters));
        int status = answer.statusCode();
        if (status / 100 == 2) {
            return;
        }
        boolean proofRefused = status == 401 || status == 407;
        if (proofRefused) {
            tokens.forget(connection.connectionArn());
        }
        boolean retriable = proofRefused || status == 409 || status == 429 || status >= 500;
        throw new DeliveryFailure("SDK_CLIENT_ERROR", "The API destination answered " + status, retriable).thrown();
    }

    /** The connection's secret is used for whoever has a role that may do so, and in its own account only. */
    private void checkRights(Delivery delivery) {
        String arn = delivery.target().arn();
        String owner = arn.split(":", 6)[4];
        boolean allowed;
        try {
            allowed = rights.allows(
                    delivery.target().roleArn(), OwnCalls.NAME, "events:InvokeApiDestination", arn, owner);
        } catch (AwsError noRole) {
            throw new DeliveryFailure("FAILED_TO_ASSUME_ROLE", String.valueOf(noRole.getMessage()), false).thrown();
        }
        if (!allowed || !RuleName.ofArn(delivery.ruleArn()).bus().account().equals(owner)) {
            throw new DeliveryFailure(
                            "NO_PERMISSIONS",
                            delivery.target().roleArn() + " is not authorized to perform:"
                                    + " events:InvokeApiDestination on resource: " + arn,
                            false)
                    .thrown();
        }
    }

    private static DeliveryFailure.Thrown gone(String message) {
        return new DeliveryFailure("NO_RESOURCE", message, false).thrown();
    }

    /** Waits until the destination may be called again. */
    private void takeTurn(DescribeApiDestinationResponse destination) {
        long interval = Duration.ofSeconds(1).toNanos() / destination.invocationRateLimitPerSecond();
        long now = System.nanoTime();
        long turn = turns.merge(
                destination.apiDestinationArn(), now, (last, present) -> Math.max(present, last + interval));
        long wait = turn - now;
        if (wait > LONGEST_TURN.toNanos()) {
            turns.computeIfPresent(destination.apiDestinationArn(), (_, last) -> last - interval);
            throw new DeliveryFailure("THROTTLING", "The API destination may not be called that often", true).thrown();
        }
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, wait)));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new DeliveryFailure("INTERNAL_ERROR", "The server is going down", true).thrown();
        }
    }

    private HttpRequest request(
            Delivery delivery,
            String input,
            DescribeApiDestinationResponse destination,
            DescribeConnectionResponse connection,
            CreateConnectionAuthRequestParameters parameters) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("User-Agent", "Amazon/EventBridge/ApiDestinations");
        headers.put("Content-Type", "application/json; charset=utf-8");
        Map<String, String> query = new LinkedHashMap<>();
        HttpParameters own = delivery.target().httpParameters();
        if (own != null) {
            headers.putAll(own.headerParameters());
            query.putAll(own.queryStringParameters());
        }
        // What the connection says stands above what the target says.
        String body = input;
        ConnectionHttpParameters more = parameters.invocationHttpParameters();
        if (more != null) {
            more.headerParameters().forEach(header -> headers.put(header.key(), header.value()));
            more.queryStringParameters().forEach(one -> query.put(one.key(), one.value()));
            body = more.bodyParameters().isEmpty() ? input : withParameters(input, more);
        }
        prove(headers, connection, parameters);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(destination, own, query))
                .method(destination.httpMethodAsString(), HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return request.build();
    }

    private void prove(
            Map<String, String> headers,
            DescribeConnectionResponse connection,
            CreateConnectionAuthRequestParameters parameters) {
        ConnectionAuthorizationType type = connection.authorizationType();
        switch (type) {
            case BASIC -> {
                String proof = parameters.basicAuthParameters().username() + ":"
                        + parameters.basicAuthParameters().password();
                headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(proof.getBytes(UTF_8)));
            }
            case API_KEY ->
                headers.put(
                        parameters.apiKeyAuthParameters().apiKeyName(),
                        parameters.apiKeyAuthParameters().apiKeyValue());
            case OAUTH_CLIENT_CREDENTIALS ->
                headers.put(
                        "Authorization",
                        "Bearer " + tokens.token(connection.connectionArn(), parameters.oAuthParameters()));
            default -> throw new IllegalStateException("no connection is authorized by " + type);
        }
    }

    private static String withParameters(String input, ConnectionHttpParameters parameters) {
        try {
            if (JsonValue.read(input) instanceof JsonValue.Fields(Map<String, JsonValue> fields)) {
                Map<String, JsonValue> all = new LinkedHashMap<>(fields);
                parameters.bodyParameters().forEach(one -> all.put(one.key(), new JsonValue.Text(one.value())));
                return new JsonValue.Fields(all).json();
            }
        } catch (IOException malformed) {
            throw new DeliveryFailure("INVALID_JSON", String.valueOf(malformed.getMessage()), false).thrown();
        }
        return input;
    }

    /** The endpoint with its stars filled in, one after the other. */
    private static URI uri(DescribeApiDestinationResponse destination, HttpParameters own, Map<String, String> query) {
        StringBuilder endpoint = new StringBuilder(destination.invocationEndpoint());
        List<String> values = own == null ? List.of() : own.pathParameterValues();
        for (String value : values) {
            int star = endpoint.indexOf("*");
            if (star >= 0) {
                endpoint.replace(
                        star, star + 1, OAuthTokens.pair("", value).substring(1).replace("+", "%20"));
            }
        }
        List<String> pairs = new ArrayList<>();
        query.forEach((name, value) -> pairs.add(OAuthTokens.pair(name, value)));
        if (!pairs.isEmpty()) {
            endpoint.append(endpoint.indexOf("?") >= 0 ? "&" : "?").append(String.join("&", pairs));
        }
        return URI.create(endpoint.toString());
    }
}
