package dev.outcrop.services.secretsmanager;

import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.services.ServedSecurity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** A house that serves Secrets Manager, too. */
final class ServedSecrets implements AutoCloseable {
    static final String OWNER = "000000000000";
    static final Principal ROOT = Principal.root(OWNER, Optional.empty());

    final ServedSecurity house;
    final SecretsManagerService service;
    private final Jobs jobs;

    ServedSecrets(Path folder) {
        house = new ServedSecurity(folder);
        service = new SecretsManagerService(
                house.records(),
                house.folder().secrets(),
                house.store().tags(),
                house::clients,
                this::jobs,
                new Ids(),
                house.clock());
        house.serve("secretsmanager", SecretsManagerClient.class, service);
        jobs = new Jobs(
                house.records(),
                house.folder().scheduler(),
                () -> new Background(service.work(), List.of()),
                new Jobs.Settings(1, Duration.ofMillis(100)),
                InstantSource.system());
    }

    Jobs jobs() {
        return jobs;
    }

    <T> T call(Function<SecretsManagerClient, T> call) {
        return as(ROOT, call);
    }

    <T> T as(Principal principal, Function<SecretsManagerClient, T> call) {
        return house.as(principal, SecretsManagerClient.class, call);
    }

    <T> T in(String region, Function<SecretsManagerClient, T> call) {
        return house.in(region, ROOT, SecretsManagerClient.class, call);
    }

    /** Lets time pass, and what is due be done. */
    void pass(Duration time) {
        house.pass(time);
        service.chore().body().run(() -> false);
    }

    @Override
    public void close() {
        jobs.close();
        house.close();
    }
}
