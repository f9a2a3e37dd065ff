package dev.outcrop.services;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.InstalledModel;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.engines.ocr.ModelFiles;
import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.engines.vectors.VectorStore;
import dev.outcrop.engines.vectors.embedded.EmbeddedStores;
import dev.outcrop.engines.web.Reach;
import dev.outcrop.kernel.AccessKeys;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.EncodedDenials;
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
import dev.outcrop.services.bedrockagent.BedrockAgentService;
import dev.outcrop.services.bedrockagent.Embeddings;
import dev.outcrop.services.bedrockagent.KnowledgeStores;
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
import dev.outcrop.services.secretsmanager.SecretsManagerService;
import dev.outcrop.services.sts.IamRoleSessions;
import dev.outcrop.services.sts.StsService;
import dev.outcrop.services.sts.TemporaryKeys;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.WireServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJob;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBaseStatus;
import software.amazon.awssdk.services.bedrockagent.model.VectorIngestionConfiguration;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Knowledge bases with IAM, S3 and models that count words, in a folder, behind the corridor; IAM decides. */
public final class KnowledgeHouse implements AutoCloseable {
    public static final String ACCOUNT = "111111111111";
    public static final Principal ROOT = Principal.root(ACCOUNT, Optional.empty());
    public static final String REGION = "us-east-1";
    public static final String MODEL = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0";
    public static final String COLLECTION = "arn:aws:aoss:us-east-1:" + ACCOUNT + ":collection/abcdefghij0123456789";
    public static final String BUCKET = "documents";

    private static final ServiceTables TABLES = new ServiceTables();
    private static final Duration LONGEST = Duration.ofSeconds(30);
    /** Jobs begin at once; after four of these in silence a house is taken for dead, which one on a busy machine is not. */
    private static final Duration HEARTBEAT = Duration.ofMillis(500);

    private final InstantSource clock = InstantSource.system();
    private final DataFolder folder;
    private final Records records;
    private final LastUses uses;
    private final IamAccessKeys userKeys;
    private final ServedServices services = new ServedServices(TABLES);
    private final Clients clients;
    private final Corridor corridor;
    private final WordVectors models = new WordVectors();
    private final EmbeddedStores vectors = new EmbeddedStores();
    private final KnowledgeStores stores;
    private final Embeddings embeddings;
    private final KmsService kms;
    private final Jobs jobs;
    private final AtomicReference<Supplier<ModelFiles>> pictureModel = new AtomicReference<>(() -> {
        throw AwsError.validation("no model is installed here");
    });
    private final DocumentReader reader =
            new DocumentReader(() -> pictureModel.get().get());

    public KnowledgeHouse(Path path) {
        this(path, _ -> {});
    }

    /** @param before runs before each text is embedded */
    public KnowledgeHouse(Path path, Consumer<String> before) {
        models.before(before);
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
        corridor = new Corridor(authorization, Throttle.unlimited(), _ -> {});
        clients = new Clients(services, corridor, sessions, RemoteServices.NONE);
        embeddings = new Embeddings(() -> clients);
        stores = new KnowledgeStores(
                path.resolve("knowledge"),
                vectors,
                records,
                folder.secrets(),
                rights,
                () -> clients,
                embeddings,
                Reach.BEYOND_LINK,
                clock);
        BedrockAgentService agent = new BedrockAgentService(
                records,
                folder.secrets(),
                stores,
                embeddings,
                () -> reader,
                () -> clients,
                this::jobs,
                path.resolve("crawled"),
                ids,
                clock);
        S3Service s3 = new S3Service(
                records, folder.objects(folder.secrets()), BucketDefaults.AWS, () -> clients, rights, ids, clock);
        kms = new KmsService(records, folder.secrets(), resources.tags(), ids, clock);
        SecretsManagerService secrets = new SecretsManagerService(
                records, folder.secrets(), resources.tags(), () -> clients, this::jobs, ids, clock);
        MfaDevices mfa = new MfaDevices(directory, folder.secrets(), clock);
        OpenIdProviders openId = new OpenIdProviders(directory, clock);
        SamlProviders saml = new SamlProviders(directory, ids, clock);
        TemporaryKeys temporary = new TemporaryKeys(records, folder.secrets(), ids, clock);
        services.serve(
                        "iam",
                        IamClient.class,
                        () -> new IamService(
                                directory,
                                folder.secrets(),
                                uses,
                                mfa,
                                openId,
                                saml,
                                new ServiceCredentials(directory, ids, clock),
                                TABLES,
                                ids,
                                clock))
                .serve(
                        "sts",
                        StsClient.class,
                        () -> new StsService(
                                directory, temporary, mfa, openId, saml, new EncodedDenials(folder.secrets()), clock))
                .serve("kms", KmsClient.class, () -> kms)
                .serve("secretsmanager", SecretsManagerClient.class, () -> secrets)
                .serve("s3", S3Client.class, () -> s3)
                .serve("bedrock-runtime", BedrockRuntimeClient.class, () -> models)
                .serve("bedrock-agent", BedrockAgentClient.class, () -> agent);
        jobs = new Jobs(records, folder.scheduler(), agent::background, new Jobs.Settings(4, HEARTBEAT), clock);
        jobs.start();
    }

