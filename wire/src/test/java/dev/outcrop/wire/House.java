package dev.outcrop.wire;

import dev.outcrop.kernel.AccessKey;
import dev.outcrop.kernel.AuthorizationDecision;
import dev.outcrop.kernel.CallRecord;
import dev.outcrop.kernel.Corridor;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.ServedServices;
import dev.outcrop.kernel.Throttle;
import dev.outcrop.shapes.ServiceTables;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/** A running front door with the small services of the tests behind it. */
final class House implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final AwsCredentials KEY = AwsBasicCredentials.create("AKIDTEST", "a secret of the tests");
    static final String TOKEN = "bedrock-api-key-of-the-tests";

    private static final Principal ROOT = Principal.root(ACCOUNT, Optional.of(KEY.accessKeyId()));

    private final WireServer server;
    private final Collection<CallRecord> records = new ConcurrentLinkedQueue<>();
    private final boolean secure;

    private House(WireConfiguration configuration, Collection<Endpoint> endpoints) {
        ServedServices services = TestServices.all(new ServedServices(new ServiceTables()));
        Corridor corridor = new Corridor(request -> AuthorizationDecision.ALLOWED, Throttle.unlimited(), records::add);
        AccessKey key =
                new AccessKey(KEY.accessKeyId(), KEY.secretAccessKey(), ROOT, Optional.empty(), Optional.empty());
        secure = configuration.certificate().isPresent();
        server = WireServer.start(
                configuration,
                services,
                corridor,
                id -> id.equals(KEY.accessKeyId()) ? Optional.of(key) : Optional.empty(),
                token -> token.equals(TOKEN) ? Optional.of(ROOT) : Optional.empty(),
                endpoints);
    }

    static House open() {
        return open(configuration -> configuration, List.of());
    }

    static House open(UnaryOperator<WireConfiguration.Builder> changes, Collection<Endpoint> endpoints) {
        return new House(changes.apply(WireConfiguration.builder().port(0)).build(), endpoints);
    }

    int port() {
        return server.port();
    }

    WireServer server() {
        return server;
    }

    URI uri() {
        return URI.create((secure ? "https" : "http") + "://localhost:" + port());
    }

    /** The first call that fits; calls are recorded after their answers. */
    CallRecord awaitRecord(Predicate<CallRecord> which) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            Optional<CallRecord> found = records.stream().filter(which).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("no such call was recorded, but " + records);
    }

    /** {@code builder}, set up to call this house as its account's root. */
    <B extends AwsClientBuilder<B, ?>> B client(B builder) {
        return builder.endpointOverride(uri())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(KEY))
                .overrideConfiguration(settings -> settings.retryStrategy(retries -> retries.maxAttempts(1)));
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(5));
    }
}
