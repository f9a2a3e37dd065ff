package dev.outcrop.server;

import dev.outcrop.console.Console;
import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.ModelSources;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Task;
import dev.outcrop.engines.text.llama.binding.NativeLibraries;
import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.CallRecorder;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.EncodedDenials;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.PageTokens;
import dev.outcrop.kernel.RateTable;
import dev.outcrop.kernel.RemoteServices;
import dev.outcrop.kernel.ResourceStore;
import dev.outcrop.kernel.RoleRights;
import dev.outcrop.kernel.RoleSessions;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.events.ServiceEvents;
import dev.outcrop.kernel.identity.ListeningRules;
import dev.outcrop.kernel.identity.StoredAccessKeys;
import dev.outcrop.kernel.jobs.Background;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.kernel.jobs.Work;
import dev.outcrop.kernel.policy.ServiceControlPolicies;
import dev.outcrop.kernel.record.AuditEvents;
import dev.outcrop.kernel.record.HealthEndpoint;
import dev.outcrop.kernel.record.Metrics;
import dev.outcrop.kernel.record.MetricsEndpoint;
import dev.outcrop.kernel.record.OpenTelemetryTraces;
import dev.outcrop.kernel.record.Prices;
import dev.outcrop.kernel.record.Recording;
import dev.outcrop.kernel.record.Retention;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.kernel.record.UsageEntries;
import dev.outcrop.services.bedrockruntime.RoutingTable;
import dev.outcrop.services.cloudwatch.CallMetrics;
import dev.outcrop.services.iam.IamAuthorization;
import dev.outcrop.services.s3.AccessLogs;
import dev.outcrop.services.s3.RequestMetrics;
import dev.outcrop.services.sts.IamRoleSessions;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Journal;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Pkcs11Token;
import dev.outcrop.storage.PostgresDatabase;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.Secrets;
import dev.outcrop.storage.StorageException;
import dev.outcrop.storage.WrongMasterKeyException;
import dev.outcrop.wire.WireConfiguration;
import dev.outcrop.wire.WireServer;
import dev.outcrop.wire.server.Certificate;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.security.auth.login.LoginException;
import javax.sql.DataSource;

/** The whole house, put together from top to bottom. Closing it takes it apart in the reverse order. */
public final class Assembly implements AutoCloseable {
    /** The account that the root key of the first start belongs to. */
    static final String ACCOUNT = "000000000000";

    /** What the console begins with, and what calls are in that name no region. */
    static final String DEFAULT_REGION = "us-east-1";

    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final int POSTGRES_CONNECTIONS = 16;

    private final Parts parts = new Parts();
    private final AccessKey rootKey;
    private final RoutingTable routing;
    private final ServedServices services;
    private final Jobs jobs;
    private final GenerativeFamily generative;
    private final WireServer server;

