package dev.outcrop.server;

import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.RoleRights;
import dev.outcrop.kernel.Tags;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What services are made from.
 *
 * @param folder where services keep files of their own
 * @param clients the services for each other, once all are there
 * @param jobs the long work, once all services are there
 * @param parts closes what a family makes
 */
record House(
        Configuration configuration,
        Path folder,
        Records records,
        Journal journal,
        Objects objects,
        Secrets secrets,
        ResourceStore resources,
        ServiceEvents events,
        ServiceMetrics metrics,
        ServiceTables tables,
        Supplier<Clients> clients,
        Supplier<Jobs> jobs,
        RoleRights rights,
        Parts parts,
        Ids ids,
        SecureRandom random,
        InstantSource clock) {
    /** Whether other servers share the records. */
    boolean isShared() {
        return configuration.postgres().isPresent();
    }

    /** Makes page tokens that only this house reads. */
    PageTokens pageTokens() {
        return new PageTokens(secrets);
    }

    /** The tags of all resources. */
    Tags tags() {
        return resources.tags();
    }
}
