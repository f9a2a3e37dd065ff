package dev.outcrop.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.embedding.OnnxEmbeddingModel;
import dev.outcrop.engines.embedding.Pooling;
import dev.outcrop.engines.guard.Guard;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.speech.SpeechRecognizer;
import dev.outcrop.engines.speech.speakers.Voiceprints;
import dev.outcrop.kernel.AccessKey;
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
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.kernel.record.ServiceMetrics;
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
import dev.outcrop.services.s3.BucketDefaults;
import dev.outcrop.services.s3.S3Service;
import dev.outcrop.services.sts.IamRoleSessions;
import dev.outcrop.services.transcribe.Recognizers;
import dev.outcrop.services.transcribe.TranscribeService;
import dev.outcrop.services.transcribestreaming.TranscribeStreams;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.Records;
import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.WireServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.transcribe.TranscribeClient;
import software.amazon.awssdk.services.transcribestreaming.TranscribeStreamingAsyncClient;

/** Transcribe with S3, KMS and IAM in a folder, behind the network, and a recogniser that is played. */
public final class SpeechHouse implements AutoCloseable {
    public static final String ACCOUNT = "111111111111";
    public static final Principal ROOT = Principal.root(ACCOUNT, Optional.empty());
    public static final String BUCKET = "recordings";

    private static final AccessKey KEY = new AccessKey("AKIAROOT", "secret", ROOT, Optional.empty(), Optional.empty());
    private static final ServiceTables TABLES = new ServiceTables();
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final InstantSource clock = InstantSource.system();
    private final PlayedRecognizer recognizer;
    private final DataFolder folder;
    private final Records records;
    private final LastUses uses;
    private final IamAccessKeys userKeys;
    private final ServedServices services = new ServedServices(TABLES);
    private final Clients clients;
    private final KmsService kms;
    private final Jobs jobs;
    private volatile Optional<Voiceprints> voices = Optional.empty();
    private Optional<EmbeddingModel> embedding = Optional.empty();
    private final List<JournalEntry> measured = Collections.synchronizedList(new ArrayList<>());
    private final ServiceMetrics metrics = new ServiceMetrics(measured::addAll, clock);
    private final WireServer server;
    private final TranscribeClient transcribe;

    public SpeechHouse(Path path) {
        this(path, new PlayedRecognizer());
    }

    public SpeechHouse(Path path, PlayedRecognizer recognizer) {
        this.recognizer = recognizer;
        folder = DataFolder.open(path);
        records = folder.records();
        Ids ids = new Ids();
        ResourceStore resources = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(resources, records, new CompiledPolicies());
        uses = new LastUses(resources, records, clock);
        userKeys = new IamAccessKeys(directory, folder.secrets());
        IamAuthorization authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        RoleSessions sessions = new IamRoleSessions(directory, clock);
        RoleRights rights = RoleRights.of(authorization, sessions);
        Corridor corridor = new Corridor(authorization, Throttle.unlimited(), _ -> {});
        clients = new Clients(services, corridor, sessions, RemoteServices.NONE);
        Guard guard = new Guard(this::embedding);
        Recognizers recognizers = new Recognizers() {
            @Override
            public Optional<SpeechRecognizer> find() {
                return Optional.of(recognizer);
            }

            @Override
            public Optional<Voiceprints> voices() {
                return voices;
            }
        };
        TranscribeService service = new TranscribeService(
                resources,
                records,
                folder.secrets(),
                recognizers,
                () -> guard,
                () -> clients,
                this::jobs,
                path.resolve("transcribe"),
                metrics,
                clock);
        S3Service s3 = new S3Service(
                records, folder.objects(folder.secrets()), BucketDefaults.AWS, () -> clients, rights, ids, clock);
        kms = new KmsService(records, folder.secrets(), resources.tags(), ids, clock);
        services.serve(
                        "iam",
                        IamClient.class,
                        () -> new IamService(
                                directory,
                                folder.secrets(),
                                uses,
                                new MfaDevices(directory, folder.secrets(), clock),
                                new OpenIdProviders(directory, clock),
                                new SamlProviders(directory, ids, clock),
                                new ServiceCredentials(directory, ids, clock),
                                TABLES,
                                ids,
                                clock))
                .serve("kms", KmsClient.class, () -> kms)
                .serve("s3", S3Client.class, () -> s3)
                .serve("transcribe", TranscribeClient.class, () -> service)
                .serve(
                        "transcribe-streaming",
                        TranscribeStreamingAsyncClient.class,
                        () -> new TranscribeStreams(() -> service, recognizers, guard::personalData));
        jobs = new Jobs(
                records, folder.scheduler(), service::background, new Jobs.Settings(4, Duration.ofMillis(100)), clock);
        jobs.start();
        server = WireServer.start(
                WireConfiguration.builder().port(0).clock(clock).build(),
                services,
                corridor,
                id -> Optional.of(KEY).filter(_ -> id.equals("AKIAROOT")),
                _ -> Optional.empty(),
                List.of(TranscribeService.downloads(records, folder.secrets(), clock)));
        transcribe = TranscribeClient.builder()
                .region(Region.US_EAST_1)
                .endpointOverride(endpoint())
                .credentialsProvider(credentials())
                .build();
    }