    private Assembly(Configuration configuration, Map<String, Work> work) {
        InetAddress address = address(configuration.listen());
        try {
            ListeningRules.check(
                    address,
                    configuration.developmentKeys(),
                    configuration.tls().isPresent(),
                    configuration.insecure());
        } catch (IllegalArgumentException refusal) {
            throw new ConfigurationException(refusal.getMessage());
        }
        InstantSource clock = InstantSource.system();
        SecureRandom random = new SecureRandom();
        Ids ids = new Ids(random);

        try {
            // Storage.
            DataFolder folder = closedAtTheEnd(dataFolder(configuration));
            Secrets secrets = secrets(configuration, folder);
            Records records;
            Journal journal;
            DataSource schedulerTables;
            if (configuration.postgres().isPresent()) {
                PostgresDatabase database =
                        closedAtTheEnd(postgres(configuration.postgres().get()));
                records = closedAtTheEnd(database.records());
                journal = closedAtTheEnd(database.journal());
                schedulerTables = database.pool();
            } else {
                records = closedAtTheEnd(folder.records());
                journal = closedAtTheEnd(folder.journal());
                schedulerTables = folder.scheduler();
            }

            Objects objects = folder.objects(secrets);

            // Identity.
            StoredAccessKeys stored = new StoredAccessKeys(records, secrets);
            rootKey = rootKey(stored, ids, clock);
            boolean development = configuration.developmentKeys() && address.isLoopbackAddress();
            ResourceStore resources = new ResourceStore(records, new PageTokens(secrets), clock);
            Identity identity = Identity.of(resources, records, secrets, stored, development, parts, ids, clock);

            // The corridor.
            ServiceTables tables = new ServiceTables();
            services = new ServedServices(tables);
            Metrics metrics = new Metrics();
            Prices prices = configuration
                    .prices()
                    .map(file -> read("prices", file, Prices::read).before(Prices.aws()))
                    .orElseGet(Prices::aws);
            UsageEntries usage = new UsageEntries(prices);
            Recording recording = closedAtTheEnd(new Recording(journal, new AuditEvents(tables), usage));
            AccessLogs accessLogs = closedAtTheEnd(new AccessLogs(records, objects, ids, clock));
            ServiceMetrics serviceMetrics = closedAtTheEnd(new ServiceMetrics(journal::append, clock));
            CallRecorder recorder = recording
                    .and(metrics)
                    .and(accessLogs)
                    .and(new RequestMetrics(records, serviceMetrics, clock))
                    .and(new CallMetrics(serviceMetrics, MonitoringFamily.serviceNames(tables)))
                    .and(this::recordModelCall);
            if (configuration.traces().isPresent()) {
                recorder = recorder.and(closedAtTheEnd(
                        new OpenTelemetryTraces(configuration.traces().get())));
            }
            Throttle throttle = configuration
                    .quotas()
                    .map(quotas -> new Throttle(rates(quotas), clock))
                    .orElseGet(Throttle::unlimited);
            Authorization authorization =
                    new IamAuthorization(identity.directory(), ServiceControlPolicies.NONE, identity.lastUses());
            RoleSessions roleSessions = new IamRoleSessions(identity.directory(), clock);
            EncodedDenials encodedDenials = new EncodedDenials(secrets);
            Corridor corridor = new Corridor(authorization, throttle, recorder, Optional.of(encodedDenials));
            RemoteServices remote = closedAtTheEnd(remote(configuration, tables));
            Clients clients = new Clients(services, corridor, roleSessions, remote);

            // Models.
            HouseModels models = closedAtTheEnd(new HouseModels(
                    configuration.models(),
                    catalog(configuration),
                    modelStore(configuration),
                    libraries(configuration)));
            routing = routing(configuration, models);

            // Services.
            House house = new House(
                    configuration,
                    folder.path(),
                    records,
                    journal,
                    objects,
                    secrets,
                    resources,
                    new ServiceEvents(records, clock),
                    serviceMetrics,
                    tables,
                    () -> clients,
                    this::jobs,
                    RoleRights.of(authorization, roleSessions),
                    parts,
                    ids,
                    random,
                    clock);
            generative = new GenerativeFamily(house, models, routing, usage);
            DocumentsFamily documents = new DocumentsFamily(house, models);
            List<Family> families = List.of(
                    new SecurityFamily(house, identity, encodedDenials),
                    new StorageFamily(house, accessLogs),
                    new AuditFamily(house),
                    new MessagingFamily(house),
                    new MonitoringFamily(house),
                    generative,
                    new KnowledgeFamily(house, models, routing, documents.reader()),
                    new LanguageFamily(house, models),
                    documents,
                    new SpeechFamily(house, models),
                    new VoiceFamily(house, models));
            families.forEach(family -> family.serve(services));

            // Long work.
            Retention retention = new Retention(
                    journal,
                    configuration.retention().audit(),
                    configuration.retention().usage(),
                    clock);
            Background own = new Background(work, List.of(retention.chore()));
            jobs = closedAtTheEnd(new Jobs(
                    records,
                    schedulerTables,
                    () -> families.stream().map(Family::background).reduce(own, Background::and),
                    configuration.jobs(),
                    clock));

            // The front door.
            List<Endpoint> endpoints = new ArrayList<>();
            families.forEach(family -> endpoints.addAll(family.endpoints()));
            Console console = closedAtTheEnd(new Console(
                    new Console.Settings(Version.current(), DEFAULT_REGION, development),
                    services,
                    catalog(configuration),
                    modelStore(configuration),
                    journal,
                    prices,
                    clock));
            endpoints.addAll(console.endpoints());
            endpoints.add(new HealthEndpoint(health(models)));
            endpoints.add(new MetricsEndpoint(metrics));
            models.preload();
            server = WireServer.start(
                    wire(configuration, address),
                    services,
                    corridor,
                    identity.keys(),
                    identity.bearerKeys(),
                    endpoints);
            closedAtTheEnd(() -> server.stop(DRAIN));
            jobs.startInBackground();
        } catch (RuntimeException failure) {
            close();
            throw startFailure(failure, configuration);
        }
    }

