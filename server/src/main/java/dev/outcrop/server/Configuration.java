package dev.outcrop.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.web.Reach;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.services.s3.BucketDefaults;
import dev.outcrop.services.sns.MailServer;
import dev.outcrop.storage.Pkcs11Token;
import dev.outcrop.wire.WireConfiguration;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be set, from the configuration file and the command line. DEVELOPMENT.md and
 * {@code outcrop up --help} list the settings; whatever is absent has the default that its reader below gives it.
 *
 * @param listen          address to listen on; loopback by default
 * @param port            port, 0 for any free one
 * @param data            folder of everything that is kept
 * @param developmentKeys whether the well-known development keys are accepted
 * @param insecure        whether development keys and plain HTTP are allowed beyond loopback
 * @param tls             certificate and key; absent: plain HTTP
 * @param masterKey       file of the key that secrets are encrypted under; absent: one in the data folder
 * @param masterKeyToken  PKCS #11 token whose key the master key is encrypted under; absent: it stands there in the clear
 * @param hsm             PKCS #11 modules that stand for clusters of AWS CloudHSM, by the clusters' ids
 * @param postgres        PostgreSQL instead of the embedded SQLite
 * @param jobs            how many jobs run at once
 * @param retention       how long records are kept
 * @param remote          services that other processes serve, by their ids
 * @param routing         which models answer for AWS's model ids
 * @param models          where models are kept and how many of them
 * @param guardrails      installed models that judge in the place of the classifiers
 * @param newBuckets      what a bucket of S3 has set where its creator says nothing
 * @param origins         origins that browsers may call from; {@code loopback} for pages that this machine serves
 * @param reach           hosts in private networks that stores and sources of knowledge bases may be; {@code public} for
 *                        none, absent or {@code *} for all
 * @param quotas          {@code aws}, or a file of requests per second by account, service and operation; absent: none
 * @param prices          file of prices by model
 * @param mail            SMTP server that SNS sends e-mail by; absent: nobody can subscribe by e-mail
 * @param traces          OTLP endpoint of OpenTelemetry traces
 * @param logFormat       text or json
 */
