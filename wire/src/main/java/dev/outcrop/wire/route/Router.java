package dev.outcrop.wire.route;

import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.OperationModel.Authentication;
import dev.outcrop.shapes.Protocol;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.shapes.ServiceModels;
import dev.outcrop.shapes.ServiceSummary;
import dev.outcrop.shapes.codec.StructuredCodec;
import dev.outcrop.wire.http.QueryString;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.signature.AuthenticationDialect;
import dev.outcrop.wire.signature.Credentials;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Finds the operation that a request is meant for: by the path of RPC v2, by {@code X-Amz-Target}, by the scope of the
 * signature, by the host, by the parameters of the Query protocol, by the path; what nobody claims is S3's. A service's
 * URIs are compiled when it is first meant. Safe for concurrent use.
 */
public final class Router {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String S3 = "s3";
    private static final String NOT_RECOGNIZED = "The requested operation is not recognized by the service.";

    private final ServiceModels models;
    private final Collection<String> served;
    private final Map<String, ServiceSummary> byTarget = new HashMap<>();
    private final Map<String, List<ServiceSummary>> bySigningName = new HashMap<>();
    private final Map<String, List<ServiceSummary>> byEndpointPrefix = new HashMap<>();
    private final Map<String, List<ServiceSummary>> byQueryVersion = new HashMap<>();
    private final ConcurrentMap<String, RouteTable> tables = new ConcurrentHashMap<>();

    /**
     * A router.
     *
     * @param models the services there are
     * @param served ids of those that are served; only these are looked through for operations that need no signature
     */
    public Router(ServiceModels models, Collection<String> served) {
        this.models = models;
        this.served = List.copyOf(served);
        for (ServiceSummary service : models.summaries()) {
            service.targetPrefix().ifPresent(prefix -> {
                byTarget.putIfAbsent(prefix, service);
                // SDKs made from newer descriptions leave out the namespace before CloudTrail's name.
                byTarget.putIfAbsent(prefix.substring(prefix.lastIndexOf('.') + 1), service);
            });
            add(bySigningName, service.signingName(), service);
            add(byEndpointPrefix, service.endpointPrefix(), service);
            if (isQuery(service)) {
                add(byQueryVersion, service.apiVersion(), service);
            }
        }
    }

    /**
     * Where {@code request} leads.
     *
     * @param form the parameters of the body, asked for only if the request may speak Query
     * @throws IllegalArgumentException if the path, the query string or the form is not well encoded
     */
    public Route route(WireRequest request, Credentials credentials, Supplier<QueryString> form) {
        Optional<String> smithy = request.header("smithy-protocol");
        if (smithy.isPresent() && smithy.get().equals("rpc-v2-cbor")) {
            return remoteCall(request.path());
        }
        Optional<String> target = request.header("x-amz-target");
        if (target.isPresent()) {
            return target(target.get(), targetProtocol(request));
        }
        HostName host = HostName.parse(request.header("host").orElse(""));
        List<ServiceSummary> candidates = candidates(credentials, host);
        if (mayBeQuery(request, candidates, credentials)) {
            Optional<Route> query = query(request, candidates, form);
            if (query.isPresent()) {
                return query.get();
            }
        }
        return byPath(request, host, candidates, credentials);
    }

    private List<ServiceSummary> candidates(Credentials credentials, HostName host) {
        List<ServiceSummary> candidates = switch (credentials) {
            case Credentials.Signed signed ->
                bySigningName.getOrDefault(signingName(signed.claim().service()), List.of());
            case Credentials.None none -> byEndpointPrefix.getOrDefault(host.firstLabel(), List.of());
            case Credentials.Foreign foreign -> byEndpointPrefix.getOrDefault(host.firstLabel(), List.of());
            case Credentials.Bearer bearer -> {
                List<ServiceSummary> named = byEndpointPrefix.getOrDefault(host.firstLabel(), List.of());
                yield named.isEmpty() ? bySigningName.getOrDefault("bedrock", List.of()) : named;
            }
        };
        if (candidates.size() > 1) {
            for (ServiceSummary candidate : candidates) {
                if (candidate.endpointPrefix().equals(host.firstLabel())) {
                    return List.of(candidate);
                }
            }
        }
        return candidates;
    }