    /**
     * Puts the house together and opens its door.
     *
     * @throws ConfigurationException if the configuration is no good
     * @throws StartException if the port or the data folder is in use
     */
    public static Assembly start(Configuration configuration) {
        return start(configuration, Map.of());
    }

    /** As {@link #start(Configuration)}, with kinds of jobs beside those of the services. */
    static Assembly start(Configuration configuration, Map<String, Work> work) {
        return new Assembly(configuration, work);
    }

    /** Nothing is called before all families are there. */
    private void recordModelCall(CallRecord call) {
        generative.record(call);
    }

    /** The long work of this server. */
    Jobs jobs() {
        return jobs;
    }

    /** The port that the server listens on. */
    public int port() {
        return server.port();
    }

    /** The model that answers for text where no other is asked for, if one is installed. */
    public Optional<String> textModel() {
        return routing.defaultText();
    }

    /** The model that answers for embeddings where no other is asked for, if one is installed. */
    public Optional<String> embeddingModel() {
        return routing.defaultEmbedding();
    }

    /** The root's access key. */
    public AccessKey rootKey() {
        return rootKey;
    }

    /** The services and how much of each is implemented. */
    public ServedServices services() {
        return services;
    }

    /** The catalog with the user's own entries. */
    static Catalog catalog(Configuration configuration) {
        return Catalog.load(configuration
                .models()
                .catalog()
                .orElseGet(() -> configuration.data().resolve("models.yaml")));
    }

    /** The folder of installed models. */
    static ModelStore modelStore(Configuration configuration) {
        return ModelStore.open(
                configuration.models().folder(),
                new ModelSources(System.getenv()),
                new ModelRequantizer(libraries(configuration)));
    }

    /** llama.cpp's libraries: those that the configuration names, or those of the distribution. */
    private static Path libraries(Configuration configuration) {
        return configuration
                .models()
                .libraries()
                .or(() -> Optional.ofNullable(System.getProperty(NativeLibraries.PROPERTY))
                        .map(Path::of))
                .orElseGet(() -> Path.of(System.getProperty("outcrop.home", "."), "lib", "native"));
    }

    /** What the configuration says, and for what it leaves open the best of the defaults that is installed. */
    private static RoutingTable routing(Configuration configuration, HouseModels models) {
        Configuration.Routing settings = configuration.routing();
        return new RoutingTable(
                settings.table().entrySet().stream()
                        .map(entry -> new RoutingTable.Rule(entry.getKey(), entry.getValue()))
                        .toList(),
                settings.textModel().or(() -> models.preferred(Task.TEXT)),
                settings.embeddingModel().or(() -> models.preferred(Task.EMBEDDING)),
                settings.strict());
    }

    private static DataFolder dataFolder(Configuration configuration) {
        try {
            return DataFolder.open(configuration.data());
        } catch (StorageException failure) {
            throw new StartException(
                    ExitCode.IN_USE, failure.getMessage() + ": stop it, or choose another folder with --data");
        }
    }

    /** The secrets under the master key, which a token may have to open first. */
    private static Secrets secrets(Configuration configuration, DataFolder folder) {
        Path file = configuration.masterKey().orElseGet(folder::masterKey);
        if (configuration.masterKeyToken().isEmpty()) {
            return Secrets.open(file);
        }
        Configuration.MasterKeyToken settings = configuration.masterKeyToken().get();
        String pin = Configuration.secret(settings.pinVariable(), "the PIN of masterKeyToken");
        try (Pkcs11Token token = Pkcs11Token.open(settings.module(), pin.toCharArray())) {
            return Secrets.open(file, token);
        } catch (LoginException refusal) {
            throw new StartException(ExitCode.CONFIGURATION, "masterKeyToken: " + refusal.getMessage());
        }
    }

