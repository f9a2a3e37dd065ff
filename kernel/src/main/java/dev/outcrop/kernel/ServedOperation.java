package dev.outcrop.kernel;

import dev.outcrop.kernel.authorization.OperationAccess;
import dev.outcrop.shapes.OperationModel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.reactivestreams.Publisher;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/** An operation that a service implements. Reflection happens once, when it is found; calls go through method handles. */
public final class ServedOperation {
    /** The longest that an event stream may take to end after its sender returned. */
    private static final Duration LONGEST_STREAM = Duration.ofHours(1);

    private final OperationModel model;
    private final OperationAccess access;
    private final Kind kind;
    private final Method method;
    private final Class<? extends SdkRequest> requestType;
    private final Class<? extends SdkResponse> responseType;
    private final Optional<Class<?>> inputEventType;
    private final Optional<Class<?>> outputEventType;
    private final MethodHandle handle;
    private final MethodHandle requestBuilder;
    private final MethodHandle responseBuilder;

    private ServedOperation(OperationModel model, OperationAccess access, Kind kind, Method method, SdkClient client) {
        this.model = model;
        this.access = access;
        this.kind = kind;
        this.method = method;
        requestType = method.getParameterTypes()[0].asSubclass(SdkRequest.class);
        responseType = responseType(kind, method);
        inputEventType = switch (kind) {
            case EVENTS_IN, EVENTS_IN_OUT -> Optional.of(argument(method.getGenericParameterTypes()[1], 0));
            case PLAIN, BLOB_IN, BLOB_OUT, BLOB_IN_OUT, EVENTS_OUT -> Optional.empty();
        };
        outputEventType = switch (kind) {
            case EVENTS_OUT, EVENTS_IN_OUT -> Optional.of(argument(handlerInterface(handlerType(method)), 1));
            case PLAIN, BLOB_IN, BLOB_OUT, BLOB_IN_OUT, EVENTS_IN -> Optional.empty();
        };
        try {
            MethodHandle bound = MethodHandles.publicLookup().unreflect(method).bindTo(client);
            handle = bound.asType(MethodType.genericMethodType(bound.type().parameterCount()));
            requestBuilder = builder(requestType);
            responseBuilder = builder(responseType);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalArgumentException(method + " is not an operation of an SDK client", failure);
        }
    }

    /**
     * The operation that {@code method} is, if it is the full form of one (not a convenience that takes a builder).
     *
     * @param method a method of the SDK's client interface
     */
    static Optional<ServedOperation> of(OperationModel model, OperationAccess access, Method method, SdkClient client) {
        return kind(method).map(kind -> new ServedOperation(model, access, kind, method, client));
    }

