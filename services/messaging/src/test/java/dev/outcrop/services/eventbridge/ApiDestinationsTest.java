package dev.outcrop.services.eventbridge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationState;
import software.amazon.awssdk.services.eventbridge.model.ConnectionBodyParameter;
import software.amazon.awssdk.services.eventbridge.model.ConnectionHeaderParameter;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionAuthRequestParameters;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.iam.IamClient;

class ApiDestinationsTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/caller";

    @TempDir
    Path folder;

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger tokens = new AtomicInteger();
    private EventHouse house;
    private HttpServer server;

    /** A call as the endpoint got it. */
    private record Call(String method, String path, Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    @BeforeEach
    void open() throws IOException {
        house = new EventHouse(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            calls.add(call(exchange));
            answer(exchange, refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0 ? 503 : 200, "");
        });
        server.createContext("/token", exchange -> {
            calls.add(call(exchange));
            answer(exchange, 200, "{\"access_token\": \"t" + tokens.incrementAndGet() + "\", \"expires_in\": 3600}");
        });
        server.start();
    }

    private static Call call(HttpExchange exchange) throws IOException {
        return new Call(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                Map.copyOf(exchange.getRequestHeaders()),
                new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @AfterEach
    void close() {
        server.stop(0);
        house.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private String connection(String type, Consumer<CreateConnectionAuthRequestParameters.Builder> parameters) {
        return house.events(events -> events.createConnection(
                        request -> request.name("c").authorizationType(type).authParameters(parameters)))
                .connectionArn();
    }

    private static ConnectionBodyParameter body(String key, String value) {
        return ConnectionBodyParameter.builder().key(key).value(value).build();
    }

    /** A rule whose events go to the endpoint. */
    private void destination(String connectionArn, String path) {
        house.house.as(
                EventHouse.ROOT,
                IamClient.class,
                iam -> iam.createRole(request -> request.roleName("caller").assumeRolePolicyDocument("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                         "Principal": {"Service": "events.amazonaws.com"}}}""")));
        allow("*");
        String arn = house.events(events -> events.createApiDestination(request -> request.name("d")
                        .connectionArn(connectionArn)
                        .httpMethod("POST")
                        .invocationEndpoint(url(path))))
                .apiDestinationArn();
        house.events(
                events -> events.putRule(request -> request.name("orders").eventPattern("{\"source\": [\"shop\"]}")));
        house.target(
                "orders",
                target -> target.id("1")
                        .arn(arn)
                        .roleArn(ROLE)
                        .inputPath("$.detail")
                        .httpParameters(http -> http.pathParameterValues("a b")
                                .headerParameters(Map.of("X-Target", "t"))
                                .queryStringParameters(Map.of("q", "1&2"))));
    }

    private void allow(String destination) {
        house.house.as(
                EventHouse.ROOT,
                IamClient.class,
                iam -> iam.putRolePolicy(request ->
                        request.roleName("caller").policyName("may").policyDocument("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                         "Action": "events:InvokeApiDestination", "Resource": "%s"}}""".formatted(destination))));
    }

    @Test
    void callsNothingThatTheRoleMayNotCall() {
        destination(
                connection(
                        "BASIC",
                        auth -> auth.basicAuthParameters(
                                basic -> basic.username("u").password("p"))),
                "/hook");
        allow("arn:aws:events:us-east-1:000000000000:api-destination/another/*");

        house.send("shop", "Order", "{\"n\": 1}");

        EventHouse.await("the end of the delivery", () -> {
            house.service().look(() -> false);
            return house.service().waiting() == 0;
        });
        assertThat(calls).isEmpty();
    }

    private Call hook() {
        EventHouse.await("a call of the endpoint", () -> {
            house.service().look(() -> false);
            return calls.stream().anyMatch(call -> call.path().startsWith("/hook"));
        });
        return calls.stream()
                .filter(call -> call.path().startsWith("/hook"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void provesItselfByUserAndPassword() {
        destination(
                connection(
                        "BASIC",
                        auth -> auth.basicAuthParameters(
                                basic -> basic.username("u").password("p"))),
                "/hook/*");

        house.send("shop", "Order", "{\"n\": 1}");

        Call call = hook();
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo("/hook/a%20b?q=1%262");
        assertThat(call.body()).isEqualTo("{\"n\":1}");
        assertThat(call.header("Authorization")).isEqualTo("Basic dTpw");
        assertThat(call.header("X-target")).isEqualTo("t");
        assertThat(call.header("User-agent")).isEqualTo("Amazon/EventBridge/ApiDestinations");
    }

    @Test
    void provesItselfByAnApiKeyAndAddsWhatTheConnectionSays() {
        destination(
                connection(
                        "API_KEY",
                        auth -> auth.apiKeyAuthParameters(
                                        key -> key.apiKeyName("X-Key").apiKeyValue("secret"))
                                .invocationHttpParameters(more -> more.bodyParameters(body("extra", "e"))
                                        .headerParameters(ConnectionHeaderParameter.builder()
                                                .key("X-Secret")
                                                .value("s")
                                                .isValueSecret(true)
                                                .build()))),
                "/hook");

        house.send("shop", "Order", "{\"n\": 1}");

        Call call = hook();
        assertThat(call.header("X-key")).isEqualTo("secret");
        assertThat(call.header("X-secret")).isEqualTo("s");
        assertThat(call.body()).isEqualTo("{\"n\":1,\"extra\":\"e\"}");
        DescribeConnectionResponse described = house.events(events -> events.describeConnection(c -> c.name("c")));
        assertThat(described.connectionState()).isEqualTo(ConnectionState.AUTHORIZED);
        assertThat(described.toString()).doesNotContain("secret,", "Value=s,");
        assertThat(described.authParameters().apiKeyAuthParameters().apiKeyName())
                .isEqualTo("X-Key");
        assertThat(described.secretArn()).contains(":secret:events-connection/c/");
    }

    @Test
    void provesItselfByATokenOfTheAuthorizationServer() {
        destination(
                connection(
                        "OAUTH_CLIENT_CREDENTIALS",
                        auth -> auth.oAuthParameters(oauth -> oauth.httpMethod("POST")
                                .authorizationEndpoint(url("/token"))
                                .clientParameters(
                                        client -> client.clientID("id").clientSecret("s&t"))
                                .oAuthHttpParameters(more -> more.bodyParameters(body("scope", "all"))))),
                "/hook");

        house.send("shop", "Order", "{}");

        assertThat(hook().header("Authorization")).isEqualTo("Bearer t1");
        assertThat(calls.getFirst().body())
                .isEqualTo("grant_type=client_credentials&client_id=id&client_secret=s%26t&scope=all");
        assertThat(tokens).hasValue(1);
    }

    @Test
    void triesAgainWhatTheEndpointCouldNotTakeAndGoesOnAfterwards() {
        destination(
                connection(
                        "BASIC",
                        auth -> auth.basicAuthParameters(
                                basic -> basic.username("u").password("p"))),
                "/hook");
        refusals.set(2);

        house.send("shop", "Order", "{\"n\": 1}");

        EventHouse.await("three attempts", () -> {
            house.house.pass(Duration.ofSeconds(3));
            house.service().look(() -> false);
            return calls.size() >= 3 && house.service().waiting() == 0;
        });
        assertThat(calls).hasSize(3).allSatisfy(call -> assertThat(call.body()).isEqualTo("{\"n\":1}"));
    }

    @Test
    void saysSoWhenTheAuthorizationServerRefuses() {
        String arn = connection(
                "OAUTH_CLIENT_CREDENTIALS",
                auth -> auth.oAuthParameters(oauth -> oauth.httpMethod("POST")
                        .authorizationEndpoint(url("/nowhere"))
                        .clientParameters(client -> client.clientID("id").clientSecret("s"))));

        DescribeConnectionResponse described = house.events(events -> events.describeConnection(c -> c.name("c")));

        assertThat(described.connectionArn()).isEqualTo(arn);
        assertThat(described.connectionState()).isEqualTo(ConnectionState.DEAUTHORIZED);
        assertThat(described.stateReason()).isEqualTo("The authorization endpoint answered 404");
        destination(arn, "/hook");
        assertThat(house.events(events -> events.describeApiDestination(d -> d.name("d")))
                        .apiDestinationState())
                .isEqualTo(ApiDestinationState.INACTIVE);
    }

    @Test
    void takesTheSecretAwayWithTheConnection() {
        connection(
                "BASIC",
                auth -> auth.basicAuthParameters(basic -> basic.username("u").password("p")));

        house.events(events -> events.deauthorizeConnection(c -> c.name("c")));
        assertThat(house.events(events -> events.describeConnection(c -> c.name("c")))
                        .secretArn())
                .isNull();
        house.events(events -> events.deleteConnection(c -> c.name("c")));

        assertThatThrownBy(() -> house.events(events -> events.describeConnection(c -> c.name("c"))))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Connection c does not exist.");
    }
}
