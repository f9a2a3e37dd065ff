package dev.outcrop.services.textract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.kernel.AwsError;
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
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.services.iam.IamAuthorization;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.IamService;
import dev.outcrop.services.iam.LastUses;
import dev.outcrop.services.iam.MfaDevices;
import dev.outcrop.services.iam.OpenIdProviders;
import dev.outcrop.services.iam.SamlProviders;
import dev.outcrop.services.iam.ServiceCredentials;
import dev.outcrop.services.kms.KmsService;
import dev.outcrop.services.s3.BucketDefaults;
import dev.outcrop.services.s3.S3Service;
import dev.outcrop.services.sts.IamRoleSessions;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.textract.TextractClient;

/** Textract without a model, with IAM, KMS and S3, behind the corridor; its clock goes when it is told to. */
final class TextractHouse implements AutoCloseable {
    static final String ACCOUNT = "111111111111";
    static final String STRANGER = "222222222222";

    private static final ServiceTables TABLES = new ServiceTables();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
    private final InstantSource clock = now::get;
    private final DataFolder folder;
    private final Records records;
    private final LastUses uses;
    private final DocumentReader reader;
    private final TextractService service;
    private final Clients clients;
    private final List<PublishRequest> published = new CopyOnWriteArrayList<>();
    private Optional<Jobs> jobs = Optional.empty();

    TextractHouse(Path path) {
        folder = DataFolder.open(path);
        records = folder.records();
        ResourceStore store = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        uses = new LastUses(store, records, clock);
        ServedServices services = new ServedServices(TABLES);
        IamAuthorization authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        RoleSessions roles = new IamRoleSessions(directory, clock);
        clients = new Clients(
                services, new Corridor(authorization, Throttle.unlimited(), _ -> {}), roles, RemoteServices.NONE);
        reader = new DocumentReader(() -> {
            throw AwsError.validation("no model is installed here");
        });
        service = new TextractService(
                () -> reader, records, folder.secrets(), store, () -> clients, this::jobs, new Ids(), clock);
        jobs = Optional.of(new Jobs(
                records,
                folder.scheduler(),
                service::background,
                new Jobs.Settings(2, Duration.ofMillis(100)),
                InstantSource.system()));
        KmsService kms = new KmsService(records, folder.secrets(), store.tags(), new Ids(), clock);
        services.serve("textract", TextractClient.class, () -> service)
                .serve("kms", KmsClient.class, () -> kms)
                .serve("sns", SnsClient.class, Published::new)
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
                .serve(
                        "iam",
                        IamClient.class,
                        () -> new IamService(
                                directory,
                                folder.secrets(),
                                uses,
                                new MfaDevices(directory, folder.secrets(), clock),
                                new OpenIdProviders(directory, clock),
                                new SamlProviders(directory, new Ids(), clock),
                                new ServiceCredentials(directory, new Ids(), clock),
                                TABLES,
                                new Ids(),
                                clock));
    }

    /** SNS, as far as it is published to. */
    private final class Published implements SnsClient {
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

    private Jobs jobs() {
        return jobs.orElseThrow();
    }

    /** Begins to do jobs. */
    void startJobs() {
        jobs().start();
    }

    /** What was published to topics. */
    List<PublishRequest> published() {
        return published;
    }

    /** Lets time pass. */
    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    TextractClient textract() {
        return client(TextractClient.class, ACCOUNT);
    }

    S3Client s3() {
        return client(S3Client.class, ACCOUNT);
    }

    /** Puts an object into a bucket that is made if there is none. */
    void put(String bucket, String key, byte[] content) {
        if (s3().listBuckets().buckets().stream()
                .noneMatch(there -> there.name().equals(bucket))) {
            s3().createBucket(request -> request.bucket(bucket));
        }
        s3().putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content));
    }

    /** A client that calls as the root of {@code account}. */
    <C extends SdkClient> C client(Class<C> client, String account) {
        return client.cast(Proxy.newProxyInstance(
                client.getClassLoader(),
                new Class<?>[] {client},
                (_, method, arguments) -> CallContext.builder()
                        .principal(Principal.root(account, Optional.of("AKIAROOT")))
                        .region("us-east-1")
                        .requestId("11111111-2222-3333-4444-555555555555")
                        .startedAt(clock.instant())
                        .build()
                        .call(() -> {
                            try {
                                return method.invoke(clients.of(client), arguments);
                            } catch (InvocationTargetException failure) {
                                throw (RuntimeException) failure.getCause();
                            }
                        })));
    }

    /** Waits until something is so. */
    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(condition.getAsBoolean()).as("came to be within 30 s").isTrue();
    }

    @Override
    public void close() {
        jobs().close();
        service.close();
        reader.close();
        uses.close();
        records.close();
        folder.close();
    }
}
