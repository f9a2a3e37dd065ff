package dev.outcrop.kernel;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;

/**
 * How one service reaches another: by that service's SDK client, whose calls walk the corridor as the caller of the
 * present call. They are authorized and recorded like any other.
 */
public final class Clients {
    private final ServedServices services;
    private final Corridor corridor;
    private final RoleSessions sessions;
    private final RemoteServices remote;
    private final Optional<String> role;
    private final ConcurrentMap<Class<?>, Object> proxies = new ConcurrentHashMap<>();

    /** Clients of what the house itself serves, where a role is known by its ARN alone. */
    public Clients(ServedServices services, Corridor corridor) {
        this(services, corridor, RoleSessions.BY_ARN, RemoteServices.NONE);
    }

    /**
     * Clients.
     *
     * @param sessions how a service comes to act as a role
     * @param remote   the services that other processes serve
     */
    public Clients(ServedServices services, Corridor corridor, RoleSessions sessions, RemoteServices remote) {
        this(services, corridor, sessions, remote, Optional.empty());
    }

    private Clients(
            ServedServices services,
            Corridor corridor,
            RoleSessions sessions,
            RemoteServices remote,
            Optional<String> role) {
        this.services = services;
        this.corridor = corridor;
        this.sessions = sessions;
        this.remote = remote;
        this.role = role;
    }

    /**
     * The client of a service, sync or async. Its calls need a {@link CallContext}. Of a service that another process
     * serves it is the SDK's own, which is closed with the {@link RemoteServices}.
     *
     * @throws IllegalArgumentException if neither the house nor another process serves a service by that client
     */
    public <C extends SdkClient> C of(Class<C> clientInterface) {
        Optional<C> elsewhere = remote.find(clientInterface, role);
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        return clientInterface.cast(proxies.computeIfAbsent(clientInterface, this::proxy));
    }

    /**
     * Clients that call as the role with {@code roleArn}, in a session named after the calling service. Whether the caller
     * may pass the role was decided when it was passed; whether the service may assume it is decided at each call.
     *
     * @throws AwsError {@code ValidationException} if that is no ARN of a role
     */
    public Clients as(String roleArn) {
        return new Clients(services, corridor, sessions, remote, Optional.of(RoleSessions.checked(roleArn)));
    }

    private Object proxy(Class<?> clientInterface) {
        ServedService service = services.find(clientInterface)
                .orElseThrow(() -> new IllegalArgumentException(clientInterface.getName() + " is not served here"));
        return Proxy.newProxyInstance(
                clientInterface.getClassLoader(),
                new Class<?>[] {clientInterface},
                new Calls(service, clientInterface));
    }

    /** Turns the methods of a client interface into calls. */
    private final class Calls implements InvocationHandler {
        private final ServedService service;
        private final Class<?> clientInterface;
        private final Map<String, ServedOperation> operations;

