package dev.outcrop.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.Authorization;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Clients;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Ids;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.kernel.jobs.Chore;
import dev.outcrop.kernel.record.ServiceMetrics;
import dev.outcrop.shapes.ServiceTables;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.JournalEntry;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** S3 in a folder of its own, with a clock that tests move. */
final class TestStore implements AutoCloseable {
    static final String ACCOUNT = "123456789012";

    private static final ServiceTables TABLES = new ServiceTables();

    final DataFolder folder;
    final Records records;
    final Objects objects;
    final S3Service service;
    final AccessLogs logs;
    private final RequestMetrics requestMetrics;
    final S3Client s3;
    /** What roles may not do: an action and a resource each. */
    final Set<String> denied = new HashSet<>();

    /** What queues and topics were sent. */
    final SentMessages messages = new SentMessages();

    private final List<JournalEntry> measured = Collections.synchronizedList(new ArrayList<>());
    private final ServiceMetrics metrics;
    private final AtomicReference<Instant> now;
    private final Clients inside;

    TestStore(Path path, Instant start) {
        folder = DataFolder.open(path);
        records = folder.records();
        objects = folder.objects(folder.secrets());
        now = new AtomicReference<>(start);
        metrics = new ServiceMetrics(measured::addAll, clock());
        ServedServices around = new ServedServices(TABLES)
                .serve("sqs", SqsClient.class, messages::queues)
                .serve("sns", SnsClient.class, messages::topics);
        inside = new Clients(around, new Corridor(Authorization.ROOT_ONLY, Throttle.unlimited(), _ -> {}));
        logs = new AccessLogs(records, objects, new Ids(), clock());
        requestMetrics = new RequestMetrics(records, metrics, clock());
        service = new S3Service(
                records,
                objects,
                BucketDefaults.AWS,
                () -> inside,
                (_, _, action, resource, _) -> !denied.contains(action + " " + resource),
                new Ids(),
                clock());
        s3 = client(ACCOUNT);
    }

    InstantSource clock() {
        return now::get;
    }

    void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    Instant now() {
        return now.get();
    }

    /** What was measured so far, as the journal keeps it. */
    List<String> measured() {
        metrics.flush();
        return measured.stream()
                .map(entry -> new String(entry.body(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Does the chore of that name once. */
    void run(String name) {
        Chore chore = S3Service.chores(() -> service, records, objects, metrics, clock()).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        chore.body().run(() -> false);
    }

    /** A client of the house, each of whose calls is the root's of {@code account}. */
    S3Client client(String account) {
        ServedServices services = new ServedServices(TABLES).serve("s3", S3Client.class, () -> service);
        Corridor corridor = new Corridor(Authorization.ROOT_ONLY, Throttle.unlimited(), logs.and(requestMetrics));
        CallContext context = CallContext.builder()
                .principal(Principal.root(account, Optional.of("AKIAEXAMPLE")))
                .requestId("11111111-2222-3333-4444-555555555555")
                .build();
        S3Client inner = new Clients(services, corridor).of(S3Client.class);
        return (S3Client) Proxy.newProxyInstance(
                S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class}, (_, method, arguments) -> {
                    try {
                        return context.call(() -> method.invoke(inner, arguments));
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    void createBucket(String bucket) {
        s3.createBucket(request -> request.bucket(bucket));
    }

    void createVersionedBucket(String bucket) {
        createBucket(bucket);
        s3.putBucketVersioning(request -> request.bucket(bucket)
                .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
    }

    /** Puts a text, and gives the version's id. */
    String put(String bucket, String key, String content) {
        return s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(content))
                .versionId();
    }

    String get(String bucket, String key) {
        return s3.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asUtf8String();
    }

    /** Copies a current version; {@code change} says what else the request says. */
    @SuppressWarnings("deprecation") // The other members are turned to this one by clients of the network.
    CopyObjectResponse copy(String source, String bucket, String key, Consumer<CopyObjectRequest.Builder> change) {
        return s3.copyObject(request -> {
            request.copySource(source).destinationBucket(bucket).destinationKey(key);
            change.accept(request);
        });
    }

    static void assertFails(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        failure -> assertThat(failure.awsErrorDetails().errorCode())
                                .isEqualTo(code));
    }

    static void assertFails(String code, String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, failure -> {
            assertThat(failure.awsErrorDetails().errorCode()).isEqualTo(code);
            assertThat(failure.awsErrorDetails().errorMessage()).contains(message);
        });
    }

    @Override
    public void close() {
        records.close();
        folder.close();
    }
}