    /** The model that toxicity is told by, opened when it is first asked for. */
    private synchronized EmbeddingModel embedding() {
        if (embedding.isEmpty()) {
            InstalledModel model = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                    .install(Catalog.builtIn().get("all-minilm-l6-v2"), Progress.NONE);
            embedding = Optional.of(OnnxEmbeddingModel.open(
                    model.id(),
                    model.weights(),
                    model.file("tokenizer.json"),
                    new OnnxEmbeddingModel.Settings(Pooling.MEAN, 512, 1, 1, 64, LONGEST)));
        }
        return embedding.get();
    }

    private Jobs jobs() {
        return jobs;
    }

    public URI endpoint() {
        return URI.create("http://localhost:" + server.port());
    }

    public static StaticCredentialsProvider credentials() {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAROOT", "secret"));
    }

    public PlayedRecognizer recognizer() {
        return recognizer;
    }

    /** The events of a source, which from now on are kept for whoever follows them. */
    public ServiceEvents followed(String source) {
        ServiceEvents events = new ServiceEvents(records, clock);
        records.write(transaction -> {
            events.follow(transaction, ACCOUNT, "us-east-1", Optional.of(Set.of(source)));
            return null;
        });
        return events;
    }

    /** What was measured so far, as the journal keeps it. */
    public List<String> measured() {
        metrics.flush();
        return measured.stream()
                .map(entry -> new String(entry.body(), StandardCharsets.UTF_8))
                .toList();
    }

    /** What hears voices from now on. */
    public void voices(Optional<Voiceprints> heard) {
        voices = heard;
    }

    /** A client over the network. */
    public TranscribeClient transcribe() {
        return transcribe;
    }

    public <T> T s3(Function<S3Client, T> call) {
        return as(ROOT, S3Client.class, call);
    }

    /** What a call gives {@code principal}. */
    public <C extends SdkClient, T> T as(Principal principal, Class<C> client, Function<C, T> call) {
        return CallContext.builder()
                .principal(principal)
                .region("us-east-1")
                .requestId("11111111-2222-3333-4444-555555555555")
                .callingService(Optional.of("test"))
                .build()
                .call(() -> call.apply(clients.of(client)));
    }

    /** Makes {@link #BUCKET}. */
    public void bucket() {
        s3(s3 -> s3.createBucket(request -> request.bucket(BUCKET)));
    }

    /** Puts an object into {@link #BUCKET}; its URI. */
    public String put(String key, byte[] content) {
        s3(s3 -> s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(content)));
        return "s3://" + BUCKET + "/" + key;
    }

    /** An object of {@link #BUCKET}. */
    public String object(String key) {
        return s3(s3 -> s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key)))
                .asString(UTF_8);
    }

    /** A user of the account with an inline policy. */
    public Principal user(String name, String policy) {
        return as(ROOT, IamClient.class, iam -> {
            iam.createUser(request -> request.userName(name));
            iam.putUserPolicy(
                    request -> request.userName(name).policyName("may").policyDocument(policy));
            String id = iam.createAccessKey(request -> request.userName(name))
                    .accessKey()
                    .accessKeyId();
            return userKeys.find(id).orElseThrow().principal();
        });
    }

    /** A role that Transcribe may assume, and what it may do; its ARN. */
    public String role(String name, String... actions) {
        String allowed = String.join("\", \"", actions);
        return as(ROOT, IamClient.class, iam -> {
            String arn = iam.createRole(request -> request.roleName(name).assumeRolePolicyDocument("""
                    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                     "Principal": {"Service": "transcribe.amazonaws.com"}}}"""))
                    .role()
                    .arn();
            iam.putRolePolicy(
                    request -> request.roleName(name).policyName("may").policyDocument("""
                    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["%s"], "Resource": "*"}}""".formatted(allowed)));
            return arn;
        });
    }

    /** Waits until something is so. */
    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + LONGEST + " in vain for " + what);
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interruption);
            }
        }
    }

    @Override
    public void close() {
        transcribe.close();
        server.stop(Duration.ofSeconds(1));
        jobs.close();
        metrics.close();
        embedding.ifPresent(EmbeddingModel::close);
        kms.close();
        uses.close();
        records.close();
        folder.close();
    }
}