    public Jobs jobs() {
        return jobs;
    }

    /** Installs the model that reads pictures. */
    public void installPictureModel() {
        pictureModel.set(() -> {
            InstalledModel model = ModelStore.open(ModelStore.defaultFolder(System.getenv()))
                    .install(Catalog.builtIn().get("pp-ocr-v4"), Progress.NONE);
            return ModelFiles.in(model.weights().getParent());
        });
    }

    public WordVectors models() {
        return models;
    }

    public Clients clients() {
        return clients;
    }

    public KnowledgeStores stores() {
        return stores;
    }

    public Embeddings embeddings() {
        return embeddings;
    }

    /** Adds a service. To be called before the first call is served. */
    public <C extends SdkClient> void serve(String id, Class<C> type, C service) {
        services.serve(id, type, () -> service);
    }

    /** Adds a service with event streams. To be called before the first call is served. */
    public <C extends SdkClient, A extends SdkClient> void serve(
            String id, Class<C> type, C service, Class<A> streamsType, A streams) {
        services.serve(id, type, () -> service, streamsType, () -> streams);
    }

    /** Opens a door to the network on a free port; to be stopped. */
    public WireServer listen(AccessKeys keys) {
        return WireServer.start(
                WireConfiguration.builder().port(0).clock(clock).build(),
                services,
                corridor,
                keys,
                _ -> Optional.empty(),
                List.of());
    }

    public DataFolder folder() {
        return folder;
    }

    public Records records() {
        return records;
    }

    /** What a client's call gives {@code principal}. */
    public <C extends SdkClient, T> T as(Principal principal, Class<C> client, Function<C, T> call) {
        return on(principal, () -> call.apply(clients.of(client)));
    }

    /** What {@code body} gives while a call of the root's is answered. */
    public <T> T on(Principal principal, Supplier<T> body) {
        return CallContext.builder()
                .principal(principal)
                .region(REGION)
                .requestId("11111111-2222-3333-4444-555555555555")
                .callingService(Optional.of("test"))
                .build()
                .call(body::get);
    }

    public <T> T agent(Function<BedrockAgentClient, T> call) {
        return as(ROOT, BedrockAgentClient.class, call);
    }