public record Configuration(
        String listen,
        int port,
        Path data,
        boolean developmentKeys,
        boolean insecure,
        Optional<Tls> tls,
        Optional<Path> masterKey,
        Optional<MasterKeyToken> masterKeyToken,
        Map<String, Pkcs11Token.Module> hsm,
        Optional<Postgres> postgres,
        Jobs.Settings jobs,
        Retention retention,
        Map<String, Remote> remote,
        Routing routing,
        Models models,
        Guardrails guardrails,
        BucketDefaults newBuckets,
        List<String> origins,
        Reach reach,
        Optional<String> quotas,
        Optional<Path> prices,
        Optional<Mail> mail,
        Optional<URI> traces,
        LogFormat logFormat) {
    /** The port that people who run a local AWS expect. */
    public static final int DEFAULT_PORT = 4566;

    private static final int SMTP_SUBMISSION = 587;
    private static final int SMTP_TLS = 465;

    /**
     * TLS.
     *
     * @param certificate PEM file; absent: the server makes one of its own at first start
     * @param key         PEM file of the certificate's private key
     */
    public record Tls(Optional<Path> certificate, Optional<Path> key) {}

    /**
     * A PKCS #11 token.
     *
     * @param pinVariable environment variable that holds the PIN
     */
    public record MasterKeyToken(Pkcs11Token.Module module, String pinVariable) {}

    /** A PostgreSQL database. The password may come from the environment variable that {@code passwordVariable} names. */
    public record Postgres(String url, String user, Optional<String> passwordVariable) {}

    /** An SMTP server; the password of {@code user} is in the environment variable that {@code passwordVariable} names. */
    public record Mail(
            String host,
            int port,
            MailServer.Security security,
            Optional<String> user,
            Optional<String> passwordVariable,
            String from) {
        /** The server with the password. */
        MailServer server() {
            return new MailServer(
                    host,
                    port,
                    security,
                    user.map(name ->
                            new MailServer.Login(name, secret(passwordVariable.orElseThrow(), "the password of mail"))),
                    from);
        }
    }

    /** How long audit events and usage entries are kept. */
    public record Retention(Duration audit, Duration usage) {}

    /**
     * A service that another process serves.
     *
     * @param accessKeyId    whom this house is there
     * @param secretVariable environment variable that holds the secret access key
     */
    public record Remote(URI url, String accessKeyId, String secretVariable) {}

    /**
     * Which models answer.
     *
     * @param strict         whether an AWS model id without an entry in the table is refused
     * @param textModel      installed model that answers for text
     * @param embeddingModel installed model that answers for embeddings
     * @param table          AWS model ids or patterns with {@code *}, and the installed model that answers for each
     */
    public record Routing(
            boolean strict, Optional<String> textModel, Optional<String> embeddingModel, Map<String, String> table) {
        public Routing {
            table = Map.copyOf(table);
        }
    }

    /**
     * Where models are kept.
     *
     * @param folder  installed models
     * @param catalog file with further catalog entries
     * @param preload models loaded at start
     * @param idle    after how long without a call a model is unloaded
     * @param memoryBytes memory for all loaded models together
     * @param slots   answers that one model writes at once
     * @param queue   answers that wait for one model before it refuses more
     * @param threads threads of one model; absent: one less than the machine has, at least one
     * @param context tokens of context of each answer at most; absent: what the model was made for
     * @param libraries folder of llama.cpp's libraries; absent: those of the distribution
     */
    public record Models(
            Path folder,
            Optional<Path> catalog,
            List<String> preload,
            Duration idle,
            Optional<Long> memoryBytes,
            int slots,
            int queue,
            Optional<Integer> threads,
            Optional<Integer> context,
            Optional<Path> libraries) {
        public Models {
            preload = List.copyOf(preload);
        }
    }

    /**
     * Models that judge texts for guardrails.
     *
     * @param safety tells harmful content: a model of Llama Guard's kind
     * @param topics tells denied topics: a model that follows instructions
     */
    public record Guardrails(Optional<String> safety, Optional<String> topics) {}

    /** How log lines look. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** The configuration without a file. */
    public static Configuration defaults() {
        return read("", Map.of());
    }

    /**
     * The configuration in a YAML file.
     *
     * @throws ConfigurationException if the file cannot be read or holds what no setting takes
     */
    public static Configuration of(Path file) {
        JsonNode document;
        YAMLMapper yaml = YAMLMapper.builder()
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .build();
        try {
            document = yaml.readTree(file.toFile());
        } catch (JsonProcessingException failure) {
            throw new ConfigurationException(file + " is not YAML: " + failure.getOriginalMessage() + " at line "
                    + failure.getLocation().getLineNr());
        } catch (IOException failure) {
            throw new ConfigurationException(
                    "cannot read the configuration file " + file + ": " + failure.getMessage());
        }
        if (document.isMissingNode() || document.isNull()) {
            return defaults();
        }
        if (!document.isObject()) {
            throw new ConfigurationException(file + " must be a mapping of settings");
        }
        return read(file + ": ", yaml.convertValue(document, Map.class));
    }

    private static Configuration read(String place, Map<?, ?> values) {
        try (Settings settings = new Settings(place, values)) {
            return new Configuration(
                    settings.text("listen").orElse("127.0.0.1"),
                    settings.integer("port", 0, 65535).orElse(DEFAULT_PORT),
                    settings.path("data").orElseGet(() -> Settings.expand("~/.outcrop")),
                    settings.flag("developmentKeys").orElse(true),
                    settings.flag("insecure").orElse(false),
                    tls(settings),
                    settings.path("masterKey"),
                    masterKeyToken(settings),
                    hsm(settings),
                    postgres(settings),
                    jobs(settings),
                    retention(settings),
                    remote(settings),
                    routing(settings),
                    models(settings),
                    guardrails(settings),
                    settings.text("newBuckets")
                            .map(name -> switch (name) {
                                case "private" -> BucketDefaults.AWS;
                                case "open" -> BucketDefaults.OPEN;
                                default -> throw settings.wrong("newBuckets", "must be private or open", name);
                            })
                            .orElse(BucketDefaults.AWS),
                    origins(settings),
                    reach(settings),
                    settings.text("quotas"),
                    settings.path("prices"),
                    mail(settings),
                    settings.url("traces"),
                    settings.text("logFormat")
                            .map(name -> switch (name) {
                                case "text" -> LogFormat.TEXT;
                                case "json" -> LogFormat.JSON;
                                default -> throw settings.wrong("logFormat", "must be text or json", name);
                            })
                            .orElse(LogFormat.TEXT));
        }
    }

    private static List<String> origins(Settings settings) {
        List<String> origins = settings.texts("origins");
        return origins.isEmpty() ? List.of(WireConfiguration.LOOPBACK_ORIGINS) : origins;
    }

    private static Reach reach(Settings settings) {
        List<String> hosts = settings.texts("reach");
        return hosts.isEmpty() || hosts.contains("*") ? Reach.BEYOND_LINK : Reach.PUBLIC.and(hosts);
    }

    private static Optional<Tls> tls(Settings parent) {
        try (Settings settings = parent.section("tls")) {
            Tls tls = new Tls(settings.path("certificate"), settings.path("key"));
            if (tls.certificate().isPresent() != tls.key().isPresent()) {
                throw new ConfigurationException("tls.certificate and tls.key must be given together");
            }
            boolean enabled = settings.flag("enabled").orElse(tls.certificate().isPresent());
            return enabled ? Optional.of(tls) : Optional.empty();
        }
    }

    private static Optional<MasterKeyToken> masterKeyToken(Settings parent) {
        try (Settings settings = parent.section("masterKeyToken")) {
            if (settings.names().isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new MasterKeyToken(
                    module(settings), settings.text("pinVariable").orElseThrow(() -> settings.missing("pinVariable"))));
        }
    }

    private static Optional<Mail> mail(Settings parent) {
        try (Settings settings = parent.section("mail")) {
            if (settings.names().isEmpty()) {
                return Optional.empty();
            }
            MailServer.Security security = settings.text("security")
                    .map(name -> switch (name) {
                        case "none" -> MailServer.Security.NONE;
                        case "starttls" -> MailServer.Security.STARTTLS;
                        case "tls" -> MailServer.Security.TLS;
                        default -> throw settings.wrong("security", "must be none, starttls or tls", name);
                    })
                    .orElse(MailServer.Security.STARTTLS);
            Optional<String> user = settings.text("user");
            Optional<String> password = settings.text("passwordVariable");
            if (user.isPresent() && password.isEmpty()) {
                throw settings.missing("passwordVariable");
            }
            return Optional.of(new Mail(
                    settings.text("host").orElseThrow(() -> settings.missing("host")),
                    settings.integer("port", 1, 65_535)
                            .orElse(security == MailServer.Security.TLS ? SMTP_TLS : SMTP_SUBMISSION),
                    security,
                    user,
                    password,
                    settings.text("from").orElseThrow(() -> settings.missing("from"))));
        }
    }

    /** What stands in an environment variable. */
    static String secret(String variable, String what) {
        return Optional.ofNullable(System.getenv(variable))
                .orElseThrow(() -> new ConfigurationException(
                        "the environment variable " + variable + ", which holds " + what + ", is not set"));
    }

    private static Map<String, Pkcs11Token.Module> hsm(Settings parent) {
        Map<String, Pkcs11Token.Module> modules = new LinkedHashMap<>();
        try (Settings clusters = parent.section("hsm")) {
            for (String cluster : clusters.names()) {
                try (Settings settings = clusters.section(cluster)) {
                    modules.put(cluster, module(settings));
                }
            }
        }
        return modules;
    }

    private static Pkcs11Token.Module module(Settings settings) {
        return new Pkcs11Token.Module(
                settings.path("library").orElseThrow(() -> settings.missing("library")),
                settings.integer("slotIndex", 0, 1_000_000).orElse(0));
    }

    private static Optional<Postgres> postgres(Settings parent) {
        try (Settings settings = parent.section("postgres")) {
            Optional<String> user = settings.text("user");
            Optional<String> password = settings.text("passwordVariable");
            return settings.text("url").map(url -> {
                if (!url.startsWith("jdbc:postgresql:")) {
                    throw settings.wrong("url", "must be a URL such as jdbc:postgresql://host:5432/outcrop", url);
                }
                return new Postgres(url, user.orElse("outcrop"), password);
            });
        }
    }

    private static Jobs.Settings jobs(Settings parent) {
        try (Settings settings = parent.section("jobs")) {
            return new Jobs.Settings(
                    settings.integer("threads", 1, 256).orElse(Jobs.Settings.DEFAULT.threads()),
                    settings.duration("heartbeat").orElse(Jobs.Settings.DEFAULT.heartbeat()));
        }
    }

    private static Retention retention(Settings parent) {
        try (Settings settings = parent.section("retention")) {
            return new Retention(kept(settings, "audit"), kept(settings, "usage"));
        }
    }

    private static Duration kept(Settings settings, String name) {
        Duration time = settings.duration(name).orElse(dev.outcrop.kernel.record.Retention.DEFAULT);
        if (time.compareTo(Duration.ofHours(1)) < 0) {
            throw settings.wrong(name, "must be an hour at least", time);
        }
        return time;
    }

    private static Map<String, Remote> remote(Settings parent) {
        Map<String, Remote> remote = new LinkedHashMap<>();
        try (Settings services = parent.section("remote")) {
            for (String id : services.names()) {
                try (Settings settings = services.section(id)) {
                    remote.put(
                            id,
                            new Remote(
                                    settings.url("url").orElseThrow(() -> settings.missing("url")),
                                    settings.text("accessKeyId").orElseThrow(() -> settings.missing("accessKeyId")),
                                    settings.text("secretVariable")
                                            .orElseThrow(() -> settings.missing("secretVariable"))));
                }
            }
        }
        return remote;
    }

    private static Routing routing(Settings parent) {
        try (Settings settings = parent.section("routing")) {
            return new Routing(
                    settings.flag("strict").orElse(false),
                    settings.text("text"),
                    settings.text("embedding"),
                    settings.table("table"));
        }
    }

    private static Guardrails guardrails(Settings parent) {
        try (Settings settings = parent.section("guardrails")) {
            return new Guardrails(settings.text("safety"), settings.text("topics"));
        }
    }

    private static Models models(Settings parent) {
        try (Settings settings = parent.section("models")) {
            return new Models(
                    settings.path("folder").orElseGet(() -> ModelStore.defaultFolder(System.getenv())),
                    settings.path("catalog"),
                    settings.texts("preload"),
                    settings.duration("idle").orElse(Duration.ofMinutes(10)),
                    settings.bytes("memory"),
                    settings.integer("slots", 1, 256).orElse(8),
                    settings.integer("queue", 0, 100_000).orElse(256),
                    settings.integer("threads", 1, 1024),
                    settings.integer("context", 256, 10_000_000),
                    settings.path("libraries"));
        }
    }

    /** This configuration with what the command line says instead. */
    Configuration with(Optional<String> listen, Optional<Integer> port, Optional<Path> data, boolean insecure) {
        return new Configuration(
                listen.orElse(this.listen),
                port.orElse(this.port),
                data.orElse(this.data),
                developmentKeys,
                insecure || this.insecure,
                tls,
                masterKey,
                masterKeyToken,
                hsm,
                postgres,
                jobs,
                retention,
                remote,
                routing,
                models,
                guardrails,
                newBuckets,
                origins,
                reach,
                quotas,
                prices,
                mail,
                traces,
                logFormat);
    }
}
