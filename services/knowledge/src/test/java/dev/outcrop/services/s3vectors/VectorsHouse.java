package dev.outcrop.services.s3vectors;

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
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3vectors.S3VectorsClient;

/** S3 Vectors, KMS and IAM over a folder, behind the corridor, with IAM deciding. */
final class VectorsHouse implements AutoCloseable {
    static final String ACCOUNT = "111111111111";
    static final String STRANGER = "222222222222";

    private static final ServiceTables TABLES = new ServiceTables();

    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-22T10:00:00Z"));
    private final DataFolder folder;
    private final Records records;
    private final LastUses uses;
    private final IamAccessKeys userKeys;
    private final S3VectorsService service;
    private final Clients clients;

    VectorsHouse(Path path) {
        folder = DataFolder.open(path);
        records = folder.records();
        ResourceStore store = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        uses = new LastUses(store, records, clock);
        userKeys = new IamAccessKeys(directory, folder.secrets());
        ServedServices services = new ServedServices(TABLES);
        clients = new Clients(
                services,
                new Corridor(
                        new IamAuthorization(directory, ServiceControlPolicies.NONE, uses),
                        Throttle.unlimited(),
                        _ -> {}));
        service = new S3VectorsService(
                records, folder.secrets(), store.tags(), path.resolve("vectors"), () -> clients, new Ids(), clock);
        KmsService kms = new KmsService(records, folder.secrets(), store.tags(), new Ids(), clock);
        services.serve("s3vectors", S3VectorsClient.class, () -> service).serve("kms", KmsClient.class, () -> kms);
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
    }

    /** A user of {@code account} who may do these actions on everything. */
    Principal user(String account, String name, String... actions) {
        return as(Principal.root(account, Optional.empty()), IamClient.class, iam -> {
            iam.createUser(request -> request.userName(name));
            iam.putUserPolicy(
                    request -> request.userName(name).policyName("may").policyDocument("""
                    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["%s"], "Resource": "*"}}""".formatted(
                                    String.join("\", \"", actions))));
            String id = iam.createAccessKey(request -> request.userName(name))
                    .accessKey()
                    .accessKeyId();
            return userKeys.find(id).orElseThrow().principal();
        });
    }

    /** What a call gives the root of the first account. */
    <T> T vectors(Function<S3VectorsClient, T> call) {
        return as(Principal.root(ACCOUNT, Optional.empty()), S3VectorsClient.class, call);
    }

    <C extends SdkClient, T> T as(Principal principal, Class<C> client, Function<C, T> call) {
        return CallContext.builder()
                .principal(principal)
                .region("us-east-1")
                .requestId("11111111-2222-3333-4444-555555555555")
                .build()
                .call(() -> call.apply(clients.of(client)));
    }

    @Override
    public void close() {
        service.close();
        uses.close();
        records.close();
        folder.close();
    }
}