    /** S3's clients sign calls of directory buckets and of Object Lambda for names of their own. */
    private static String signingName(String claimed) {
        return AuthenticationDialect.isObjectStore(claimed) ? S3 : claimed;
    }

    private Route remoteCall(String path) {
        int operationAt = path.lastIndexOf("/operation/");
        int serviceAt = path.lastIndexOf("/service/", operationAt);
        if (operationAt < 0 || serviceAt < 0) {
            return unknown(Optional.empty(), Protocol.RPC_V2_CBOR, "UnknownOperationException", 404, NOT_RECOGNIZED);
        }
        String name = path.substring(serviceAt + "/service/".length(), operationAt);
        String operation = path.substring(operationAt + "/operation/".length());
        ServiceSummary service = byTarget.get(name);
        return service == null
                ? unknown(Optional.empty(), Protocol.RPC_V2_CBOR, "UnknownOperationException", 404, NOT_RECOGNIZED)
                : named(service, operation, Protocol.RPC_V2_CBOR);
    }

    private static Protocol targetProtocol(WireRequest request) {
        boolean cbor = request.header("content-type")
                .filter(type -> type.startsWith(StructuredCodec.AWS_CBOR.mediaType()))
                .isPresent();
        return cbor ? Protocol.JSON_CBOR : Protocol.JSON;
    }

    private Route target(String target, Protocol protocol) {
        int dot = target.lastIndexOf('.');
        ServiceSummary service = dot < 0 ? null : byTarget.get(target.substring(0, dot));
        if (service == null) {
            return unknown(Optional.empty(), protocol, "UnknownOperationException", 404, NOT_RECOGNIZED);
        }
        return named(service, target.substring(dot + 1), protocol);
    }

    private Route named(ServiceSummary summary, String operation, Protocol protocol) {
        ServiceModel service = model(summary);
        return service.operation(operation)
                .<Route>map(found -> new Route.Found(service, found, protocol, Map.of()))
                .orElseGet(() ->
                        unknown(Optional.of(service), protocol, "UnknownOperationException", 404, NOT_RECOGNIZED));
    }

    private static boolean mayBeQuery(WireRequest request, List<ServiceSummary> candidates, Credentials credentials) {
        boolean form = request.method().equals("POST")
                && request.header("content-type")
                        .filter(type -> type.startsWith(FORM))
                        .isPresent();
        boolean inQuery = request.query().contains("Action=");
        if (!form && !inQuery) {
            return false;
        }
        return candidates.isEmpty()
                ? !(credentials instanceof Credentials.Bearer)
                : candidates.stream().anyMatch(Router::isQuery);
    }