        Calls(ServedService service, Class<?> clientInterface) {
            this.service = service;
            this.clientInterface = clientInterface;
            operations = service.operations().stream()
                    .collect(Collectors.toMap(
                            operation -> operation.name().toLowerCase(Locale.ROOT), Function.identity()));
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "equals" -> ServedOperation.isSame(proxy, arguments[0]);
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> clientInterface.getSimpleName() + " of " + service.id();
                };
            }
            if (method.getName().equals("serviceName") && method.getParameterCount() == 0) {
                return service.id();
            }
            if (method.getName().equals("close") && method.getParameterCount() == 0) {
                return null;
            }
            Optional<ServedOperation.Kind> kind = ServedOperation.kind(method);
            if (kind.isPresent()) {
                return call(method, kind.get(), arguments);
            }
            if (isAsyncPlain(method)) {
                return inBackground(
                        context -> answer(context, operation(method), (SdkRequest) arguments[0], Streams.NONE));
            }
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }

        private Object call(Method method, ServedOperation.Kind kind, Object[] arguments) {
            ServedOperation operation = operation(method);
            SdkRequest request = (SdkRequest) arguments[0];
            return switch (kind) {
                case PLAIN -> answer(context(), operation, request, Streams.NONE);
                case BLOB_IN ->
                    answer(context(), operation, request, blobs(Optional.of((RequestBody) arguments[1]), null));
                case BLOB_OUT -> {
                    Captured captured = new Captured((ResponseTransformer<?, ?>) arguments[1]);
                    answer(context(), operation, request, blobs(Optional.empty(), captured));
                    yield captured.result;
                }
                case BLOB_IN_OUT -> {
                    Captured captured = new Captured((ResponseTransformer<?, ?>) arguments[2]);
                    answer(context(), operation, request, blobs(Optional.of((RequestBody) arguments[1]), captured));
                    yield captured.result;
                }
                case EVENTS_IN ->
                    events(operation, request, Optional.of((Publisher<?>) arguments[1]), Optional.empty());
                case EVENTS_OUT -> events(operation, request, Optional.empty(), Optional.of(arguments[1]));
                case EVENTS_IN_OUT ->
                    events(operation, request, Optional.of((Publisher<?>) arguments[1]), Optional.of(arguments[2]));
            };
        }

        private static Streams blobs(Optional<RequestBody> input, Captured output) {
            return new Streams(input, Optional.ofNullable(output), Optional.empty(), Optional.empty());
        }

        private CompletableFuture<SdkResponse> events(
                ServedOperation operation, SdkRequest request, Optional<Publisher<?>> input, Optional<Object> handler) {
            Streams streams = new Streams(Optional.empty(), Optional.empty(), input, handler.map(Calls::typed));
            return inBackground(context -> answer(context, operation, request, streams));
        }

        /** The handler of a client's own type: the operation gets it back as what it is. */
        @SuppressWarnings("unchecked") // Request, response and events come from one method of the client interface.
        private static EventStreamResponseHandler<Object, Object> typed(Object handler) {
            return (EventStreamResponseHandler<Object, Object>) handler;
        }

        private CompletableFuture<SdkResponse> inBackground(Function<CallContext, SdkResponse> body) {
            CallContext context = context();
            CompletableFuture<SdkResponse> future = new CompletableFuture<>();
            Thread.ofVirtual().name("call-" + service.id()).start(() -> {
                try {
                    future.complete(body.apply(context));
                } catch (RuntimeException failure) {
                    future.completeExceptionally(failure);
                }
            });
            return future;
        }

        private SdkResponse answer(
                CallContext context, ServedOperation operation, SdkRequest request, Streams streams) {
            return Corridor.response(corridor.call(context, service, operation, request, streams));
        }

        private ServedOperation operation(Method method) {
            ServedOperation operation = operations.get(method.getName().toLowerCase(Locale.ROOT));
            if (operation == null) {
                throw corridor.failure(context(), service, AwsError.notImplemented(service.id(), method.getName()))
                        .exception();
            }
            return operation;
        }

        private static boolean isAsyncPlain(Method method) {
            return method.getReturnType() == CompletableFuture.class
                    && method.getParameterCount() == 1
                    && SdkRequest.class.isAssignableFrom(method.getParameterTypes()[0]);
        }
    }

    /** The context of a call from here; none of it is the network's any more. */
    private CallContext context() {
        CallContext caller = CallContext.current();
        Optional<String> service = caller.service().or(caller::callingService);
        Optional<String> name = service.map(this::principalName);
        CallContext.Builder builder = caller.toBuilder()
                .requestId(UUID.randomUUID().toString())
                .callingService(service)
                .sourceAddress(name.orElse(caller.sourceAddress()))
                .userAgent(name.orElse(caller.userAgent()))
                .referer(Optional.empty())
                .traceParent(Optional.of(caller.trace().traceParent()))
                .secureTransport(true)
                .startedAt(Instant.now());
        if (role.isPresent()) {
            Principal session = sessions.open(role.get(), name.orElse("outcrop"));
            builder.principal(session).account(session.account()).calledVia(List.of());
        } else if (name.isPresent()) {
            List<String> chain = new ArrayList<>(caller.calledVia());
            chain.add(name.get());
            builder.calledVia(chain);
        }
        return builder.build();
    }

    private String principalName(String service) {
        return services.find(service).map(ServedService::principalName).orElse(service + ".amazonaws.com");
    }

    /** Keeps what a transformer made of the response. */
    private static final class Captured implements ResponseTransformer<Object, Object> {
        private final ResponseTransformer<Object, Object> target;
        private Object result;

        @SuppressWarnings("unchecked") // The transformer came with the request whose response it takes.
        Captured(ResponseTransformer<?, ?> target) {
            this.target = (ResponseTransformer<Object, Object>) target;
        }

        @Override
        public Object transform(Object response, AbortableInputStream content) throws Exception {
            result = target.transform(response, content);
            return result;
        }

        @Override
        public boolean needsConnectionLeftOpen() {
            return target.needsConnectionLeftOpen();
        }
    }
}
