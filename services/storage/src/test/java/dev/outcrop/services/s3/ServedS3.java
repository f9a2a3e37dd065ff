package dev.outcrop.services.s3;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AccessKeys;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.services.iam.IamAccessKeys;
import dev.outcrop.services.iam.IamAuthorization;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.IamService;
import dev.outcrop.services.iam.LastUses;
import dev.outcrop.services.iam.MfaDevices;
import dev.outcrop.services.iam.OpenIdProviders;
import dev.outcrop.services.iam.SamlProviders;
import dev.outcrop.services.iam.ServiceCredentials;
import dev.outcrop.services.kms.KmsService;
import dev.outcrop.services.s3control.S3ControlService;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.WireServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3control.S3ControlClient;

/** S3, KMS and IAM behind a front door, over a folder, with IAM deciding; a clock that goes when it is told to. */
final class ServedS3 implements AutoCloseable {
    /** Whose the buckets of the tests are. */
    static final String OWNER = "111111111111";
    /** Somebody else. */
    static final String STRANGER = "222222222222";

    private static final ServiceTables TABLES = new ServiceTables();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final InstantSource clock = now::get;
    private final DataFolder folder;
    private final Records records;
    private final LastUses uses;
    private final Clients inside;
    private final WireServer server;
    private final SdkHttpClient http = ApacheHttpClient.create();
    private final List<SdkClient> clients = new ArrayList<>();
    private final Map<String, AccessKey> roots = new ConcurrentHashMap<>();

    ServedS3(Path path, BucketDefaults defaults) {
        folder = DataFolder.open(path);
        records = folder.records();
        Objects objects = folder.objects(folder.secrets());
        ResourceStore resources = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(resources, records, new CompiledPolicies());
        uses = new LastUses(resources, records, clock);
        IamAccessKeys userKeys = new IamAccessKeys(directory, folder.secrets());
        AccessKeys keys = id -> Optional.ofNullable(roots.get(id)).or(() -> userKeys.find(id));
        ServedServices services = new ServedServices(TABLES);
        Corridor corridor = new Corridor(
                new IamAuthorization(directory, ServiceControlPolicies.NONE, uses), Throttle.unlimited(), _ -> {});
        inside = new Clients(services, corridor);
        services.serve(
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
        services.serve(
                "kms",
                KmsClient.class,
                () -> new KmsService(records, folder.secrets(), resources.tags(), new Ids(), clock));
        S3Service s3 =
                new S3Service(records, objects, defaults, () -> inside, (_, _, _, _, _) -> false, new Ids(), clock);
        services.serve("s3", S3Client.class, () -> s3, S3AsyncClient.class, () -> new S3Streams(s3, clock));
        services.serve(
                "s3control",
                S3ControlClient.class,
                () -> new S3ControlService(records, new PageTokens(folder.secrets()), clock));
        server = WireServer.start(
                WireConfiguration.builder().port(0).clock(clock).build(),
                services,
                corridor,
                keys,
                _ -> Optional.empty(),
                List.of());
    }

    URI uri() {
        return URI.create("http://localhost:" + server.port());
    }

    Instant now() {
        return clock.instant();
    }

    /** Lets time pass. */
    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** The secret that goes with {@link #rootKey}. */
    static String rootSecret(String account) {
        return "the secret of " + account;
    }

    /** The id of a key of the root of {@code account}. */
    String rootKey(String account) {
        String id = "AKIAROOT" + account;
        roots.computeIfAbsent(
                id,
                _ -> new AccessKey(
                        id,
                        rootSecret(account),
                        Principal.root(account, Optional.of(id)),
                        Optional.empty(),
                        Optional.empty()));
        return id;
    }

    /** S3 as the root of {@code account} reaches it. */
    S3Client root(String account) {
        return s3(rootOf(account));
    }

    private AwsCredentialsProvider rootOf(String account) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(rootKey(account), rootSecret(account)));
    }

    /** KMS as the root of {@code account} reaches it. */
    KmsClient kms(String account) {
        return set(KmsClient.builder().httpClient(http), rootOf(account));
    }

    /**
     * What a call of S3 Control gives the root of {@code account}. It is called inside: its clients put the account before
     * the host's name, which nothing resolves here.
     */
    <T> T control(String account, Function<S3ControlClient, T> call) {
        return inside(account, S3ControlClient.class, call);
    }

    /** What a call from one service to another gives the root of {@code account}. */
    <C extends SdkClient, T> T inside(String account, Class<C> client, Function<C, T> call) {
        return CallContext.builder()
                .principal(Principal.root(account, Optional.empty()))
                .requestId("11111111-2222-3333-4444-555555555555")
                .build()
                .call(() -> call.apply(inside.of(client)));
    }

    /** S3 as it is reached by nobody in particular. */
    S3Client anonymous() {
        return s3(AnonymousCredentialsProvider.create());
    }

    /** S3 as a new user of {@code account} reaches it, who has {@code policy}, or none if it is empty. */
    S3Client user(String account, String name, String policy) {
        IamClient iam = set(IamClient.builder().httpClient(http), rootOf(account));
        iam.createUser(request -> request.userName(name));
        if (!policy.isEmpty()) {
            iam.putUserPolicy(
                    request -> request.userName(name).policyName("own").policyDocument(policy));
        }
        var key = iam.createAccessKey(request -> request.userName(name)).accessKey();
        return s3(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(key.accessKeyId(), key.secretAccessKey())));
    }

    /** The same through a client of event streams. */
    S3AsyncClient streams(String account) {
        return set(S3AsyncClient.builder().forcePathStyle(true), rootOf(account));
    }

    private S3Client s3(AwsCredentialsProvider credentials) {
        return set(S3Client.builder().httpClient(http).forcePathStyle(true), credentials);
    }

    private <B extends AwsClientBuilder<B, C>, C extends SdkClient> C set(B builder, AwsCredentialsProvider who) {
        C client = builder.endpointOverride(uri())
                .region(Region.US_EAST_1)
                .credentialsProvider(who)
                .overrideConfiguration(settings -> settings.retryStrategy(retries -> retries.maxAttempts(1)))
                .build();
        clients.add(client);
        return client;
    }

    @Override
    public void close() {
        clients.forEach(SdkClient::close);
        http.close();
        server.stop(Duration.ofSeconds(5));
        uses.close();
        records.close();
        folder.close();
    }
}
