package dev.outcrop.services;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.EncodedDenials;
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
import dev.outcrop.services.sts.StsService;
import dev.outcrop.services.sts.TemporaryKeys;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Pkcs11Token;
import dev.outcrop.storage.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** A house that serves IAM, STS, KMS, and what a test adds, over a folder; its clock goes when it is told to. */
public final class ServedSecurity implements AutoCloseable {
    private static final ServiceTables TABLES = new ServiceTables();

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-22T10:00:00Z"));
    private final InstantSource clock = now::get;
    private final DataFolder folder;
    private final Records records;
    private final KmsService kms;
    private final LastUses uses;
    private final IamAccessKeys userKeys;
    private final TemporaryKeys temporaryKeys;
    private final ServedServices services = new ServedServices(TABLES);
    private final Clients clients;

    public ServedSecurity(Path path) {
        this(path, Map.of());
    }

    /** @param modules what stands for clusters of AWS CloudHSM */
    public ServedSecurity(Path path, Map<String, Pkcs11Token.Module> modules) {
        folder = DataFolder.open(path);
        records = folder.records();
        Ids ids = new Ids();
        kms = new KmsService(records, folder.secrets(), store().tags(), ids, clock, modules);
        services.serve("kms", KmsClient.class, () -> kms);
        IamDirectory directory = new IamDirectory(store(), records, new CompiledPolicies());
        uses = new LastUses(store(), records, clock);
        userKeys = new IamAccessKeys(directory, folder.secrets());
        temporaryKeys = new TemporaryKeys(records, folder.secrets(), ids, clock);
        MfaDevices mfaDevices = new MfaDevices(directory, folder.secrets(), clock);
        OpenIdProviders openIdProviders = new OpenIdProviders(directory, clock);
        SamlProviders samlProviders = new SamlProviders(directory, ids, clock);
        ServiceCredentials apiKeys = new ServiceCredentials(directory, ids, clock);
        EncodedDenials denials = new EncodedDenials(folder.secrets());
        services.serve(
                "iam",
                IamClient.class,
                () -> new IamService(
                        directory,
                        folder.secrets(),
                        uses,
                        mfaDevices,
                        openIdProviders,
                        samlProviders,
                        apiKeys,
                        TABLES,
                        ids,
                        clock));
        services.serve(
                "sts",
                StsClient.class,
                () -> new StsService(
                        directory, temporaryKeys, mfaDevices, openIdProviders, samlProviders, denials, clock));
        clients = new Clients(
                services,
                new Corridor(
                        new IamAuthorization(directory, ServiceControlPolicies.NONE, uses),
                        Throttle.unlimited(),
                        record -> {}));
    }

    /** A user of {@code account} with an inline policy, as it signs. */
    public Principal user(String account, String name, String policy) {
        return as(account, IamClient.class, iam -> {
            iam.createUser(request -> request.userName(name));
            iam.putUserPolicy(
                    request -> request.userName(name).policyName("may").policyDocument(policy));
            String id = iam.createAccessKey(request -> request.userName(name))
                    .accessKey()
                    .accessKeyId();
            return userKeys.find(id).orElseThrow().principal();
        });
    }

    /** A session of a new role of {@code account} that {@code opener} has assumed. */
    public Principal session(String account, String role, String policy, Principal opener) {
        return session(account, role, policy, opener, null);
    }

    /** The same, narrowed by a session policy. */
    public Principal session(String account, String role, String policy, Principal opener, String sessionPolicy) {
        as(account, IamClient.class, iam -> {
            iam.createRole(request -> request.roleName(role).assumeRolePolicyDocument("""
                    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                     "Principal": {"AWS": "%s"}}}""".formatted(opener.arn())));
            return iam.putRolePolicy(
                    request -> request.roleName(role).policyName("may").policyDocument(policy));
        });
        String id = as(
                        opener,
                        StsClient.class,
                        sts -> sts.assumeRole(request -> request.roleArn("arn:aws:iam::" + account + ":role/" + role)
                                .roleSessionName("session")
                                .policy(sessionPolicy)))
                .credentials()
                .accessKeyId();
        return temporaryKeys.find(id).orElseThrow().principal();
    }

    public <C extends SdkClient> ServedSecurity serve(String id, Class<C> type, C service) {
        services.serve(id, type, () -> service);
        return this;
    }

    public ResourceStore store() {
        return new ResourceStore(records, new PageTokens(folder.secrets()), clock);
    }

    public DataFolder folder() {
        return folder;
    }

    public Records records() {
        return records;
    }

    public InstantSource clock() {
        return clock;
    }

    public Clients clients() {
        return clients;
    }

    public KmsService kmsService() {
        return kms;
    }

    /** Lets time pass. */
    public void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** What a client's call gives the root of the first account. */
    public <C extends SdkClient, T> T as(Class<C> client, Function<C, T> call) {
        return as("000000000000", client, call);
    }

    /** What a client's call gives the root of {@code account}. */
    public <C extends SdkClient, T> T as(String account, Class<C> client, Function<C, T> call) {
        return as(Principal.root(account, Optional.empty()), client, call);
    }

    /** What a client's call gives {@code principal}. */
    public <C extends SdkClient, T> T as(Principal principal, Class<C> client, Function<C, T> call) {
        return in("us-east-1", principal, client, call);
    }

    /** What a client's call gives {@code principal} in {@code region}. */
    public <C extends SdkClient, T> T in(String region, Principal principal, Class<C> client, Function<C, T> call) {
        return CallContext.builder()
                .principal(principal)
                .region(region)
                .requestId("11111111-2222-3333-4444-555555555555")
                .build()
                .call(() -> call.apply(clients.of(client)));
    }

    /** What a client's call gives that {@code service} makes on {@code principal}'s behalf. */
    public <C extends SdkClient, T> T through(
            String service, Principal principal, Class<C> client, Function<C, T> call) {
        return CallContext.builder()
                .principal(principal)
                .requestId("11111111-2222-3333-4444-555555555555")
                .callingService(Optional.of(service))
                .build()
                .call(() -> call.apply(clients.of(client)));
    }

    @Override
    public void close() {
        kms.close();
        uses.close();
        records.close();
        folder.close();
    }
}
