package dev.outcrop.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.outcrop.shapes.ServiceTables;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.eventstream.EventStreamResponseHandler;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.InternalServerException;
import software.amazon.awssdk.services.bedrockruntime.model.ModelNotReadyException;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class CorridorTest {
    private static final String REQUEST_ID = "0b2d4f6e-0000-4000-8000-000000000000";

    private final List<CallRecord> records = new ArrayList<>();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final ServedServices services = new ServedServices(new ServiceTables())
            .serve(
                    "bedrock-runtime",
                    BedrockRuntimeClient.class,
                    Echo::new,
                    BedrockRuntimeAsyncClient.class,
                    EchoStreams::new);
    private final ServedService bedrock = services.find("bedrock-runtime").orElseThrow();
    private final Corridor corridor = corridor(Throttle.unlimited());
    private final Clients clients = new Clients(services, corridor);

    @Test
    void answersAndRecords() {
        Answer answer = call(root(), corridor);

        assertThat(answer).isInstanceOf(Answer.Success.class);
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.service()).isEqualTo("bedrock-runtime");
            assertThat(record.operation()).isEqualTo("Converse");
            assertThat(record.failure()).isEmpty();
            assertThat(record.context().metering().amounts()).containsEntry(Metering.INPUT_TOKENS, 3.0);
        });
    }

    @Test
    void refusesWhoeverIsNotRootInAwsWords() {
        Principal user = new Principal(
                Principal.Kind.USER, "arn:aws:iam::123456789012:user/bob", "123456789012", "AIDA", Optional.empty());

        Answer.Failure refused = failed(call(context(user), corridor));

        assertThat(refused.code()).isEqualTo("AccessDeniedException");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.modeled()).isTrue();
        assertThat(refused.message())
                .isEqualTo("User: arn:aws:iam::123456789012:user/bob is not authorized to perform: bedrock:InvokeModel "
                        + "on resource: arn:aws:bedrock:us-east-1::foundation-model/m.n-v1 because no identity-based policy "
                        + "allows the bedrock:InvokeModel action");
        assertThat(records)
                .singleElement()
                .satisfies(record ->
                        assertThat(record.failure().orElseThrow().code()).isEqualTo("AccessDeniedException"));
    }

    @Test
    void refusesTheRootOfAnotherAccount() {
        CallContext foreign = root().toBuilder().account("999999999999").build();

        assertThat(failed(call(foreign, corridor)).code()).isEqualTo("AccessDeniedException");
    }

    @Test
    void throttlesPastTheRateOfTheAccountAndOperation() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        InstantSource clock = now::get;
        Corridor throttled = corridor(new Throttle(
                (account, region, service, operation) ->
                        operation.equals("Converse") ? Optional.of(new Throttle.Rate(1, 2)) : Optional.empty(),
                clock));

        assertThat(call(root(), throttled)).isInstanceOf(Answer.Success.class);
        assertThat(call(root(), throttled)).isInstanceOf(Answer.Success.class);
        Answer.Failure refused = failed(call(root(), throttled));
        now.set(Instant.EPOCH.plusSeconds(1));

        assertThat(refused.code()).isEqualTo("ThrottlingException");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(call(root(), throttled)).isInstanceOf(Answer.Success.class);
    }

    @Test
    void givesModeledErrorsTheirCodeStatusAndRequestId() {
        failure.set(ModelNotReadyException.builder().message("still loading").build());

        Answer.Failure failed = failed(call(root(), corridor));

        assertThat(failed.code()).isEqualTo("ModelNotReadyException");
        assertThat(failed.status()).isEqualTo(429);
        assertThat(failed.message()).isEqualTo("still loading");
        assertThat(failed.exception()).isInstanceOf(ModelNotReadyException.class);
        assertThat(failed.exception().requestId()).isEqualTo(REQUEST_ID);
        assertThat(failed.exception().awsErrorDetails().errorCode()).isEqualTo("ModelNotReadyException");
    }

    @Test
    void keepsWhatWasUnexpectedToItself() {
        failure.set(new IllegalStateException("the password is 1234"));

        Answer.Failure failed = failed(call(root(), corridor));

        assertThat(failed.code()).isEqualTo("InternalServerException");
        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.fault()).isTrue();
        assertThat(failed.message()).contains(REQUEST_ID).doesNotContain("1234");
        assertThat(failed.exception()).isInstanceOf(InternalServerException.class);
    }

    @Test
    void anotherServiceGetsTheClientsOwnExceptionsAndIsRecordedAsTheCaller() {
        assertThatThrownBy(() -> root().call(() -> clients.of(BedrockRuntimeClient.class)
                        .converse(ConverseRequest.builder().build())))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Value at 'modelId' failed to satisfy constraint: Member must not be null")
                .asInstanceOf(type(ValidationException.class))
                .satisfies(error -> assertThat(error.statusCode()).isEqualTo(400));

        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.context().principal()).isEqualTo(root().principal());
            assertThat(record.context().requestId()).isNotEqualTo(REQUEST_ID);
        });
    }

    @Test
    void anotherServiceMayUseTheClientsConveniences() {
        ConverseResponse response = root().call(
                        () -> clients.of(BedrockRuntimeClient.class).converse(request -> request.modelId("m.n-v1")));

        assertThat(response.metrics().latencyMs()).isEqualTo(7);
    }

    @Test
    void anotherServiceIsToldWhatIsNotImplemented() {
        assertThatThrownBy(() -> root().call(() ->
                        clients.of(BedrockRuntimeClient.class).invokeModel(request -> request.modelId("m.n-v1"))))
                .hasMessageContaining("Outcrop does not implement bedrock-runtime:invokeModel yet");
    }

    @Test
    void aRoleMayDoNothingUntilThereArePolicies() {
        assertThatThrownBy(() -> root().call(() -> clients.as("arn:aws:iam::123456789012:role/reader")
                        .of(BedrockRuntimeClient.class)
                        .converse(request -> request.modelId("m.n-v1"))))
                .hasMessageContaining("User: arn:aws:sts::123456789012:assumed-role/reader/outcrop is not authorized");
    }

    @Test
    void streamsEventsOnTheThreadOfTheCall() {
        Collecting handler = new Collecting(Integer.MAX_VALUE);

        Answer answer = stream(handler);

        assertThat(answer).isEqualTo(new Answer.Success(Optional.empty()));
        assertThat(handler.events).hasSize(3);
        assertThat(handler.threads).containsOnly(Thread.currentThread());
        assertThat(handler.completed).isTrue();
    }

    @Test
    void stopsTheSenderWhenTheReaderIsGone() {
        Collecting handler = new Collecting(1);

        Answer.Failure failed = failed(stream(handler));

        assertThat(failed.code()).isEqualTo("ClientGone");
        assertThat(handler.events).hasSize(1);
        assertThat(records).hasSize(1);
    }

    @Test
    void endsAStreamWithTheErrorOfItsSender() {
        failure.set(ModelNotReadyException.builder().message("lost").build());
        Collecting handler = new Collecting(Integer.MAX_VALUE);

        Answer.Failure failed = failed(stream(handler));

        assertThat(handler.events).hasSize(2);
        assertThat(failed.code()).isEqualTo("ModelNotReadyException");
    }

    @Test
    void anotherServiceReadsStreamsByTheSdksOwnHandler() throws Exception {
        List<ConverseStreamOutput> events = new ArrayList<>();
        ConverseStreamResponseHandler handler =
                ConverseStreamResponseHandler.builder().subscriber(events::add).build();

        CompletableFuture<Void> done = root().call(() -> clients.of(BedrockRuntimeAsyncClient.class)
                .converseStream(request -> request.modelId("m.n-v1"), handler));
        done.get(10, TimeUnit.SECONDS);

        assertThat(events).hasSize(3);
    }

    @Test
    void theFailureOfAnEndpointIsLoggedOnceByWhoeverAnswers() {
        Logger logger = (Logger) LoggerFactory.getLogger(ModeledErrors.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        Endpoint broken = new Endpoint() {
            @Override
            public String method() {
                return "GET";
            }

            @Override
            public String path() {
                return "/broken";
            }

            @Override
            public Authentication authentication() {
                return Authentication.NONE;
            }

            @Override
            public Optional<String> operation() {
                return Optional.of("bedrock:Broken");
            }

            @Override
            public void handle(EndpointExchange exchange) {
                throw new IllegalStateException("broken");
            }
        };

        try {
            CallContext context = root();
            assertThatThrownBy(() -> corridor.serve(context, broken, null))
                    .isInstanceOfSatisfying(IllegalStateException.class, thrown -> corridor.failure(context, thrown));
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list).hasSize(1);
        assertThat(records)
                .singleElement()
                .satisfies(record ->
                        assertThat(record.failure().orElseThrow().code()).isEqualTo("InternalFailure"));
    }

    private Corridor corridor(Throttle throttle) {
        return new Corridor(Authorization.ROOT_ONLY, throttle, records::add);
    }

    private Answer call(CallContext context, Corridor through) {
        return through.call(
                context,
                bedrock,
                bedrock.operation("Converse").orElseThrow(),
                ConverseRequest.builder().modelId("m.n-v1").build(),
                Streams.NONE);
    }

    private Answer stream(Collecting handler) {
        return corridor.call(
                root(),
                bedrock,
                bedrock.operation("ConverseStream").orElseThrow(),
                ConverseStreamRequest.builder().modelId("m.n-v1").build(),
                new Streams(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(handler)));
    }

    private static Answer.Failure failed(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Failure.class);
        return (Answer.Failure) answer;
    }

    private static CallContext root() {
        return context(Principal.root("123456789012", Optional.empty()));
    }

    private static CallContext context(Principal principal) {
        return CallContext.builder().principal(principal).requestId(REQUEST_ID).build();
    }

    private final class Echo implements BedrockRuntimeClient {
        @Override
        public ConverseResponse converse(ConverseRequest request) {
            if (failure.get() != null) {
                throw failure.get();
            }
            CallContext.current().metering().inputTokens(3);
            return ConverseResponse.builder()
                    .metrics(metrics -> metrics.latencyMs(7L))
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private final class EchoStreams implements BedrockRuntimeAsyncClient {
        @Override
        public CompletableFuture<Void> converseStream(
                ConverseStreamRequest request, ConverseStreamResponseHandler handler) {
            return EventStreams.publish(
                    handler, ConverseStreamResponse.builder().build(), sink -> {
                        sink.send(ConverseStreamOutput.messageStartBuilder()
                                .role("assistant")
                                .build());
                        sink.send(ConverseStreamOutput.contentBlockDeltaBuilder()
                                .delta(delta -> delta.text("Hi"))
                                .build());
                        if (failure.get() != null) {
                            throw failure.get();
                        }
                        sink.send(ConverseStreamOutput.messageStopBuilder()
                                .stopReason("end_turn")
                                .build());
                    });
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    /** What wire does: asks for one event after the other, and may go away. */
    private static final class Collecting implements EventStreamResponseHandler<Object, Object> {
        private final int patience;
        private final List<Object> events = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();
        private boolean completed;

        Collecting(int patience) {
            this.patience = patience;
        }

        @Override
        public void responseReceived(Object response) {
            threads.add(Thread.currentThread());
        }

        @Override
        public void onEventStream(SdkPublisher<Object> publisher) {
            publisher.subscribe(new Subscriber<>() {
                private Subscription subscription;

                @Override
                public void onSubscribe(Subscription newSubscription) {
                    subscription = newSubscription;
                    subscription.request(1);
                }

                @Override
                public void onNext(Object event) {
                    events.add(event);
                    threads.add(Thread.currentThread());
                    if (events.size() == patience) {
                        subscription.cancel();
                    } else {
                        subscription.request(1);
                    }
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {
                    completed = true;
                }
            });
        }

        @Override
        public void exceptionOccurred(Throwable failure) {}

        @Override
        public void complete() {}
    }
}
