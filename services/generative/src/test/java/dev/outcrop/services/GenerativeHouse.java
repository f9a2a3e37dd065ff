package dev.outcrop.services;

import dev.outcrop.engines.text.TextModel;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.RemoteServices;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.RoleRights;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.kernel.record.Prices;
import dev.outcrop.kernel.record.Recording;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.services.batch.BatchJobs;
import dev.outcrop.services.batch.BatchMetering;
import dev.outcrop.services.batch.BatchWork;
import dev.outcrop.services.bedrock.BedrockService;
import dev.outcrop.services.bedrockruntime.BedrockProfiles;
import dev.outcrop.services.bedrockruntime.BedrockRuntimeService;
import dev.outcrop.services.bedrockruntime.BedrockRuntimeStreams;
import dev.outcrop.services.bedrockruntime.ManagedPrompts;
import dev.outcrop.services.bedrockruntime.ModelRouting;
import dev.outcrop.services.bedrockruntime.RoutingTable;
import dev.outcrop.services.bedrockruntime.SomeModels;
import dev.outcrop.services.bedrockruntime.Surroundings;
import dev.outcrop.services.bedrockruntime.families.ModelFamilies;
import dev.outcrop.services.cloudwatchlogs.CloudWatchLogsService;
import dev.outcrop.services.foundationmodels.FoundationModels;
import dev.outcrop.services.foundationmodels.InstalledModels.InstalledModel.Kind;
import dev.outcrop.services.guardrails.Guardrails;
import dev.outcrop.services.iam.IamAuthorization;
import dev.outcrop.services.iam.IamDirectory;
import dev.outcrop.services.iam.IamService;
import dev.outcrop.services.iam.LastUses;
import dev.outcrop.services.iam.MfaDevices;
import dev.outcrop.services.iam.OpenIdProviders;
import dev.outcrop.services.iam.SamlProviders;
import dev.outcrop.services.iam.ServiceCredentials;
import dev.outcrop.services.invocationlogs.InvocationLogs;
import dev.outcrop.services.modelunits.ModelUnits;
import dev.outcrop.services.s3.BucketDefaults;
import dev.outcrop.services.s3.S3Service;
import dev.outcrop.services.sts.IamRoleSessions;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.Records;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.bedrock.BedrockClient;
import software.amazon.awssdk.services.bedrockagent.BedrockAgentClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Bedrock with the services that it writes to, in a folder, behind the corridor; one model, installed as {@code scripted},
 * answers. Its clock goes when it is told to.
 */
public final class GenerativeHouse implements AutoCloseable {
    public static final String ACCOUNT = "123456789012";
    public static final String REGION = "us-east-1";
    public static final String HAIKU = "anthropic.claude-3-haiku-20240307-v1:0";

    private static final ServiceTables TABLES = new ServiceTables();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final InstantSource clock = now::get;
    private final DataFolder folder;
    private final ServedServices services = new ServedServices(TABLES);
    private final Records records;
    private final Journal journal;
    private final Recording recording;
    private final InvocationLogs logs;
    private final BedrockService bedrock;
    private final Clients clients;
    private final CloudWatchLogsService cloudWatchLogs;
    private final Jobs jobs;

    public GenerativeHouse(Path path, TextModel model) {
        folder = DataFolder.open(path);
        records = folder.records();
        journal = folder.journal();
        Ids ids = new Ids();
        ResourceStore store = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        LastUses uses = new LastUses(store, records, clock);
        UsageEntries usage = new UsageEntries(Prices.aws());
        recording = new Recording(journal, new AuditEvents(TABLES), usage);
        SomeModels installed = SomeModels.of(model);
        FoundationModels published = FoundationModels.load();
        RoutingTable table = new RoutingTable(List.of(), Optional.of("scripted"), Optional.empty(), false);
        ModelUnits units = new ModelUnits(records, id -> table.answering(id, Kind.TEXT), 4);
        BatchMetering metering = new BatchMetering();
        AtomicReference<InvocationLogs> later = new AtomicReference<>();
        CallRecorder recorder =
                recording.and(units).and(metering).and(call -> later.get().record(call));
        IamAuthorization authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        IamRoleSessions sessions = new IamRoleSessions(directory, clock);
        clients = new Clients(
                services, new Corridor(authorization, Throttle.unlimited(), recorder), sessions, RemoteServices.NONE);
        logs = new InvocationLogs(
                journal,
                records,
                folder.objects(folder.secrets()),
                folder.secrets(),
                store,
                id -> id.contains("embed"),
                () -> clients,
                ids,
                clock);
        later.set(logs);
        BatchJobs batches = new BatchJobs(store, new ServiceEvents(records, clock), this::jobs, ids, clock);
        bedrock = new BedrockService(
                published,
                installed,
                table::answering,
                new Guardrails(records, new PageTokens(folder.secrets()), store, () -> clients, ids, clock),
                units,
                logs,
                batches,
                usage,
                records,
                journal,
                store,
                ids,
                clock);
        ModelRouting routing = new ModelRouting(
                published, installed, table, new BedrockProfiles(() -> clients.of(BedrockClient.class)), units);
        ModelFamilies families = new ModelFamilies(clock, new Random(1));
        Surroundings surroundings =
                new Surroundings(new ManagedPrompts(() -> clients.of(BedrockAgentClient.class)), logs::stream);
        cloudWatchLogs = new CloudWatchLogsService(
                records,
                folder.secrets(),
                store.tags(),
                path.resolve("logs"),
                () -> clients,
                this::jobs,
                new ServiceMetrics(journal::append, clock),
                clock);
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
                .serve(
                        "s3",
                        S3Client.class,
                        () -> new S3Service(
                                records,
                                folder.objects(folder.secrets()),
                                BucketDefaults.AWS,
                                () -> clients,
                                RoleRights.of(authorization, sessions),
                                ids,
                                clock))
                .serve("logs", CloudWatchLogsClient.class, () -> cloudWatchLogs)
                .serve("bedrock", BedrockClient.class, () -> bedrock)
                .serve(
                        "bedrock-runtime",
                        BedrockRuntimeClient.class,
                        () -> new BedrockRuntimeService(
                                routing, families, SomeModels.UNGUARDED, new Random(1), surroundings),
                        BedrockRuntimeAsyncClient.class,
                        () -> new BedrockRuntimeStreams(
                                routing, families, SomeModels.UNGUARDED, new Random(1), surroundings));
        BatchWork work = new BatchWork(batches, metering, records, folder.secrets(), () -> clients, ids, clock);
        jobs = new Jobs(
                records,
                folder.scheduler(),
                () -> new Background(Map.of(BatchJobs.KIND, work), List.of()),
                new Jobs.Settings(2, Duration.ofSeconds(1)),
                InstantSource.system());
        jobs.start();
    }

