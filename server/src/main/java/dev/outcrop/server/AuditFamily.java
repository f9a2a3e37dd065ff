package dev.outcrop.server;

import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.services.cloudtrail.CloudTrailService;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;

/** Who did what: CloudTrail. */
final class AuditFamily implements Family {
    private final Supplier<CloudTrailService> cloudTrail;

    AuditFamily(House house) {
        cloudTrail = house.parts()
                .lazily(() -> new CloudTrailService(
                        house.journal(),
                        house.configuration().retention().audit(),
                        house.records(),
                        house.secrets(),
                        house.tags(),
                        house.folder(),
                        house.clients(),
                        house.jobs(),
                        house.ids(),
                        house.clock()));
    }

    @Override
    public void serve(ServedServices services) {
        services.serve("cloudtrail", CloudTrailClient.class, cloudTrail);
    }

    @Override
    public Background background() {
        return new Background(cloudTrail.get().work(), cloudTrail.get().chores());
    }
}
