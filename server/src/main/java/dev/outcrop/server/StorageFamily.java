package dev.outcrop.server;

import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.s3.AccessLogs;
import dev.outcrop.services.s3.S3Service;
import dev.outcrop.services.s3.S3Streams;
import dev.outcrop.services.s3.WebsiteEndpoint;
import dev.outcrop.services.s3control.S3ControlService;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3control.S3ControlClient;

/** Where files are: S3 and S3 Control. */
final class StorageFamily implements Family {
    private final House house;
    private final AccessLogs accessLogs;
    private final Supplier<S3Service> s3;

    StorageFamily(House house, AccessLogs accessLogs) {
        this.house = house;
        this.accessLogs = accessLogs;
        s3 = house.parts()
                .lazily(() -> new S3Service(
                        house.records(),
                        house.objects(),
                        house.configuration().newBuckets(),
                        house.clients(),
                        house.rights(),
                        house.ids(),
                        house.clock()));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("s3", S3Client.class, s3, S3AsyncClient.class, () -> new S3Streams(s3.get(), house.clock()));
        services.serve(
                "s3control",
                S3ControlClient.class,
                () -> new S3ControlService(house.records(), house.pageTokens(), house.clock()));
    }

    @Override
    public Background background() {
        return Background.of(S3Service.chores(s3, house.records(), house.objects(), house.metrics(), house.clock()))
                .and(Background.of(List.of(accessLogs.chore())));
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(new WebsiteEndpoint(s3, () -> house.clients().get().of(S3Client.class)));
    }
}
