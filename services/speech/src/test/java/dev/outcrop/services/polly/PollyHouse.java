package dev.outcrop.services.polly;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.services.iam.IamAuthorization;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.LastUses;
import dev.outcrop.services.s3.BucketDefaults;
import dev.outcrop.services.s3.S3Service;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.WireServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.polly.PollyClient;
import software.amazon.awssdk.services.polly.model.TaskStatus;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;

/** Polly and S3 behind a front door, over a folder; what SNS is told is kept. */
final class PollyHouse implements AutoCloseable {
    static final String ACCOUNT = "123456789012";

    private static final ServiceTables TABLES = new ServiceTables();
    private static final AccessKey ROOT = new AccessKey(
            "AKIAROOT", "secret", Principal.root(ACCOUNT, Optional.of("AKIAROOT")), Optional.empty(), Optional.empty());

    private final DataFolder folder;
    private final Records records;
    private final LastUses uses;
    private final InstalledVoice voice;
    private final WireServer server;
    private final Clients clients;
    private final SdkHttpClient http = ApacheHttpClient.create();
    private final List<PublishRequest> notices = Collections.synchronizedList(new ArrayList<>());
    private Optional<Jobs> jobs = Optional.empty();

    PollyHouse(Path path) {
        this(path, Optional.of(joe()));
    }

    PollyHouse(Path path, Optional<InstalledVoice.Files> installed) {
        InstantSource clock = InstantSource.system();
        folder = DataFolder.open(path);
        records = folder.records();
        PageTokens tokens = new PageTokens(folder.secrets());
        ResourceStore store = new ResourceStore(records, tokens, clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        uses = new LastUses(store, records, clock);
        Corridor corridor = new Corridor(
                new IamAuthorization(directory, ServiceControlPolicies.NONE, uses), Throttle.unlimited(), _ -> {});
        ServedServices services = new ServedServices(TABLES);
        clients = new Clients(services, corridor);
        voice = new InstalledVoice(() -> installed);
        PollyService polly = new PollyService(store, tokens, voice, () -> clients, this::jobs, clock);
        jobs = Optional.of(new Jobs(
                records,
                folder.scheduler(),
                () -> new Background(polly.work(), List.of()),
                new Jobs.Settings(2, Duration.ofMillis(100)),
                clock));
        services.serve("polly", PollyClient.class, () -> polly)
                .serve(
                        "s3",
                        S3Client.class,
                        () -> new S3Service(
                                records,
                                folder.objects(folder.secrets()),
                                BucketDefaults.AWS,
                                () -> clients,
                                (_, _, _, _, _) -> false,
                                new Ids(),
                                clock))
                .serve("sns", SnsClient.class, ReceivedNotices::new);
        server = WireServer.start(
                WireConfiguration.builder().port(0).clock(clock).build(),
                services,
                corridor,
                id -> id.equals("AKIAROOT") ? Optional.of(ROOT) : Optional.empty(),
                _ -> Optional.empty(),
                List.of());
    }

    private static InstalledVoice.Files joe() {
        InstalledModel model = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                .install(Catalog.builtIn().get("piper-en-us-joe-medium"), Progress.NONE);
        return new InstalledVoice.Files(model.id(), "en-US", model.file("voice.onnx"), model.file("voice.json"));
    }

    /** SNS, as far as it is told something. */
    private final class ReceivedNotices implements SnsClient {
        @Override
        public PublishResponse publish(PublishRequest request) {
            notices.add(request);
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

    /** Waits until a task is being done. */
    void awaitTaskUnderWay() {
        try (PollyClient client = polly()) {
            while (client.listSpeechSynthesisTasks(request -> request.status(TaskStatus.IN_PROGRESS))
                    .synthesisTasks()
                    .isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    List<PublishRequest> notices() {
        return notices;
    }

    PollyClient polly() {
        return reaching(PollyClient.builder()).httpClient(http).build();
    }

    /** S3, from inside, as the root. */
    S3Client s3() {
        return reaching(S3Client.builder())
                .forcePathStyle(true)
                .httpClient(http)
                .build();
    }

    private <B extends AwsClientBuilder<B, ?>> B reaching(B builder) {
        return builder.endpointOverride(URI.create("http://localhost:" + server.port()))
                .region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAROOT", "secret")));
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(5));
        jobs().close();
        voice.close();
        uses.close();
        http.close();
        records.close();
        folder.close();
    }
}