    private Optional<Route> query(WireRequest request, List<ServiceSummary> candidates, Supplier<QueryString> form) {
        QueryString parameters = request.parameters().has("Action") ? request.parameters() : form.get();
        Optional<String> action = parameters.first("Action");
        String version = parameters.first("Version").orElse("");
        List<ServiceSummary> services =
                candidates.isEmpty() ? byQueryVersion.getOrDefault(version, List.of()) : candidates;
        List<ServiceSummary> speaking =
                services.stream().filter(Router::isQuery).toList();
        if (speaking.isEmpty()) {
            return Optional.empty();
        }
        ServiceSummary first = speaking.getFirst();
        if (action.isEmpty()) {
            return candidates.isEmpty()
                    ? Optional.empty()
                    : Optional.of(unknown(
                            Optional.of(model(first)),
                            queryProtocol(first),
                            "MissingAction",
                            400,
                            "Could not find an Action parameter in the request"));
        }
        for (ServiceSummary summary : speaking) {
            ServiceModel service = model(summary);
            Optional<OperationModel> operation = service.operation(action.get());
            if (operation.isPresent() && (version.isEmpty() || version.equals(summary.apiVersion()))) {
                return Optional.of(new Route.Found(service, operation.get(), queryProtocol(summary), Map.of()));
            }
        }
        return Optional.of(
                queryProtocol(first) == Protocol.EC2_QUERY
                        ? unknown(
                                Optional.of(model(first)),
                                Protocol.EC2_QUERY,
                                "InvalidAction",
                                400,
                                "The action " + action.get() + " is not valid for this web service.")
                        : unknown(
                                Optional.of(model(first)),
                                Protocol.QUERY,
                                "InvalidAction",
                                400,
                                "Could not find operation " + action.get() + " for version "
                                        + (version.isEmpty() ? "NO_VERSION_SPECIFIED" : version)));
    }

    private Route byPath(WireRequest request, HostName host, List<ServiceSummary> candidates, Credentials credentials) {
        Optional<Route> best = best(request, candidates);
        if (best.isPresent()) {
            return best.get();
        }
        if (candidates.isEmpty() && credentials instanceof Credentials.None) {
            List<ServiceSummary> all = served.stream()
                    .map(id -> models.find(id).orElseThrow().summary())
                    .toList();
            Optional<Route> open = best(request, all);
            if (open.isPresent()) {
                return open.get();
            }
        }
        // S3 is the one to say what is wrong with a credential that names no service.
        boolean named = credentials instanceof Credentials.Signed signed
                && !signed.claim().service().isEmpty();
        Optional<ServiceSummary> store = candidates.isEmpty() && !named
                ? bySigningName.getOrDefault(S3, List.of()).stream()
                        .filter(Router::isObjectStore)
                        .findFirst()
                : candidates.stream().filter(Router::isObjectStore).findFirst();
        if (store.isPresent()) {
            return directoryBuckets(objectStore(request, host, store.get()), credentials);
        }
        return noPath(request, candidates);
    }

    /** The operation that fits best, among all of {@code services} but S3, which takes any path. */
    private Optional<Route> best(WireRequest request, Collection<ServiceSummary> services) {
        RouteTable.Match best = null;
        Optional<Route> route = Optional.empty();
        boolean bestIsNamed = false;
        for (ServiceSummary summary : services) {
            Optional<Protocol> protocol = restProtocol(summary);
            if (protocol.isEmpty() || isObjectStore(summary)) {
                continue;
            }
            Optional<RouteTable.Match> match = table(summary).find(request);
            if (match.isEmpty()) {
                continue;
            }
            boolean named = isNamedByClient(request, summary);
            if (best == null || (named == bestIsNamed ? match.get().isBetterThan(best) : named)) {
                best = match.get();
                bestIsNamed = named;
                route = Optional.of(new Route.Found(
                        model(summary),
                        match.get().operation(),
                        protocol.get(),
                        match.get().labels()));
            }
        }
        return route;
    }

    /**
     * Whether the client says in its {@code User-Agent} that it calls {@code service}, as AWS's SDKs do
     * ({@code api/Bedrock_Agent_Runtime#2.40.2}). Some services share name and paths; nothing else tells them apart when
     * their host is the same.
     */
    private static boolean isNamedByClient(WireRequest request, ServiceSummary service) {
        String agent = request.header("user-agent").orElse("");
        int start = agent.indexOf("api/");
        int end = start < 0 ? -1 : agent.indexOf('#', start);
        if (end < 0) {
            return false;
        }
        String name = agent.substring(start + 4, end).replace('_', ' ').replace('-', ' ');
        return name.equalsIgnoreCase(service.serviceId());
    }

