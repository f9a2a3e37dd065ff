package dev.outcrop.wire.server;

import dev.outcrop.kernel.Answer;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.Principal;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.binding.ErrorAnswer;
import dev.outcrop.wire.binding.HttpBinding;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.signature.AuthenticationDialect;
import dev.outcrop.wire.signature.AuthenticationException;
import dev.outcrop.wire.signature.Credentials;
import dev.outcrop.wire.signature.PayloadException;
import dev.outcrop.wire.signature.PayloadHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers the paths that are no AWS operations. */
final class EndpointCalls {
    /** What a signature of an endpoint's call is scoped to: endpoints stand for Bedrock's models. */
    private static final String SIGNING_NAME = "bedrock";

    private static final int UNAUTHORIZED = 401;

    /** An endpoint of all paths that begin with {@code prefix}. */
    private record Below(String prefix, Endpoint endpoint) {}

    private final Map<String, Endpoint> hosts = new HashMap<>();
    /** By path, then by method. */
    private final Map<String, Map<String, Endpoint>> exact = new HashMap<>();

    private final List<Below> below = new ArrayList<>();
    private final Corridor corridor;
    private final Identification identification;
    private final WireConfiguration configuration;

    EndpointCalls(
            Collection<Endpoint> endpoints,
            Corridor corridor,
            Identification identification,
            WireConfiguration configuration) {
        this.corridor = corridor;
        this.identification = identification;
        this.configuration = configuration;
        for (Endpoint endpoint : endpoints) {
            if (endpoint.hostMark().isPresent()) {
                hosts.put(endpoint.hostMark().get(), endpoint);
            } else if (endpoint.path().endsWith("/*")) {
                below.add(new Below(endpoint.path().substring(0, endpoint.path().length() - 1), endpoint));
            } else {
                exact.computeIfAbsent(endpoint.path(), _ -> new HashMap<>()).put(endpoint.method(), endpoint);
            }
        }
    }

    /** The endpoint that {@code request} is meant for, if it is meant for one. */
    Optional<Endpoint> find(WireRequest request) {
        if (!hosts.isEmpty()) {
            String host = request.header("host").orElse("");
            for (Map.Entry<String, Endpoint> marked : hosts.entrySet()) {
                if (host.contains(marked.getKey())) {
                    return Optional.of(marked.getValue());
                }
            }
        }
        return byPath(request)
                .filter(endpoint ->
                        !endpoint.leavesSignedRequests() || !(Credentials.of(request) instanceof Credentials.Signed));
    }

    private Optional<Endpoint> byPath(WireRequest request) {
        Endpoint there = exact.getOrDefault(request.path(), Map.of()).get(request.method());
        if (there != null) {
            return Optional.of(there);
        }
        for (Below one : below) {
            if (request.path().startsWith(one.prefix())
                    && one.endpoint().method().equals(request.method())) {
                return Optional.of(one.endpoint());
            }
        }
        return Optional.empty();
    }

    void answer(ServerExchange exchange, Endpoint endpoint, CrossOrigin origins, String requestId) throws IOException {
        CallContext.Builder builder = CallContext.builder()
                .requestId(requestId)
                .sourceAddress(exchange.remoteAddress())
                .userAgent(exchange.head().header("user-agent").orElse(""))
                .endpoint(ServerExchange.endpoint(exchange))
                .referer(exchange.head().header("referer"))
                .traceParent(exchange.head().header("traceparent"))
                .secureTransport(exchange.isSecure())
                .client(exchange.client())
                .startedAt(configuration.clock().instant());
        BoundedBody body = new BoundedBody(exchange, configuration.largestBody());
        CallContext context = builder.build();
        HttpExchange endpointExchange = new HttpExchange(exchange, body, origins, requestId);
        try {
            if (endpoint.authentication() == Endpoint.Authentication.BEARER_OR_SIGNATURE) {
                Identification.Identity identity = identify(exchange.head(), body);
                context = builder.principal(identity.principal())
                        .region(identity.region())
                        .build();
            } else {
                context = builder.principal(Principal.ANONYMOUS).build();
            }
            endpointExchange.begin(context);
            corridor.serve(context, endpoint, endpointExchange);
        } catch (AuthenticationException e) {
            // An endpoint is plain HTTP, where whoever is not known is 401, and whoever may not is 403.
            AwsError error = new AwsError(e.code(), UNAUTHORIZED, e.getMessage());
            Answer.Failure failure = corridor.failure(context, error);
            corridor.refused(context, Optional.empty(), endpoint.operation(), failure);
            fail(exchange, endpoint, endpointExchange, failure);
        } catch (BodyTooLargeException e) {
            AwsError error = new AwsError("RequestEntityTooLargeException", 413, e.getMessage());
            fail(exchange, endpoint, endpointExchange, corridor.failure(context, error));
        } catch (PayloadException e) {
            AwsError error = new AwsError(e.code(), e.status(), e.getMessage());
            fail(exchange, endpoint, endpointExchange, corridor.failure(context, error));
        } catch (ClientGone gone) {
            throw gone;
        } catch (RuntimeException e) {
            fail(exchange, endpoint, endpointExchange, corridor.failure(context, e));
        }
    }

    private Identification.Identity identify(WireRequest request, BoundedBody body) throws IOException {
        Credentials credentials = credentials(request);
        String hash = credentials instanceof Credentials.Signed ? PayloadHash.of(body.whole()) : PayloadHash.EMPTY;
        return identification.identify(credentials, request, hash, SIGNING_NAME, false, AuthenticationDialect.REST);
    }

    /** As for AWS, but Anthropic's clients bring their key in a header of its own. */
    private static Credentials credentials(WireRequest request) {
        Optional<String> key = request.header("x-api-key");
        return key.isPresent() && !request.headers().has("authorization")
                ? new Credentials.Bearer(key.get().strip())
                : Credentials.of(request);
    }

    private static void fail(
            ServerExchange exchange, Endpoint endpoint, HttpExchange endpointExchange, Answer.Failure failure)
            throws IOException {
        if (exchange.isAnswered()) {
            throw new IOException("the endpoint failed after its answer had begun: " + failure.message());
        }
        if (endpoint.fail(endpointExchange, failure)) {
            return;
        }
        ErrorAnswer error = new ErrorAnswer(
                failure.code(), failure.status(), failure.message(), failure.fault(), failure.exception(), false);
        exchange.send(HttpBinding.writeError(
                Optional.empty(), Protocol.REST_JSON, error, failure.exception().requestId()));
    }
}
