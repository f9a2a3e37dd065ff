package dev.outcrop.conformance.shapes;

import dev.outcrop.kernel.EventSink;
import dev.outcrop.kernel.EventStreams;
import dev.outcrop.kernel.ServedOperation;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.shapes.OperationModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;

/**
 * A service that answers every operation with a sample of its response, the same each time, once it has read all that
 * the caller sent: a proxy of the SDK's client interface, so that whatever stands before a service stands before it.
 */
final class SampleService implements InvocationHandler {
    /** What streams of bytes hold. */
    static final byte[] STREAM = "a stream of bytes é".getBytes(StandardCharsets.UTF_8);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ServedServices services;
    private final String id;
    private final Asked asked;

    private SampleService(ServedServices services, String id, Asked asked) {
        this.services = services;
        this.id = id;
        this.asked = asked;
    }

    /** Hears what a service is asked. */
    @FunctionalInterface
    interface Asked {
        /**
         * A call has come.
         *
         * @param events what came in its event stream, if it has one
         */
        void with(String operation, SdkRequest request, List<Object> events);
    }

    /** Registers a sample of {@code service}, with its event streams if it has some. */
    static void serve(ServedServices services, SdkService service, Asked asked) {
        String id = service.toString();
        SampleService handler = new SampleService(services, id, asked);
        boolean streams = service.model().operations().values().stream()
                .anyMatch(operation -> operation.inputEventStream() || operation.outputEventStream());
        if (streams) {
            Class<?> async = service.asyncClient();
            services.serve(
                    id, service.client(), () -> handler.proxy(service.client()), async, () -> handler.proxy(async));
        } else {
            services.serve(id, service.client(), () -> handler.proxy(service.client()));
        }
    }

    private SdkClient proxy(Class<?> type) {
        return (SdkClient) Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "serviceName", "toString" -> id;
            case "close" -> null;
            case "hashCode" -> id.hashCode();
            case "equals" ->
                arguments[0] instanceof SdkClient other && other.toString().equals(id);
            default -> answer(operation(method), arguments);
        };
    }

    private ServedOperation operation(Method method) {
        return services.find(id).orElseThrow().operations().stream()
                .filter(operation -> operation
                        .name()
                        .toLowerCase(Locale.ROOT)
                        .equals(method.getName().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(method + " is no operation"));
    }

    private Object answer(ServedOperation operation, Object[] arguments) throws Exception {
        OperationModel model = operation.model();
        SampleShapes samples = SampleShapes.of(services.find(id).orElseThrow().model(), model);
        Optional<ResponseTransformer<Object, ?>> bytesOut = Optional.empty();
        Optional<EventStreamResponseHandler<Object, Object>> eventsOut = Optional.empty();
        Events eventsIn = new Events();
        for (Object argument : arguments) {
            switch (argument) {
                case RequestBody body -> drain(body);
                case ResponseTransformer<?, ?> transformer -> bytesOut = Optional.of(typed(transformer));
                case Publisher<?> publisher -> publisher.subscribe(eventsIn);
                case EventStreamResponseHandler<?, ?> handler -> eventsOut = Optional.of(typed(handler));
                default -> {}
            }
        }
        SdkPojo response = samples.response(model, operation.newResponseBuilder(), bytesOut.isPresent());
        if (model.inputEventStream()) {
            asked.with(operation.name(), (SdkRequest) arguments[0], eventsIn.all());
        } else {
            asked.with(operation.name(), (SdkRequest) arguments[0], List.of());
        }
        if (bytesOut.isPresent()) {
            return bytesOut.get().transform(response, AbortableInputStream.create(new ByteArrayInputStream(STREAM)));
        }
        if (eventsOut.isPresent()) {
            List<Object> events = samples.events(
                    model.output().orElseThrow(), operation.outputEventType().orElseThrow());
            return EventStreams.publish(
                    eventsOut.get(), response, (EventSink<Object> sink) -> events.forEach(sink::send));
        }
        return model.inputEventStream() ? CompletableFuture.completedFuture(response) : response;
    }

    private static void drain(RequestBody body) {
        try (InputStream in = body.contentStreamProvider().newStream()) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // The corridor hands an operation the handlers of its own response.
    private static ResponseTransformer<Object, ?> typed(ResponseTransformer<?, ?> transformer) {
        return (ResponseTransformer<Object, ?>) transformer;
    }

    @SuppressWarnings("unchecked") // As above.
    private static EventStreamResponseHandler<Object, Object> typed(EventStreamResponseHandler<?, ?> handler) {
        return (EventStreamResponseHandler<Object, Object>) handler;
    }

    /** Collects the events that a caller sends. */
    private static final class Events implements Subscriber<Object> {
        private static final Object END = new Object();

        private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Object event) {
            received.add(event);
        }

        @Override
        public void onError(Throwable failure) {
            received.add(failure);
        }

        @Override
        public void onComplete() {
            received.add(END);
        }

        /** Waits for their end. */
        List<Object> all() throws InterruptedException {
            List<Object> events = new ArrayList<>();
            while (true) {
                Object next = received.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                switch (next) {
                    case null -> throw new IllegalStateException("the caller's events do not end");
                    case RuntimeException failure -> throw failure;
                    case Throwable failure -> throw new IllegalStateException(failure);
                    default -> {
                        if (next.equals(END)) {
                            return events;
                        }
                        events.add(next);
                    }
                }
            }
        }
    }
}