    private Jobs jobs() {
        return jobs;
    }

    /** Serves another service, too. */
    public <C extends SdkClient> void serve(String id, Class<C> client, C service) {
        services.serve(id, client, () -> service);
    }

    public Journal journal() {
        return journal;
    }

    public Instant now() {
        return now.get();
    }

    public void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** Has everything so far recorded, and what was logged delivered. The house answers calls no more after it. */
    public void settleAndDeliver() {
        logs.close();
        deliver();
        recording.close();
    }

    /** Delivers what was logged, as the server does every few seconds. */
    public void deliver() {
        logs.chore().body().run(() -> false);
    }

    /** Charges the hours of model units, as the server does again and again. */
    public void charge() {
        bedrock.chore().body().run(() -> false);
    }

    public <C extends SdkClient, T> T as(Principal principal, Class<C> client, Function<C, T> call) {
        return CallContext.builder()
                .principal(principal)
                .region(REGION)
                .requestId("11111111-2222-3333-4444-555555555555")
                .userAgent("test")
                .startedAt(clock.instant())
                .build()
                .call(() -> call.apply(clients.of(client)));
    }

    /** What a client's call gives the root of the account. */
    public <C extends SdkClient, T> T call(Class<C> client, Function<C, T> call) {
        return as(Principal.root(ACCOUNT, Optional.of("AKIAROOT")), client, call);
    }

    public <T> T bedrock(Function<BedrockClient, T> call) {
        return call(BedrockClient.class, call);
    }

    public <T> T runtime(Function<BedrockRuntimeClient, T> call) {
        return call(BedrockRuntimeClient.class, call);
    }

    /** What a stream's call gives, once it is over. */
    public void stream(Function<BedrockRuntimeAsyncClient, CompletableFuture<Void>> call) {
        call(BedrockRuntimeAsyncClient.class, client -> {
            try {
                return call.apply(client).get(30, TimeUnit.SECONDS);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
    }

    public <T> T s3(Function<S3Client, T> call) {
        return call(S3Client.class, call);
    }

    public void bucket(String name) {
        s3(s3 -> s3.createBucket(request -> request.bucket(name)));
    }

    public void put(String bucket, String key, String content) {
        s3(s3 -> s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(content)));
    }

    public byte[] get(String bucket, String key) {
        return s3(s3 -> s3.getObjectAsBytes(request -> request.bucket(bucket).key(key)))
                .asByteArray();
    }

    public String text(String bucket, String key) {
        return new String(get(bucket, key), StandardCharsets.UTF_8);
    }

    public List<String> keys(String bucket) {
        return s3(s3 -> s3.listObjectsV2(request -> request.bucket(bucket))).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /** Makes a role that Bedrock may assume, and gives its ARN. */
    public String role(String name, String policy) {
        return call(IamClient.class, iam -> {
            String arn = iam.createRole(request -> request.roleName(name).assumeRolePolicyDocument("""
                            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                             "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"""))
                    .role()
                    .arn();
            iam.putRolePolicy(
                    request -> request.roleName(name).policyName("all").policyDocument(policy));
            return arn;
        });
    }

    @Override
    public void close() {
        jobs.close();
        logs.close();
        recording.close();
        cloudWatchLogs.close();
        journal.close();
        records.close();
        folder.close();
    }
}