    /** What kind of operation a method of a client interface stands for; empty for conveniences. */
    static Optional<Kind> kind(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length == 0 || !SdkRequest.class.isAssignableFrom(parameters[0])) {
            return Optional.empty();
        }
        boolean future = method.getReturnType() == CompletableFuture.class;
        return Optional.ofNullable(
                switch (parameters.length) {
                    case 1 -> SdkResponse.class.isAssignableFrom(method.getReturnType()) ? Kind.PLAIN : null;
                    case 2 ->
                        parameters[1] == RequestBody.class
                                ? Kind.BLOB_IN
                                : parameters[1] == ResponseTransformer.class
                                        ? Kind.BLOB_OUT
                                        : future && parameters[1] == Publisher.class
                                                ? Kind.EVENTS_IN
                                                : future
                                                                && EventStreamResponseHandler.class.isAssignableFrom(
                                                                        parameters[1])
                                                        ? Kind.EVENTS_OUT
                                                        : null;
                    case 3 ->
                        parameters[1] == RequestBody.class && parameters[2] == ResponseTransformer.class
                                ? Kind.BLOB_IN_OUT
                                : future
                                                && parameters[1] == Publisher.class
                                                && EventStreamResponseHandler.class.isAssignableFrom(parameters[2])
                                        ? Kind.EVENTS_IN_OUT
                                        : null;
                    default -> null;
                });
    }

    /** The operation's name in the model, such as {@code GetCallerIdentity}. */
    public String name() {
        return model.name();
    }

    public OperationModel model() {
        return model;
    }

    public Kind kind() {
        return kind;
    }

    public Class<? extends SdkRequest> requestType() {
        return requestType;
    }

    public Class<? extends SdkResponse> responseType() {
        return responseType;
    }

    /** The type of the events that the caller sends, if it does. */
    public Optional<Class<?>> inputEventType() {
        return inputEventType;
    }

    /** The type of the events that the service sends, if it does. */
    public Optional<Class<?>> outputEventType() {
        return outputEventType;
    }

    /** An empty builder of the request, to be filled by its SDK fields; it is an {@code SdkRequest.Builder}, too. */
    public SdkPojo newRequestBuilder() {
        return newBuilder(requestBuilder);
    }

    /** An empty builder of the response. */
    public SdkPojo newResponseBuilder() {
        return newBuilder(responseBuilder);
    }

    /** What calls of it need to be allowed. */
    public OperationAccess access() {
        return access;
    }

    /** Calls the service; what it throws comes out as it is. */
    Optional<SdkResponse> invoke(SdkRequest request, Streams streams) {
        try {
            Object result = switch (kind) {
                case PLAIN -> (Object) handle.invokeExact((Object) request);
                case BLOB_IN -> (Object) handle.invokeExact((Object) request, (Object) inputBlob(streams));
                case BLOB_OUT -> (Object) handle.invokeExact((Object) request, (Object) outputBlob(streams));
                case BLOB_IN_OUT ->
                    (Object) handle.invokeExact(
                            (Object) request, (Object) inputBlob(streams), (Object) outputBlob(streams));
                case EVENTS_IN -> (Object) handle.invokeExact((Object) request, (Object) inputEvents(streams));
                case EVENTS_OUT -> (Object) handle.invokeExact((Object) request, handler(streams));
                case EVENTS_IN_OUT ->
                    (Object) handle.invokeExact((Object) request, (Object) inputEvents(streams), handler(streams));
            };
            return switch (kind) {
                case PLAIN, BLOB_IN -> Optional.of((SdkResponse) result);
                case BLOB_OUT, BLOB_IN_OUT -> Optional.empty();
                case EVENTS_IN -> Optional.of((SdkResponse) await((CompletableFuture<?>) result));
                case EVENTS_OUT, EVENTS_IN_OUT -> {
                    await((CompletableFuture<?>) result);
                    yield Optional.empty();
                }
            };
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException(model.name() + " failed", failure);
        }
    }

    private static RequestBody inputBlob(Streams streams) {
        return streams.inputBlob().orElseGet(RequestBody::empty);
    }

    private ResponseTransformer<Object, ?> outputBlob(Streams streams) {
        return streams.outputBlob().orElseThrow(() -> missing("output blob"));
    }

    private Publisher<?> inputEvents(Streams streams) {
        return streams.inputEvents().orElseThrow(() -> missing("input events"));
    }

    private IllegalArgumentException missing(String what) {
        return new IllegalArgumentException(model.name() + " needs the " + what + " of its streams");
    }

    /** The handler as the type that the operation takes. */
    private Object handler(Streams streams) {
        EventStreamResponseHandler<Object, Object> target =
                streams.outputEvents().orElseThrow(() -> missing("output events"));
        Class<?> type = handlerType(method);
        if (type.isInstance(target)) {
            return target;
        }
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> switch (called.getName()) {
                    case "equals" -> isSame(proxy, arguments[0]);
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "toString" -> type.getSimpleName() + " of " + target;
                    default -> {
                        try {
                            yield called.invoke(target, arguments);
                        } catch (java.lang.reflect.InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    }
                });
    }

    /** A proxy is equal to itself alone. */
    @SuppressWarnings("ReferenceEquality") // Identity is what is asked for.
    static boolean isSame(Object proxy, Object other) {
        return proxy == other;
    }

    private static Object await(CompletableFuture<?> future) {
        try {
            return future.get(LONGEST_STREAM.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException("the stream failed", failure.getCause());
            }
        } catch (TimeoutException failure) {
            future.cancel(true);
            throw new IllegalStateException("the stream did not end within " + LONGEST_STREAM, failure);
        } catch (InterruptedException failure) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new ClientGone("interrupted while the stream ran");
        }
    }

    private static Class<? extends SdkResponse> responseType(Kind kind, Method method) {
        Type[] parameters = method.getGenericParameterTypes();
        Class<?> type = switch (kind) {
            case PLAIN, BLOB_IN -> method.getReturnType();
            case BLOB_OUT -> argument(parameters[1], 0);
            case BLOB_IN_OUT -> argument(parameters[2], 0);
            case EVENTS_IN -> argument(method.getGenericReturnType(), 0);
            case EVENTS_OUT, EVENTS_IN_OUT -> argument(handlerInterface(handlerType(method)), 0);
        };
        return type.asSubclass(SdkResponse.class);
    }

    private static Class<?> handlerType(Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        return parameters[parameters.length - 1];
    }

    private static Type handlerInterface(Class<?> handlerType) {
        for (Type superinterface : handlerType.getGenericInterfaces()) {
            if (superinterface instanceof ParameterizedType parameterized
                    && parameterized.getRawType() == EventStreamResponseHandler.class) {
                return parameterized;
            }
        }
        throw new IllegalArgumentException(handlerType + " is not directly an EventStreamResponseHandler");
    }

    private static Class<?> argument(Type type, int index) {
        Type argument = ((ParameterizedType) type).getActualTypeArguments()[index];
        return switch (argument) {
            case Class<?> plain -> plain;
            case WildcardType wildcard -> (Class<?>) wildcard.getUpperBounds()[0];
            default -> throw new IllegalArgumentException(argument + " is not a class");
        };
    }

    private static MethodHandle builder(Class<?> type) throws ReflectiveOperationException {
        return MethodHandles.publicLookup()
                .unreflect(type.getMethod("builder"))
                .asType(MethodType.methodType(Object.class));
    }

    private static SdkPojo newBuilder(MethodHandle builder) {
        try {
            return (SdkPojo) (Object) builder.invokeExact();
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException("a shape's builder cannot be made", failure);
        }
    }

    /** What an operation takes and gives beside its request and response. */
    public enum Kind {
        PLAIN,
        BLOB_IN,
        BLOB_OUT,
        BLOB_IN_OUT,
        EVENTS_IN,
        EVENTS_OUT,
        EVENTS_IN_OUT
    }
}
