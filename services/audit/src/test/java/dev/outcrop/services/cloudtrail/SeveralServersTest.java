package dev.outcrop.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.PostgresDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.cloudtrail.model.QueryStatus;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Two servers over one PostgreSQL, which record what each was called and follow it at the same time. */
@Timeout(120)
class SeveralServersTest {
    private static final int ROUNDS = 5;
    private static final int CALLS = 10;

    @TempDir
    private Path path;

    private EmbeddedPostgres postgres;
    private DataFolder folder;
    private PostgresDatabase first;
    private PostgresDatabase second;
    private AuditHouse one;
    private AuditHouse two;

    @BeforeEach
    void open() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        folder = DataFolder.open(path.resolve("shared"));
        first = database();
        one = new AuditHouse(folder, first, Files.createDirectories(path.resolve("one")));
        second = database();
        two = new AuditHouse(folder, second, Files.createDirectories(path.resolve("two")));
        one.createLogBucket("logs");
    }

    private PostgresDatabase database() {
        return PostgresDatabase.open(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "", 8);
    }

    @AfterEach
    void close() throws IOException {
        two.close();
        one.close();
        second.close();
        first.close();
        postgres.close();
    }

    @Test
    void eachEventIsDeliveredOnceThoughBothDeliver() throws Exception {
        one.cloudTrail(
                trails -> trails.createTrail(request -> request.name("all").s3BucketName("logs")));
        two.cloudTrail(trails -> trails.startLogging(request -> request.name("all")));

        List<String> called = callBoth(AuditHouse::deliver);

        assertThat(delivered()).containsExactlyInAnyOrderElementsOf(called);
    }

    @Test
    void eachEventStandsOnceInAnEventDataStoreThoughBothCopy() throws Exception {
        String arn = one.cloudTrail(trails -> trails.createEventDataStore(request -> request.name("both")))
                .eventDataStoreArn();
        List<String> called = callBoth(AuditHouse::ingest);
        String store = arn.substring(arn.lastIndexOf('/') + 1);
        for (AuditHouse house : List.of(one, two)) {
            String id = house.cloudTrail(trails -> trails.startQuery(
                            request -> request.queryStatement("SELECT element_at(requestParameters, 'userName') AS name"
                                    + " FROM " + store + " WHERE eventName = 'CreateUser'")))
                    .queryId();

            assertThat(rows(house, id)).containsExactlyInAnyOrderElementsOf(called);
        }
    }

    /** Calls both servers and has both do {@code work} at the same time, again and again; the users that were made. */
    private List<String> callBoth(Consumer<AuditHouse> work) throws Exception {
        List<String> called = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int call = 0; call < CALLS; call++) {
                    String name = "user-" + round + "-" + call;
                    AuditHouse house = call % 2 == 0 ? one : two;
                    house.as(IamClient.class, iam -> iam.createUser(request -> request.userName(name)));
                    called.add(name);
                }
                CountDownLatch together = new CountDownLatch(2);
                List<Future<?>> running = new ArrayList<>();
                for (AuditHouse house : List.of(one, two)) {
                    house.settle();
                    running.add(threads.submit(() -> {
                        together.countDown();
                        together.await(30, TimeUnit.SECONDS);
                        work.accept(house);
                        return null;
                    }));
                }
                for (Future<?> one : running) {
                    one.get(60, TimeUnit.SECONDS);
                }
            }
        }
        work.accept(one);
        return called;
    }

    private List<String> delivered() throws IOException {
        List<String> users = new ArrayList<>();
        for (S3Object file : two.s3(s3 -> s3.listObjectsV2(request -> request.bucket("logs")))
                .contents()) {
            byte[] compressed = two.s3(s3 -> s3.getObject(
                            request -> request.bucket("logs").key(file.key()), ResponseTransformer.toBytes()))
                    .asByteArray();
            try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
                for (JsonNode event : new ObjectMapper().readTree(content).get("Records")) {
                    if (event.get("eventName").asText().equals("CreateUser")) {
                        users.add(event.at("/requestParameters/userName").asText());
                    }
                }
            }
        }
        return users;
    }

    private static List<String> rows(AuditHouse house, String id) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        QueryStatus status = QueryStatus.QUEUED;
        while (status != QueryStatus.FINISHED && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            status = house.cloudTrail(trails -> trails.describeQuery(request -> request.queryId(id)))
                    .queryStatus();
        }
        return house
                .cloudTrail(trails -> trails.getQueryResults(request -> request.queryId(id)))
                .queryResultRows()
                .stream()
                .map(row -> row.getFirst().get("name"))
                .toList();
    }
}