    /** Lists of buckets and of directory buckets have the same path; what they are signed for tells them apart. */
    private static Route directoryBuckets(Route route, Credentials credentials) {
        boolean directories = credentials instanceof Credentials.Signed signed
                && signed.claim().service().equals("s3express");
        if (directories
                && route instanceof Route.Found found
                && found.operation().name().equals("ListBuckets")) {
            return found.service()
                    .operation("ListDirectoryBuckets")
                    .<Route>map(
                            operation -> new Route.Found(found.service(), operation, found.protocol(), found.labels()))
                    .orElse(route);
        }
        return route;
    }

    private Route objectStore(WireRequest request, HostName host, ServiceSummary store) {
        String path = host.bucket().map(bucket -> "/" + bucket + request.path()).orElseGet(request::path);
        Optional<RouteTable.Match> match = table(store).find(request, path);
        if (match.isPresent()) {
            return new Route.Found(
                    model(store),
                    match.get().operation(),
                    Protocol.REST_XML,
                    match.get().labels());
        }
        return unknown(
                Optional.of(model(store)),
                Protocol.REST_XML,
                "MethodNotAllowed",
                405,
                "The specified method is not allowed against this resource.");
    }

    private Route noPath(WireRequest request, List<ServiceSummary> candidates) {
        if (candidates.isEmpty()) {
            return unknown(Optional.empty(), Protocol.REST_JSON, "UnknownOperationException", 404, NOT_RECOGNIZED);
        }
        ServiceSummary first = candidates.getFirst();
        Protocol protocol = first.protocols().getFirst();
        boolean rest = protocol == Protocol.REST_JSON || protocol == Protocol.REST_XML;
        if (rest
                && candidates.stream()
                        .anyMatch(summary -> restProtocol(summary).isPresent()
                                && table(summary).hasPath(request.path()))) {
            return unknown(
                    Optional.of(model(first)),
                    protocol,
                    "MethodNotAllowedException",
                    405,
                    "The specified method is not allowed against this resource.");
        }
        if (isQuery(first) && protocol != Protocol.JSON) {
            return unknown(
                    Optional.of(model(first)),
                    queryProtocol(first),
                    "MissingAction",
                    400,
                    "Could not find an Action parameter in the request");
        }
        return unknown(Optional.of(model(first)), protocol, "UnknownOperationException", 404, NOT_RECOGNIZED);
    }

    private RouteTable table(ServiceSummary summary) {
        RouteTable known = tables.get(summary.id());
        return known != null ? known : tables.computeIfAbsent(summary.id(), id -> new RouteTable(model(summary)));
    }

    private ServiceModel model(ServiceSummary summary) {
        return models.find(summary.id()).orElseThrow();
    }

    private static Route.Unknown unknown(
            Optional<ServiceModel> service, Protocol protocol, String code, int status, String message) {
        return new Route.Unknown(service, protocol, code, status, message);
    }

    private static boolean isObjectStore(ServiceSummary service) {
        return service.id().equals(S3);
    }

    private static boolean isQuery(ServiceSummary service) {
        return service.protocols().contains(Protocol.QUERY)
                || service.protocols().contains(Protocol.EC2_QUERY);
    }

    private static Protocol queryProtocol(ServiceSummary service) {
        return service.protocols().contains(Protocol.EC2_QUERY) ? Protocol.EC2_QUERY : Protocol.QUERY;
    }

    private static Optional<Protocol> restProtocol(ServiceSummary service) {
        for (Protocol protocol : service.protocols()) {
            if (protocol == Protocol.REST_JSON || protocol == Protocol.REST_XML) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }

    /** Whether {@code operation} may be called by nobody in particular. */
    public static boolean isOpen(OperationModel operation) {
        return operation.authentication().contains(Authentication.NONE);
    }

    private static void add(Map<String, List<ServiceSummary>> map, String key, ServiceSummary service) {
        map.computeIfAbsent(key, absent -> new ArrayList<>(1)).add(service);
    }
}