    public <T> T s3(Function<S3Client, T> call) {
        return as(ROOT, S3Client.class, call);
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

    /** A role that Bedrock may assume, and what it may do; its ARN. */
    public String role(String name, String... actions) {
        return as(ROOT, IamClient.class, iam -> {
            String arn = iam.createRole(
                            request -> request.roleName(name).assumeRolePolicyDocument("""
                    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                     "Principal": {"Service": "bedrock.amazonaws.com"},
                     "Condition": {"StringEquals": {"aws:SourceAccount": "%s"},
                       "ArnLike": {"aws:SourceArn": "arn:aws:bedrock:us-east-1:%s:knowledge-base/*"}}}}""".formatted(ACCOUNT, ACCOUNT)))
                    .role()
                    .arn();
            grant(name, actions);
            return arn;
        });
    }

    /** Changes what a role may do. */
    public void grant(String role, String... actions) {
        String allowed = String.join("\", \"", actions);
        as(
                ROOT,
                IamClient.class,
                iam -> iam.putRolePolicy(
                        request -> request.roleName(role).policyName("may").policyDocument("""
                        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["%s"], "Resource": "*"}}""".formatted(allowed))));
    }

    /** What the role of a knowledge base needs. */
    public String usualRole() {
        return role("reader", "s3:GetObject", "s3:ListBucket", "bedrock:InvokeModel", "aoss:APIAccessAll");
    }

    /** A knowledge base over a collection, once it is active. */
    public KnowledgeBase base(String name, String roleArn) {
        String id = agent(agent -> agent.createKnowledgeBase(request -> request.name(name)
                        .roleArn(roleArn)
                        .knowledgeBaseConfiguration(configuration -> configuration
                                .type("VECTOR")
                                .vectorKnowledgeBaseConfiguration(vector -> vector.embeddingModelArn(MODEL)))
                        .storageConfiguration(storage -> storage.type("OPENSEARCH_SERVERLESS")
                                .opensearchServerlessConfiguration(collection -> collection
                                        .collectionArn(COLLECTION)
                                        .vectorIndexName(name)
                                        .fieldMapping(fields -> fields.vectorField("vector")
                                                .textField("text")
                                                .metadataField("metadata"))))))
                .knowledgeBase()
                .knowledgeBaseId();
        await("an active knowledge base", () -> base(id).status() != KnowledgeBaseStatus.CREATING);
        return base(id);
    }

    public KnowledgeBase base(String id) {
        return agent(agent -> agent.getKnowledgeBase(request -> request.knowledgeBaseId(id)))
                .knowledgeBase();
    }

    /** A data source over {@link #BUCKET}. */
    public DataSource s3Source(KnowledgeBase base, String name, VectorIngestionConfiguration ingestion) {
        return agent(agent -> agent.createDataSource(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                        .name(name)
                        .vectorIngestionConfiguration(ingestion)
                        .dataSourceConfiguration(configuration -> configuration
                                .type("S3")
                                .s3Configuration(s3 -> s3.bucketArn("arn:aws:s3:::" + BUCKET)))))
                .dataSource();
    }

    /** A data source of documents that are ingested one by one. */
    public DataSource customSource(KnowledgeBase base, String name) {
        return agent(agent -> agent.createDataSource(request -> request.knowledgeBaseId(base.knowledgeBaseId())
                        .name(name)
                        .dataSourceConfiguration(configuration -> configuration.type("CUSTOM"))))
                .dataSource();
    }

    /** Makes {@link #BUCKET}. */
    public void bucket() {
        s3(s3 -> s3.createBucket(request -> request.bucket(BUCKET)));
    }

    /** Puts an object into {@link #BUCKET}. */
    public void put(String key, String content) {
        put(key, content.getBytes(UTF_8));
    }

    public void put(String key, byte[] content) {
        s3(s3 -> s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(content)));
    }

    public void delete(String key) {
        s3(s3 -> s3.deleteObject(request -> request.bucket(BUCKET).key(key)));
    }

    /** Starts an ingestion job. */
    public IngestionJob start(DataSource source) {
        return agent(agent -> agent.startIngestionJob(request ->
                        request.knowledgeBaseId(source.knowledgeBaseId()).dataSourceId(source.dataSourceId())))
                .ingestionJob();
    }

    /** An ingestion job as it is now. */
    public IngestionJob job(IngestionJob job) {
        return agent(agent -> agent.getIngestionJob(request -> request.knowledgeBaseId(job.knowledgeBaseId())
                        .dataSourceId(job.dataSourceId())
                        .ingestionJobId(job.ingestionJobId())))
                .ingestionJob();
    }

    /** An ingestion job once it has ended. */
    public IngestionJob ended(IngestionJob job) {
        await("the end of an ingestion job", () -> switch (job(job).status()) {
            case COMPLETE, FAILED, STOPPED -> true;
            default -> false;
        });
        return job(job);
    }

    /** Ingests what is in a data source; the job. */
    public IngestionJob sync(DataSource source) {
        return ended(start(source));
    }

    /** All that is in the store of a knowledge base. */
    public List<VectorEntry> entries(KnowledgeBase base) {
        return on(ROOT, () -> {
            List<VectorEntry> all = new ArrayList<>();
            try (VectorStore store = stores.open(base)) {
                Optional<String> after = Optional.empty();
                List<VectorEntry> page = store.list(after, 100);
                while (!page.isEmpty()) {
                    all.addAll(page);
                    page = store.list(Optional.of(page.getLast().key()), 100);
                }
            }
            return all;
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
        jobs.close();
        reader.close();
        vectors.close();
        kms.close();
        uses.close();
        records.close();
        folder.close();
    }
}
