package dev.outcrop.server;

import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.cloudwatch.CloudWatchService;
import dev.outcrop.services.cloudwatchlogs.CloudWatchLogsService;
import dev.outcrop.services.cloudwatchlogs.CloudWatchLogsStreams;
import dev.outcrop.shapes.ServiceTables;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsAsyncClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/** What goes on: CloudWatch and CloudWatch Logs. */
final class MonitoringFamily implements Family {
    private final Supplier<CloudWatchService> cloudWatch;
    private final Supplier<CloudWatchLogsService> logs;

    MonitoringFamily(House house) {
        cloudWatch = house.parts()
                .lazily(() -> new CloudWatchService(
                        house.journal(),
                        house.records(),
                        house.secrets(),
                        house.tags(),
                        house.clients(),
                        house.events(),
                        serviceNames(house.tables()),
                        house.clock()));
        logs = house.parts()
                .lazily(() -> new CloudWatchLogsService(
                        house.records(),
                        house.secrets(),
                        house.tags(),
                        house.folder().resolve("logs"),
                        house.clients(),
                        house.jobs(),
                        house.metrics(),
                        house.clock()));
    }

    /** What the services go by in metrics, by their ids. */
    static UnaryOperator<String> serviceNames(ServiceTables tables) {
        return id -> tables.find(id).map(model -> model.summary().serviceId()).orElse(id);
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("cloudwatch", CloudWatchClient.class, cloudWatch);
        services.serve(
                "logs",
                CloudWatchLogsClient.class,
                logs,
                CloudWatchLogsAsyncClient.class,
                () -> new CloudWatchLogsStreams(logs.get()));
    }

    @Override
    public Background background() {
        return Background.of(cloudWatch.get().chores())
                .and(new Background(logs.get().work(), logs.get().chores()));
    }
}
