package dev.outcrop.services.cloudwatchlogs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.logs.LogStore;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.RemoteServices;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.RoleRights;
import dev.outcrop.kernel.RoleSessions;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.services.iam.IamAuthorization;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.LastUses;
import dev.outcrop.services.kms.KmsService;
import dev.outcrop.services.s3.BucketDefaults;
import dev.outcrop.services.s3.S3Service;
import dev.outcrop.services.sts.IamRoleSessions;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.Records;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataResponse;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.S3Client;

/** CloudWatch Logs in a folder, behind the corridor; its clock goes when it is told to. */
final class LogsHouse implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final String REGION = "us-east-1";
    /** 2026-01-15T12:00:00Z. */
    static final long NOON = 1_768_478_400_000L;

    private static final ServiceTables TABLES = new ServiceTables();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochMilli(NOON));
    private final InstantSource clock = now::get;
    private final DataFolder folder;
    private final Records records;
    private final CloudWatchLogsService service;
    private final Clients clients;
    private final LastUses uses;
    private final List<JournalEntry> journal = Collections.synchronizedList(new ArrayList<>());
    private final ServiceMetrics measured;
    private final List<InvokeRequest> invocations = new ArrayList<>();
    private boolean down;
    private Optional<Jobs> jobs = Optional.empty();
    private final List<PutMetricDataRequest> metrics = new ArrayList<>();

    LogsHouse(Path path) {
        this(path, LogStore.Settings.DEFAULT);
    }

    LogsHouse(Path path, LogStore.Settings settings) {
        folder = DataFolder.open(path);
        measured = new ServiceMetrics(journal::addAll, clock);
        records = folder.records();
        ResourceStore store = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        ServedServices services = new ServedServices(TABLES);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        uses = new LastUses(store, records, clock);
        IamAuthorization authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        RoleSessions roles = new IamRoleSessions(directory, clock);
        clients = new Clients(
                services, new Corridor(authorization, Throttle.unlimited(), call -> {}), roles, RemoteServices.NONE);
        service = new CloudWatchLogsService(
                records,
                folder.secrets(),
                store.tags(),
                path.resolve("logs"),
                settings,
                () -> clients,
                this::jobs,
                measured,
                clock);
        jobs = Optional.of(new Jobs(
                records,
                folder.scheduler(),
                () -> new Background(service.work(), List.of()),
                new Jobs.Settings(1, Duration.ofMillis(100)),
                InstantSource.system()));
        KmsService kms = new KmsService(records, folder.secrets(), store.tags(), new Ids(), clock);
        services.serve("logs", CloudWatchLogsClient.class, () -> service)
                .serve("kms", KmsClient.class, () -> kms)
                .serve(
                        "s3",
                        S3Client.class,
                        () -> new S3Service(
                                records,
                                folder.objects(folder.secrets()),
                                BucketDefaults.AWS,
                                () -> clients,
                                RoleRights.of(authorization, roles),
                                new Ids(),
                                clock))
                .serve("lambda", LambdaClient.class, Functions::new)
                .serve("cloudwatch", CloudWatchClient.class, ReceivedMetrics::new);
    }

    /** Lambda, as far as functions are called: those whose names begin with {@code missing} are not there. */
    private final class Functions implements LambdaClient {
        @Override
        public InvokeResponse invoke(InvokeRequest request) {
            if (request.functionName().contains(":missing") || down) {
                throw ResourceNotFoundException.builder()
                        .message("Function not found")
                        .build();
            }
            if (request.invocationType() == InvocationType.EVENT) {
                invocations.add(request);
            }
            return InvokeResponse.builder().statusCode(202).build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    /** How functions were called. */
    List<InvokeRequest> invocations() {
        return invocations;
    }

    /** Whether no function can be called. */
    void functionsAreDown(boolean now) {
        down = now;
    }

    /** CloudWatch, as far as it is told of metrics. */
    private final class ReceivedMetrics implements CloudWatchClient {
        @Override
        public PutMetricDataResponse putMetricData(PutMetricDataRequest request) {
            metrics.add(request);
            return PutMetricDataResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    private Jobs jobs() {
        return jobs.orElseThrow();
    }

    /** Begins to do jobs. */
    void startJobs() {
        jobs().start();
    }

    List<PutMetricDataRequest> metrics() {
        return metrics;
    }

    /** What was measured so far, as the journal keeps it. */
    List<String> measured() {
        measured.flush();
        return journal.stream()
                .map(entry -> new String(entry.body(), StandardCharsets.UTF_8))
                .toList();
    }

    CloudWatchLogsService service() {
        return service;
    }

    /** Lets time pass. */
    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    CloudWatchLogsClient logs() {
        return client(CloudWatchLogsClient.class, ACCOUNT);
    }

    S3Client s3() {
        return client(S3Client.class, ACCOUNT);
    }

    KmsClient kms() {
        return client(KmsClient.class, ACCOUNT);
    }

    /** A client that calls as the root of {@code account}. */
    <C extends SdkClient> C client(Class<C> client, String account) {
        return client.cast(Proxy.newProxyInstance(
                client.getClassLoader(),
                new Class<?>[] {client},
                (_, method, arguments) -> as(account, () -> {
                    try {
                        return method.invoke(clients.of(client), arguments);
                    } catch (InvocationTargetException failure) {
                        throw (RuntimeException) failure.getCause();
                    } catch (IllegalAccessException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                })));
    }

    private <T> T as(String account, Supplier<T> call) {
        return CallContext.builder()
                .principal(Principal.root(account, Optional.of("AKIAROOT")))
                .region(REGION)
                .requestId("11111111-2222-3333-4444-555555555555")
                .startedAt(clock.instant())
                .build()
                .call(call::get);
    }

    /** Waits until something is so. */
    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
        }
        assertThat(condition.getAsBoolean()).as("came to be within 30 s").isTrue();
    }

    @Override
    public void close() {
        jobs().close();
        service.close();
        uses.close();
        measured.close();
        records.close();
        folder.close();
    }
}
