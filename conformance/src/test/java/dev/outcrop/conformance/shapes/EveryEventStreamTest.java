package dev.outcrop.conformance.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.ServedOperation;
import dev.outcrop.kernel.ServedService;
import dev.outcrop.shapes.OperationModel;
import dev.outcrop.shapes.ServiceTables;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.async.SdkPublisher;

/**
 * Every operation with an event stream through the SDK's own async client and a real connection: the request and the
 * events that the client sends arrive equal, and so do the response and its events, one of each kind.
 */
@Execution(ExecutionMode.CONCURRENT)
class EveryEventStreamTest {
    private static final ServiceTables TABLES = new ServiceTables();
    private static final Map<String, CompletableFuture<Asked>> ASKED = new ConcurrentHashMap<>();

    private static SampleHouse house;

    private record Asked(SdkRequest request, List<Object> events) {}

    @BeforeAll
    static void open() {
        house = SampleHouse.open(
                0,
                new UnconstrainedTables(TABLES),
                (operation, request, events) -> asked(operation).complete(new Asked(request, events)));
    }

    @AfterAll
    static void close() {
        house.close();
    }

    /** No two of these operations share a name. */
    private static CompletableFuture<Asked> asked(String operation) {
        return ASKED.computeIfAbsent(operation, _ -> new CompletableFuture<>());
    }

    @TestFactory
    Stream<DynamicTest> requestsResponsesAndEventsArriveEqual() {
        return SdkService.all(TABLES).stream()
                .flatMap(service -> service.model().operations().values().stream()
                        .filter(operation -> operation.inputEventStream() || operation.outputEventStream())
                        .map(operation -> DynamicTest.dynamicTest(
                                service + " " + operation.name(), () -> check(service, operation))));
    }

    private static void check(SdkService service, OperationModel model) throws Exception {
        ServedService served = house.services().find(service.toString()).orElseThrow();
        ServedOperation operation = served.operation(model.name()).orElseThrow();
        SampleShapes samples = SampleShapes.of(served.model(), model);
        SdkPojo request = samples.request(model, operation.newRequestBuilder());
        List<Object> input = operation.inputEventType().isPresent()
                ? samples.events(
                        model.input().orElseThrow(), operation.inputEventType().get())
                : List.of();

        Collector received = new Collector();
        try (AutoCloseable client = service.newAsyncClient(house.port())) {
            call(service.asyncClient(), client, operation, request, input, received);
        }

        received.read.get(10, TimeUnit.SECONDS);
        Asked asked = asked(model.name()).get(10, TimeUnit.SECONDS);
        assertThat(Differences.between(request, asked.request())).isEmpty();
        assertThat(asked.events()).isEqualTo(input);
        SampleShapes expected = SampleShapes.of(served.model(), model);
        SdkPojo response = expected.response(model, operation.newResponseBuilder(), false);
        assertThat(Differences.between(response, received.response.orElseThrow()))
                .isEmpty();
        assertThat(received.events)
                .isNotEmpty()
                .isEqualTo(expected.events(
                        model.output().orElseThrow(),
                        operation.outputEventType().orElseThrow()));
    }

    private static void call(
            Class<?> type,
            Object client,
            ServedOperation operation,
            SdkPojo request,
            List<Object> input,
            Collector received)
            throws Exception {
        Method method = Arrays.stream(type.getMethods())
                .filter(candidate -> candidate.getName().equalsIgnoreCase(operation.name())
                        && candidate.getParameterTypes()[0] == operation.requestType())
                .findFirst()
                .orElseThrow();
        Class<?> handler = method.getParameterTypes()[method.getParameterCount() - 1];
        List<Object> arguments = new ArrayList<>();
        arguments.add(request);
        if (operation.inputEventType().isPresent()) {
            arguments.add(SdkPublisher.fromIterable(input));
        }
        arguments.add(Proxy.newProxyInstance(
                handler.getClassLoader(),
                new Class<?>[] {handler},
                (_, called, values) -> called.invoke(received, values)));
        ((CompletableFuture<?>) method.invoke(client, arguments.toArray())).get(30, TimeUnit.SECONDS);
    }

    /** What a client hands its caller. */
    private static final class Collector implements EventStreamResponseHandler<Object, Object> {
        private final List<Object> events = new ArrayList<>();
        private Optional<SdkPojo> response = Optional.empty();
        private CompletableFuture<Void> read = new CompletableFuture<>();

        @Override
        public void responseReceived(Object received) {
            response = Optional.of((SdkPojo) received);
        }

        @Override
        public void onEventStream(SdkPublisher<Object> publisher) {
            read = publisher.subscribe(events::add);
        }

        @Override
        public void exceptionOccurred(Throwable failure) {
            // The future of the call tells it.
        }

        @Override
        public void complete() {
            // As above.
        }
    }
}
