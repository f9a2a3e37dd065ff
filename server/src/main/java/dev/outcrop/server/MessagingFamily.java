package dev.outcrop.server;

import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.eventbridge.EventBridgeService;
import dev.outcrop.services.sns.MailServer;
import dev.outcrop.services.sns.SnsService;
import dev.outcrop.services.sqs.SqsService;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What services and people tell each other: EventBridge, SQS and SNS. */
final class MessagingFamily implements Family {
    private final Supplier<EventBridgeService> eventBridge;
    private final Supplier<SqsService> sqs;
    private final Supplier<SnsService> sns;

    MessagingFamily(House house) {
        // A password that is not there is told at the start.
        Optional<MailServer> mail = house.configuration().mail().map(Configuration.Mail::server);
        eventBridge = house.parts()
                .lazily(() -> new EventBridgeService(
                        house.records(),
                        house.journal(),
                        house.secrets(),
                        house.events(),
                        house.clients(),
                        house.rights(),
                        house.jobs(),
                        house.metrics(),
                        house.ids(),
                        house.clock()));
        sqs = house.parts()
                .lazily(() -> new SqsService(
                        house.records(),
                        house.isShared(),
                        house.secrets(),
                        house.tags(),
                        house.clients(),
                        house.jobs(),
                        house.metrics(),
                        house.ids(),
                        house.clock()));
        sns = house.parts()
                .lazily(() -> new SnsService(
                        house.records(),
                        house.isShared(),
                        house.secrets(),
                        house.tags(),
                        house.clients(),
                        mail,
                        house.metrics(),
                        house.ids(),
                        house.clock()));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("events", EventBridgeClient.class, eventBridge);
        services.serve("sns", SnsClient.class, sns);
        services.serve("sqs", SqsClient.class, sqs);
    }

    @Override
    public Background background() {
        return new Background(eventBridge.get().work(), eventBridge.get().chores())
                .and(new Background(sqs.get().work(), sqs.get().chores()))
                .and(Background.of(sns.get().chores()));
    }

    @Override
    public List<Endpoint> endpoints() {
        return SnsService.endpoints(sns);
    }
}
