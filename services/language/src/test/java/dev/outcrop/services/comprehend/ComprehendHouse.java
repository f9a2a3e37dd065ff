package dev.outcrop.services.comprehend;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.ocr.DocumentReader;
import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Measured;
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
import dev.outcrop.services.sts.IamRoleSessions;
import dev.outcrop.services.textract.TextractService;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.comprehend.ComprehendClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.textract.TextractClient;

/** Comprehend with IAM, S3, KMS and a Textract without a model, in a folder, behind the corridor; IAM decides. */
final class ComprehendHouse implements AutoCloseable {
    static final String ACCOUNT = "111111111111";
    static final Principal ROOT = Principal.root(ACCOUNT, Optional.empty());
    static final String REGION = "us-east-1";
    static final String BUCKET = "texts";

    private static final ServiceTables TABLES = new ServiceTables();
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final DataFolder folder;
    private final LastUses uses;
    private final IamAccessKeys userKeys;
    private final Clients clients;
    private final KmsService kms;
    private final DocumentReader reader;
    private final Jobs jobs;
    private final List<Measured> measured = Collections.synchronizedList(new ArrayList<>());

    ComprehendHouse(Path path, Supplier<EmbeddingModel> embeddings) {
        InstantSource clock = InstantSource.system();
        folder = DataFolder.open(path);
        Records records = folder.records();
        Ids ids = new Ids();
        ResourceStore resources = new ResourceStore(records, new PageTokens(folder.secrets()), clock);
        IamDirectory directory = new IamDirectory(resources, records, new CompiledPolicies());
        uses = new LastUses(resources, records, clock);
        userKeys = new IamAccessKeys(directory, folder.secrets());
        IamAuthorization authorization = new IamAuthorization(directory, ServiceControlPolicies.NONE, uses);
        RoleSessions sessions = new IamRoleSessions(directory, clock);
        RoleRights rights = RoleRights.of(authorization, sessions);
        ServedServices services = new ServedServices(TABLES);
        Corridor corridor = new Corridor(
                authorization,
                Throttle.unlimited(),
                call -> measured.addAll(call.context().metering().measured()));
        clients = new Clients(services, corridor, sessions, RemoteServices.NONE);
        S3Service s3 = new S3Service(
                records, folder.objects(folder.secrets()), BucketDefaults.AWS, () -> clients, rights, ids, clock);
        kms = new KmsService(records, folder.secrets(), resources.tags(), ids, clock);
        ComprehendService comprehend = new ComprehendService(
                new Analyses(embeddings), records, folder.secrets(), () -> clients, this::jobs, ids, clock);
        reader = new DocumentReader(() -> {
            throw AwsError.validation("no model is installed here");
        });
        TextractService textract = new TextractService(
                () -> reader, records, folder.secrets(), resources, () -> clients, this::jobs, ids, clock);
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
                .serve("s3", S3Client.class, () -> s3)
                .serve("textract", TextractClient.class, () -> textract)
                .serve("comprehend", ComprehendClient.class, () -> comprehend);
        jobs = new Jobs(
                records,
                folder.scheduler(),
                comprehend::background,
                new Jobs.Settings(4, Duration.ofSeconds(2)),
                clock);
        jobs.start();
    }

    /** What calls have measured so far. */
    List<Measured> measured() {
        return List.copyOf(measured);
    }

    private Jobs jobs() {
        return jobs;
    }

    /** What a client's call gives {@code principal}. */
    <C extends SdkClient, T> T as(Principal principal, Class<C> client, Function<C, T> call) {
        return as(principal, REGION, client, call);
    }

    /** The same in another region. */
    <C extends SdkClient, T> T as(Principal principal, String region, Class<C> client, Function<C, T> call) {
        return CallContext.builder()
                .principal(principal)
                .account(principal.account())
                .region(region)
                .requestId("11111111-2222-3333-4444-555555555555")
                .callingService(Optional.of("test"))
                .build()
                .call(() -> call.apply(clients.of(client)));
    }

    <T> T comprehend(Function<ComprehendClient, T> call) {
        return as(ROOT, ComprehendClient.class, call);
    }

    <T> T s3(Function<S3Client, T> call) {
        return as(ROOT, S3Client.class, call);
    }

    void bucket() {
        s3(s3 -> s3.createBucket(request -> request.bucket(BUCKET)));
    }

    void put(String key, String content) {
        put(key, content.getBytes(StandardCharsets.UTF_8));
    }

    void put(String key, byte[] content) {
        s3(s3 -> s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(content)));
    }

    /** What is at an {@code s3://} URI. */
    byte[] content(String uri) {
        String[] place = uri.substring("s3://".length()).split("/", 2);
        return s3(s3 -> s3.getObject(request -> request.bucket(place[0]).key(place[1]), ResponseTransformer.toBytes()))
                .asByteArray();
    }

    /** A user of the account with an inline policy. */
    Principal user(String name, String policy) {
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

    /** A role that Comprehend may assume, and what it may do; its ARN. */
    String role(String name, String... actions) {
        String allowed = String.join("\", \"", actions);
        return as(ROOT, IamClient.class, iam -> {
            String arn = iam.createRole(
                            request -> request.roleName(name).assumeRolePolicyDocument("""
                    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                     "Principal": {"Service": "comprehend.amazonaws.com"},
                     "Condition": {"StringEquals": {"aws:SourceAccount": "%s"},
                       "ArnLike": {"aws:SourceArn": "arn:aws:comprehend:us-east-1:%s:*"}}}}""".formatted(ACCOUNT, ACCOUNT)))
                    .role()
                    .arn();
            iam.putRolePolicy(
                    request -> request.roleName(name).policyName("may").policyDocument("""
                    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["%s"], "Resource": "*"}}""".formatted(allowed)));
            return arn;
        });
    }

    /** What the role of a job needs. */
    String usualRole() {
        return role("reader", "s3:GetObject", "s3:ListBucket", "s3:PutObject");
    }

    /** The files of a compressed archive by their names. */
    static Map<String, String> untarred(byte[] archive) {
        Map<String, String> files = new LinkedHashMap<>();
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
            byte[] header = in.readNBytes(512);
            while (header.length == 512 && header[0] != 0) {
                String name = new String(header, 0, 100, StandardCharsets.UTF_8).replace("\0", "");
                int size = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII), 8);
                files.put(name, new String(in.readNBytes(size), StandardCharsets.UTF_8));
                in.skipNBytes(Math.floorMod(-size, 512));
                header = in.readNBytes(512);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return files;
    }

    /** Waits until something is so. */
    static void await(String what, BooleanSupplier condition) {
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
        kms.close();
        uses.close();
        folder.records().close();
        folder.close();
    }
}
