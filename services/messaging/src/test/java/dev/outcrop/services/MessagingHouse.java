package dev.outcrop.services;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.ClientPresence;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.RoleRights;
import dev.outcrop.kernel.RoleSessions;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
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
import dev.outcrop.services.sns.MailServer;
import dev.outcrop.services.sns.SnsService;
import dev.outcrop.services.sqs.SqsService;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.Records;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The messaging services with IAM and KMS, in a folder, behind the corridor; the clock goes when it is told to. */
public final class MessagingHouse implements AutoCloseable {
    public static final String ACCOUNT = "000000000000";
    public static final Principal ROOT = Principal.root(ACCOUNT, Optional.empty());

    private static final ServiceTables TABLES = new ServiceTables();

    private final AtomicReference<Instant> now;
    private final InstantSource clock;
    private final DataFolder folder;
    private final Records records;
    private final KmsService kms;
    private final LastUses uses;
    private final IamAccessKeys userKeys;
    private final SqsService sqs;
    private final SnsService sns;
    private final ServedServices services = new ServedServices(TABLES);
    private final IamAuthorization authorization;
    private final Clients clients;
    private final List<JournalEntry> measured = Collections.synchronizedList(new ArrayList<>());
    private final ServiceMetrics metrics;
    private final AtomicBoolean working = new AtomicBoolean();
    private Optional<Jobs> jobs = Optional.empty();

    public MessagingHouse(Path path) {
        this(path, Instant.parse("2026-11-22T10:00:00Z"));
    }

    public MessagingHouse(Path path, Instant start) {
        this(path, start, _ -> Map.of());
    }

    /** @param guests adds services, and says how their jobs are done */
    public MessagingHouse(Path path, Instant start, Function<MessagingHouse, Map<String, Work>> guests) {
        this(path, start, guests, Optional.empty());
    }

    /** A house that sends e-mail. */
    public MessagingHouse(Path path, MailServer mail) {
        this(path, Instant.parse("2026-11-22T10:00:00Z"), _ -> Map.of(), Optional.of(mail));
    }

    private MessagingHouse(
            Path path, Instant start, Function<MessagingHouse, Map<String, Work>> guests, Optional<MailServer> mail) {
        now = new AtomicReference<>(start);
        clock = now::get;
        folder = DataFolder.open(path);
        records = folder.records();
        metrics = new ServiceMetrics(measured::addAll, clock);
        Ids ids = new Ids();
        ResourceStore store = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        uses = new LastUses(store, records, clock);
        userKeys = new IamAccessKeys(directory, folder.secrets());
        authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        clients = new Clients(services, new Corridor(authorization, Throttle.unlimited(), call -> {}));
        kms = new KmsService(records, folder.secrets(), store.tags(), ids, clock);
        sqs = new SqsService(
                records, false, folder.secrets(), store.tags(), () -> clients, this::jobs, metrics, ids, clock);
        sns = new SnsService(records, false, folder.secrets(), store.tags(), () -> clients, mail, metrics, ids, clock);
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
                .serve("sqs", SqsClient.class, () -> sqs)
                .serve("sns", SnsClient.class, () -> sns);
        Map<String, Work> work = new HashMap<>(sqs.work());
        work.putAll(guests.apply(this));
        jobs = Optional.of(new Jobs(
                records,
                folder.scheduler(),
                () -> new Background(work, List.of()),
                new Jobs.Settings(1, Duration.ofMillis(100)),
                InstantSource.system()));
    }

    /** The long work, which begins when it is first asked for. */
    public Jobs jobs() {
        Jobs present = jobs.orElseThrow();
        if (working.compareAndSet(false, true)) {
            present.start();
        }
        return present;
    }

    public <C extends SdkClient> void serve(String id, Class<C> type, C service) {
        services.serve(id, type, () -> service);
    }

    /** What roles may do, each of which trusts everybody. */
    public RoleRights rights() {
        return RoleRights.of(authorization, RoleSessions.BY_ARN);
    }

    /** What was measured so far, as the journal keeps it. */
    public List<String> measured() {
        metrics.flush();
        return measured.stream()
                .map(entry -> new String(entry.body(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Takes what is measured. */
    public ServiceMetrics metrics() {
        return metrics;
    }

    public Clients clients() {
        return clients;
    }

    public DataFolder folder() {
        return folder;
    }

    public ResourceStore store() {
        return new ResourceStore(records, new PageTokens(folder.secrets()), clock);
    }

    public Records records() {
        return records;
    }

    public InstantSource clock() {
        return clock;
    }

    /** Lets time pass. */
    public void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** Lets time pass, and what is due be done. */
    public void passAndClean(Duration time) {
        pass(time);
        sqs.chores().forEach(chore -> chore.body().run(() -> false));
        sns.chores().forEach(chore -> chore.body().run(() -> false));
    }

    /** A user of {@code account} with an inline policy, as it signs. */
    public Principal user(String account, String name, String policy) {
        return as(Principal.root(account, Optional.empty()), IamClient.class, iam -> {
            iam.createUser(request -> request.userName(name));
            iam.putUserPolicy(
                    request -> request.userName(name).policyName("may").policyDocument(policy));
            String id = iam.createAccessKey(request -> request.userName(name))
                    .accessKey()
                    .accessKeyId();
            return userKeys.find(id).orElseThrow().principal();
        });
    }

    public <T> T sqs(Function<SqsClient, T> call) {
        return as(ROOT, SqsClient.class, call);
    }

    public <T> T sqs(Principal principal, Function<SqsClient, T> call) {
        return as(principal, SqsClient.class, call);
    }

    public <T> T sns(Function<SnsClient, T> call) {
        return as(ROOT, SnsClient.class, call);
    }

    /** The service itself, for what is not called by its client. */
    public SnsService snsService() {
        return sns;
    }

    /** What a client's call gives {@code principal}. */
    public <C extends SdkClient, T> T as(Principal principal, Class<C> client, Function<C, T> call) {
        return as(principal, ClientPresence.ALWAYS, client, call);
    }

    /** What a client's call gives {@code principal}, who may leave meanwhile. */
    public <C extends SdkClient, T> T as(
            Principal principal, ClientPresence presence, Class<C> client, Function<C, T> call) {
        return CallContext.builder()
                .principal(principal)
                .client(presence)
                .endpoint(Optional.of("http://localhost:4566"))
                .requestId("11111111-2222-3333-4444-555555555555")
                .build()
                .call(() -> call.apply(clients.of(client)));
    }

    @Override
    public void close() {
        jobs.orElseThrow().close();
        sns.close();
        kms.close();
        uses.close();
        metrics.close();
        records.close();
        folder.close();
    }
}
