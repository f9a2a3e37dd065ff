package dev.outcrop.services.cloudtrail;

import dev.outcrop.kernel.CallContext;
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
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.policy.CompiledPolicies;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.kernel.record.Prices;
import dev.outcrop.kernel.record.Recording;
import dev.outcrop.kernel.record.UsageEntries;
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
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.PostgresDatabase;
import dev.outcrop.storage.Records;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.sql.DataSource;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;

/** CloudTrail with the services that it delivers by, in a folder, behind the corridor; its clock goes when it is told to. */
final class AuditHouse implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final String REGION = "us-east-1";

    private static final ServiceTables TABLES = new ServiceTables();

    /** Calls are recorded with the time of day, so it begins there. */
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    private final InstantSource clock = now::get;
    private final DataFolder folder;
    private final ServedServices services;
    private final Records records;
    private final Journal journal;
    private final CloudTrailService cloudTrail;
    private final Clients clients;
    private Optional<Jobs> jobs = Optional.empty();
    private Recording recording;

    AuditHouse(Path path) {
        this(DataFolder.open(path));
    }

    private AuditHouse(DataFolder folder) {
        this(folder, folder.records(), folder.journal(), folder.scheduler(), folder.path());
    }

    /**
     * One of several servers, which share a database, the master key and the files of objects.
     *
     * @param path what is its own
     */
    AuditHouse(DataFolder shared, PostgresDatabase database, Path path) {
        this(shared, database.records(), database.journal(), database.pool(), path);
    }

    private AuditHouse(DataFolder folder, Records records, Journal journal, DataSource scheduler, Path path) {
        this.folder = folder;
        this.records = records;
        this.journal = journal;
        recording = recording();
        Ids ids = new Ids();
        ResourceStore store = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        LastUses uses = new LastUses(store, records, clock);
        services = new ServedServices(TABLES);
        IamAuthorization authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        clients = new Clients(
                services,
                new Corridor(authorization, Throttle.unlimited(), call -> recording.record(call)),
                new IamRoleSessions(directory, clock),
                RemoteServices.NONE);
        KmsService kms = new KmsService(records, folder.secrets(), store.tags(), ids, clock);
        cloudTrail = new CloudTrailService(
                journal,
                Duration.ofDays(90),
                records,
                folder.secrets(),
                store.tags(),
                path,
                () -> clients,
                this::jobs,
                ids,
                clock);
        jobs = Optional.of(new Jobs(
                records,
                scheduler,
                () -> new Background(cloudTrail.work(), List.of()),
                new Jobs.Settings(2, Duration.ofSeconds(1)),
                clock));
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
                .serve(
                        "s3",
                        S3Client.class,
                        () -> new S3Service(
                                records,
                                folder.objects(folder.secrets()),
                                BucketDefaults.AWS,
                                () -> clients,
                                RoleRights.of(authorization, new IamRoleSessions(directory, clock)),
                                ids,
                                clock))
                .serve("cloudtrail", CloudTrailClient.class, () -> cloudTrail);
        jobs().start();
    }

    private Recording recording() {
        return new Recording(journal, new AuditEvents(TABLES), new UsageEntries(Prices.free()));
    }

    private Jobs jobs() {
        return jobs.orElseThrow();
    }

    /** Serves another service, too. */
    <C extends SdkClient> void serve(String id, Class<C> client, C service) {
        services.serve(id, client, () -> service);
    }

    /** Makes a bucket that CloudTrail may put its files into. */
    void createLogBucket(String name) {
        s3(s3 -> s3.createBucket(request -> request.bucket(name)));
        s3(s3 -> s3.putBucketPolicy(request -> request.bucket(name).policy("""
                {"Version": "2012-10-17", "Statement": [
                 {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"},
                  "Action": ["s3:GetBucketAcl", "s3:PutObject"],
                  "Resource": ["arn:aws:s3:::NAME", "arn:aws:s3:::NAME/*"]}]}""".replace("NAME", name))));
    }

    /** Copies into event data stores what was called, as the server does again and again. */
    void ingest() {
        settle();
        cloudTrail.ingest(() -> false);
    }

    CloudTrailService service() {
        return cloudTrail;
    }

    Journal journal() {
        return journal;
    }

    Records records() {
        return records;
    }

    InstantSource clock() {
        return clock;
    }

    /** Lets time pass. */
    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** Makes sure that all calls so far are in the journal. */
    void settle() {
        recording.close();
        recording = recording();
    }

    /** Delivers all that was logged, as the server does every minute. */
    void deliver() {
        settle();
        cloudTrail.deliver(() -> false);
    }

    /** What a client's call gives the root of the account. */
    <C extends SdkClient, T> T as(Class<C> client, Function<C, T> call) {
        return as(REGION, client, call);
    }

    /** The same, in {@code region}. */
    <C extends SdkClient, T> T as(String region, Class<C> client, Function<C, T> call) {
        return as(Principal.root(ACCOUNT, Optional.of("AKIAROOT")), region, client, call);
    }

    /** What a client's call gives {@code principal}. */
    <C extends SdkClient, T> T as(Principal principal, String region, Class<C> client, Function<C, T> call) {
        return CallContext.builder()
                .principal(principal)
                .region(region)
                .requestId("11111111-2222-3333-4444-555555555555")
                .userAgent("test")
                .startedAt(clock.instant())
                .build()
                .call(() -> call.apply(clients.of(client)));
    }

    <T> T cloudTrail(Function<CloudTrailClient, T> call) {
        return as(CloudTrailClient.class, call);
    }

    /** The client of {@code region}, calling as the root of the account. */
    CloudTrailClient client(String region) {
        return (CloudTrailClient) Proxy.newProxyInstance(
                CloudTrailClient.class.getClassLoader(),
                new Class<?>[] {CloudTrailClient.class},
                (proxy, method, arguments) -> as(region, CloudTrailClient.class, client -> {
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException failure) {
                        throw (RuntimeException) failure.getCause();
                    } catch (IllegalAccessException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                }));
    }

    <T> T s3(Function<S3Client, T> call) {
        return as(S3Client.class, call);
    }

    /** A management event as the kernel writes them. */
    static JournalEntry event(Instant time, String id, String name, String user, String region) {
        String json = "{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"AIDA" + user
                + "\",\"arn\":\"arn:aws:iam::123456789012:user/" + user + "\",\"accountId\":\"123456789012\","
                + "\"accessKeyId\":\"AKIA" + user + "\",\"userName\":\"" + user + "\"},\"eventTime\":\""
                + time.truncatedTo(ChronoUnit.SECONDS) + "\","
                + "\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"" + name + "\",\"awsRegion\":\"" + region
                + "\",\"sourceIPAddress\":\"192.0.2.1\",\"userAgent\":\"aws-cli/2.0\",\"requestParameters\":{"
                + "\"userName\":\"made-" + user + "\",\"path\":\"/\"},\"responseElements\":null,\"requestID\":\"r" + id
                + "\",\"eventID\":\"" + id + "\",\"readOnly\":" + name.startsWith("Get")
                + ",\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"recipientAccountId\":\"123456789012\","
                + "\"eventCategory\":\"Management\"}";
        return new JournalEntry(AuditEvents.KIND, ACCOUNT, time, json.getBytes(StandardCharsets.UTF_8));
    }

    void append(List<JournalEntry> entries) {
        journal.append(entries);
    }

    @Override
    public void close() {
        jobs().close();
        cloudTrail.close();
        recording.close();
        journal.close();
        records.close();
        folder.close();
    }
}
