package dev.outcrop.services;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
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
import dev.outcrop.services.iam.KeyUses;
import dev.outcrop.services.sts.StsService;
import dev.outcrop.services.sts.TemporaryKeys;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;

/** IAM and STS in a folder, behind the corridor, for tests. */
public final class SecurityHouse implements AutoCloseable {
    /** The account that calls are made in. */
    public static final String ACCOUNT = "123456789012";

    private final DataFolder folder;
    private final Records records;
    private final KeyUses uses;
    private final IamAccessKeys userKeys;
    private final TemporaryKeys temporaryKeys;
    private final List<CallRecord> calls = new ArrayList<>();

    /** The clients of both. */
    public final IamClient iam;

    public final StsClient sts;

    public SecurityHouse(Path path) {
        folder = DataFolder.open(path);
        records = folder.records();
        InstantSource clock = InstantSource.system();
        Ids ids = new Ids();
        ResourceStore store = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        uses = new KeyUses(store, clock);
        userKeys = new IamAccessKeys(directory, folder.secrets());
        temporaryKeys = new TemporaryKeys(records, folder.secrets(), ids, clock);
        ServedServices services = new ServedServices(new ServiceTables())
                .serve("iam", IamClient.class, () -> new IamService(directory, folder.secrets(), uses, ids, clock))
                .serve("sts", StsClient.class, () -> new StsService(directory, temporaryKeys, clock));
        Authorization authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        Clients clients = new Clients(services, new Corridor(authorization, Throttle.unlimited(), calls::add));
        iam = clients.of(IamClient.class);
        sts = clients.of(StsClient.class);
    }

    /** The calls so far. */
    public List<CallRecord> calls() {
        return calls;
    }

    /** What {@code body} gives when the account's root calls. */
    public <T> T asRoot(Supplier<T> body) {
        return as(Principal.root(ACCOUNT, Optional.empty()), body);
    }

    /** What {@code body} gives when {@code principal} calls. */
    public <T> T as(Principal principal, Supplier<T> body) {
        return CallContext.builder().principal(principal).requestId("1").build().call(body::get);
    }

    /** The key, of a user or temporary, that a client would sign with. */
    public Optional<AccessKey> key(String accessKeyId) {
        return userKeys.find(accessKeyId).or(() -> temporaryKeys.find(accessKeyId));
    }

    @Override
    public void close() {
        uses.close();
        records.close();
        folder.close();
    }
}
