package dev.outcrop.services;

import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.services.kms.KmsService;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.kms.KmsClient;

/** A house that serves KMS, and what a test adds, over a folder; its clock goes when it is told to. */
public final class ServedSecurity implements AutoCloseable {
    private static final ServiceTables TABLES = new ServiceTables();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
    private final InstantSource clock = now::get;
    private final DataFolder folder;
    private final Records records;
    private final KmsService kms;
    private final ServedServices services = new ServedServices(TABLES);
    private final Clients clients;

    public ServedSecurity(Path path) {
        folder = DataFolder.open(path);
        records = folder.records();
        kms = new KmsService(records, folder.secrets(), store().tags(), new Ids(), clock);
        services.serve("kms", KmsClient.class, () -> kms);
        clients = new Clients(services, new Corridor(Authorization.ROOT_ONLY, Throttle.unlimited(), record -> {}));
    }

    public <C extends SdkClient> ServedSecurity serve(String id, Class<C> type, C service) {
        services.serve(id, type, () -> service);
        return this;
    }

    public ResourceStore store() {
        return new ResourceStore(records, new PageTokens(folder.secrets()), clock);
    }

    public DataFolder folder() {
        return folder;
    }

    public Records records() {
        return records;
    }

    public InstantSource clock() {
        return clock;
    }

    public Clients clients() {
        return clients;
    }

    public KmsService kmsService() {
        return kms;
    }

    /** Lets time pass. */
    public void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** What a client's call gives the root of the first account. */
    public <C extends SdkClient, T> T as(Class<C> client, Function<C, T> call) {
        return as("000000000000", client, call);
    }

    /** What a client's call gives the root of {@code account}. */
    public <C extends SdkClient, T> T as(String account, Class<C> client, Function<C, T> call) {
        return CallContext.builder()
                .principal(Principal.root(account, Optional.empty()))
                .requestId("11111111-2222-3333-4444-555555555555")
                .build()
                .call(() -> call.apply(clients.of(client)));
    }

    @Override
    public void close() {
        records.close();
        folder.close();
    }
}