    /** The first thing to be decrypted at a start. */
    private static AccessKey rootKey(StoredAccessKeys stored, Ids ids, InstantSource clock) {
        try {
            return stored.rootKey(ACCOUNT, ids, clock);
        } catch (WrongMasterKeyException wrong) {
            throw new StartException(
                    ExitCode.CONFIGURATION,
                    wrong.getMessage()
                            + ": servers that share a database share a master key, which the setting masterKey"
                            + " names");
        }
    }

    private static RuntimeException startFailure(RuntimeException failure, Configuration configuration) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return new StartException(
                        ExitCode.IN_USE,
                        "port " + configuration.port() + " of " + configuration.listen()
                                + " is in use: stop what uses it, or choose another with --port");
            }
        }
        return failure;
    }

    private static InetAddress address(String listen) {
        try {
            return InetAddress.getByName(listen);
        } catch (UnknownHostException _) {
            throw new ConfigurationException("listen must be an address of this machine, but is \"" + listen + "\"");
        }
    }

    private static PostgresDatabase postgres(Configuration.Postgres settings) {
        String password = settings.passwordVariable()
                .map(variable -> Configuration.secret(variable, "the password of PostgreSQL"))
                .orElse("");
        return PostgresDatabase.open(settings.url(), settings.user(), password, POSTGRES_CONNECTIONS);
    }

    private static RemoteServices remote(Configuration configuration, ServiceTables tables) {
        Map<String, RemoteServices.Endpoint> endpoints = new LinkedHashMap<>();
        configuration.remote().forEach((id, remote) -> {
            String secret = Configuration.secret(remote.secretVariable(), "the secret access key of remote." + id);
            endpoints.put(
                    id,
                    new RemoteServices.Endpoint(
                            remote.url(), new RemoteServices.AccessKeyPair(remote.accessKeyId(), secret)));
        });
        try {
            return new RemoteServices(endpoints, tables);
        } catch (IllegalArgumentException unknown) {
            throw new ConfigurationException("remote: " + unknown.getMessage());
        }
    }

    private static RateTable rates(String quotas) {
        return quotas.equals("aws") ? RateTable.aws() : read("quotas", Settings.expand(quotas), RateTable::read);
    }

    /** Reads a table that the user wrote. */
    private static <T> T read(String setting, Path file, TableReader<T> reader) {
        try {
            return reader.read(file);
        } catch (IOException | IllegalArgumentException failure) {
            throw new ConfigurationException(setting + ": " + failure.getMessage());
        }
    }

    @FunctionalInterface
    private interface TableReader<T> {
        T read(Path file) throws IOException;
    }

    private static WireConfiguration wire(Configuration configuration, InetAddress address) {
        WireConfiguration.Builder wire = WireConfiguration.builder()
                .address(address)
                .port(configuration.port())
                .origins(configuration.origins());
        configuration.tls().ifPresent(tls -> wire.certificate(certificate(tls, configuration.data())));
        return wire.build();
    }

    private static Certificate certificate(Configuration.Tls tls, Path data) {
        try {
            return tls.certificate().isPresent()
                    ? Certificate.read(tls.certificate().get(), tls.key().orElseThrow())
                    : Certificate.own(data);
        } catch (IOException failure) {
            throw new ConfigurationException("tls: " + failure.getMessage());
        }
    }

    private Map<String, Supplier<String>> health(HouseModels models) {
        Map<String, Supplier<String>> parts = new LinkedHashMap<>();
        parts.put("version", Version::current);
        parts.put("textModel", () -> routing.defaultText().orElse("none"));
        parts.put("embeddingModel", () -> routing.defaultEmbedding().orElse("none"));
        parts.put(
                "loadedModels",
                () -> String.join(
                        ", ",
                        models.loaded().stream().map(loaded -> loaded.id()).toList()));
        parts.put(
                "generating",
                () -> String.valueOf(models.loaded().stream()
                        .mapToInt(loaded -> loaded.generating() + loaded.queued())
                        .sum()));
        return parts;
    }

    @Override
    public void close() {
        parts.close();
    }

    private <T extends AutoCloseable> T closedAtTheEnd(T part) {
        return parts.closedAtTheEnd(part);
    }
}
