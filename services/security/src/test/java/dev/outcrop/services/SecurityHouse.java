package dev.outcrop.services;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.BearerKeys;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.CallRecord;
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
import dev.outcrop.services.sts.StsService;
import dev.outcrop.services.sts.TemporaryKeys;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;

/** IAM and STS in a folder, behind the corridor, for tests. */
public final class SecurityHouse implements AutoCloseable {
    /** The account that calls are made in. */
    public static final String ACCOUNT = "123456789012";

    private final DataFolder folder;
    private final Records records;
    private final LastUses uses;
    private final ServiceCredentials apiKeys;
    private final IamAccessKeys userKeys;
    private final TemporaryKeys temporaryKeys;
    private final List<CallRecord> calls = new ArrayList<>();

    /** The clients of both. */
    public final IamClient iam;

    public final StsClient sts;

    /** Begins now, and time passes by itself. */
    public SecurityHouse(Path path) {
        this(path, InstantSource.system());
    }

    public SecurityHouse(Path path, InstantSource clock) {
        folder = DataFolder.open(path);
        records = folder.records();
        Ids ids = new Ids();
        ServiceTables tables = new ServiceTables();
        ResourceStore store = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(store, records, new CompiledPolicies());
        uses = new LastUses(store, records, clock);
        userKeys = new IamAccessKeys(directory, folder.secrets());
        temporaryKeys = new TemporaryKeys(records, folder.secrets(), ids, clock);
        apiKeys = new ServiceCredentials(directory, ids, clock);
        MfaDevices mfaDevices = new MfaDevices(directory, folder.secrets(), clock);
        OpenIdProviders openIdProviders = new OpenIdProviders(directory, clock);
        SamlProviders samlProviders = new SamlProviders(directory, ids, clock);
        EncodedDenials denials = new EncodedDenials(folder.secrets());
        ServedServices services = new ServedServices(tables)
                .serve(
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
                                tables,
                                ids,
                                clock))
                .serve(
                        "sts",
                        StsClient.class,
                        () -> new StsService(
                                directory, temporaryKeys, mfaDevices, openIdProviders, samlProviders, denials, clock));
        Authorization authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        Clients clients = new Clients(
                services, new Corridor(authorization, Throttle.unlimited(), calls::add, Optional.of(denials)));
        iam = clients.of(IamClient.class);
        sts = clients.of(StsClient.class);
    }

    /** The Bedrock API keys of users. */
    public BearerKeys apiKeys() {
        return apiKeys;
    }

    /** The calls so far. */
    public List<CallRecord> calls() {
        return calls;
    }

    /** What {@code body} gives when the account's root calls. */
    public <T> T asRoot(Supplier<T> body) {
        return as(Principal.root(ACCOUNT, Optional.empty()), body);
    }

    /** {@code client} as the account's root calls it. */
    public <C extends SdkClient> C asRoot(Class<C> type, C client) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> asRoot(() -> {
                    try {
                        return method.isDefault() && !isRequest(arguments)
                                ? InvocationHandler.invokeDefault(proxy, method, arguments)
                                : method.invoke(client, arguments);
                    } catch (InvocationTargetException failure) {
                        throw (RuntimeException) failure.getCause();
                    } catch (RuntimeException failure) {
                        throw failure;
                    } catch (Throwable impossible) {
                        throw new IllegalStateException(impossible);
                    }
                })));
    }

    private static boolean isRequest(Object[] arguments) {
        return arguments != null && arguments.length == 1 && arguments[0] instanceof SdkRequest;
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
