package dev.outcrop.services.cloudwatch;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.services.iam.IamAuthorization;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.LastUses;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;

/** CloudWatch in a folder, behind the corridor; its clock goes when it is told to, and topics remember what they are told. */
final class MetricsHouse implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final String REGION = "us-east-1";
    /** A full hour. */
    static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    private static final ServiceTables TABLES = new ServiceTables();

    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final InstantSource clock = now::get;
    private final DataFolder folder;
    private final Records records;
    private final Journal journal;
    private final ServiceEvents events;
    private final CloudWatchService cloudWatch;
    private final Clients clients;
    private final List<PublishRequest> published = new ArrayList<>();

    MetricsHouse(Path path) {
        folder = DataFolder.open(path);
        records = folder.records();
        journal = folder.journal();
        ResourceStore store = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        LastUses uses = new LastUses(store, records, clock);
        ServedServices services = new ServedServices(TABLES);
        IamAuthorization authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        clients = new Clients(services, new Corridor(authorization, Throttle.unlimited(), call -> {}));
        events = new ServiceEvents(records, clock);
        cloudWatch = new CloudWatchService(
                journal, records, folder.secrets(), store.tags(), () -> clients, events, id -> id, clock);
        services.serve("cloudwatch", CloudWatchClient.class, () -> cloudWatch)
                .serve("sns", SnsClient.class, Topics::new);
    }

    /** Topics that only remember. */
    private final class Topics implements SnsClient {
        @Override
        public PublishResponse publish(PublishRequest request) {
            published.add(request);
            return PublishResponse.builder().messageId("1").build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    List<PublishRequest> published() {
        return published;
    }

    CloudWatchService service() {
        return cloudWatch;
    }

    Journal journal() {
        return journal;
    }

    ServiceEvents events() {
        return events;
    }

    Records records() {
        return records;
    }

    Instant now() {
        return now.get();
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** Lets time pass and has the alarms looked at. */
    void passAndWatch(Duration time) {
        pass(time);
        cloudWatch.watch(() -> false);
    }

    <T> T call(Function<CloudWatchClient, T> call) {
        return as(REGION, call);
    }

    <T> T as(String region, Function<CloudWatchClient, T> call) {
        return CallContext.builder()
                .principal(Principal.root(ACCOUNT, Optional.of("AKIAROOT")))
                .region(region)
                .requestId("11111111-2222-3333-4444-555555555555")
                .userAgent("test")
                .startedAt(now.get())
                .build()
                .call(() -> call.apply(clients.of(CloudWatchClient.class)));
    }

    /** Measures a value of a metric of the namespace {@code Shop}, some time ago. */
    void put(String name, double value, Duration ago, Dimension... dimensions) {
        put(datum ->
                datum.metricName(name).value(value).timestamp(now().minus(ago)).dimensions(dimensions));
    }

    void put(Consumer<MetricDatum.Builder> datum) {
        MetricDatum measured = MetricDatum.builder().applyMutation(datum).build();
        call(client -> client.putMetricData(request -> request.namespace("Shop").metricData(measured)));
    }

    static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }

    /** Goes down as if it were killed: what is only in memory is lost. */
    void kill() {
        journal.close();
        records.close();
        folder.close();
    }

    @Override
    public void close() {
        cloudWatch.close();
        kill();
    }
}
