package dev.outcrop.kernel.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.Principal;
import dev.outcrop.kernel.Session;
import dev.outcrop.storage.PostgresDatabase;
import dev.outcrop.storage.Records;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several servers with one queue of jobs. */
@Timeout(60)
class PostgresJobsTest {
    private static final Jobs.Settings SETTINGS = new Jobs.Settings(4, Duration.ofMillis(500));
    private static EmbeddedPostgres server;

    private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void twoServersShareTheQueueAndDoEachJobOnce() throws Exception {
        CountDownLatch left = new CountDownLatch(40);
        try (House one = new House(counting(left));
                House two = new House(counting(left))) {
            for (int i = 0; i < 20; i++) {
                one.submit("a" + i);
                two.submit("b" + i);
            }

            assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(done).hasSize(40).doesNotHaveDuplicates();
            assertThat(one.await("b7").status()).isEqualTo(Job.Status.COMPLETED);
        }
    }

    @Test
    void aServerThatIsToldToStopAJobStopsItOnTheOther() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        Work endless = run -> {
            begun.countDown();
            while (true) {
                run.proceed();
                TimeUnit.MILLISECONDS.sleep(5);
            }
        };
        try (House worker = new House(endless)) {
            worker.submit("endless");
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
            try (House other = new House(endless)) {
                boolean stopping = other.call.call(() -> other.jobs.stop("endless"));

                assertThat(stopping).isTrue();
                assertThat(other.await("endless").status()).isEqualTo(Job.Status.STOPPED);
            }
        }
    }

    @Test
    void aJobKeepsTheSessionOfWhoAskedForIt() throws Exception {
        Session session = new Session(
                Instant.parse("2026-01-01T12:00:00Z"),
                "arn:aws:iam::111122223333:role/reader",
                List.of("{\"Version\":\"2012-10-17\"}"),
                List.of("arn:aws:iam::aws:policy/ReadOnlyAccess"),
                Map.of("team", "red"),
                Set.of("team"),
                Optional.of("alice"),
                Optional.empty(),
                Optional.of(Instant.parse("2026-01-01T11:00:00Z")));
        Principal principal = new Principal(
                Principal.Kind.ASSUMED_ROLE,
                "arn:aws:sts::111122223333:assumed-role/reader/s",
                "111122223333",
                "AROA:s",
                Optional.of("ASIA"),
                Optional.of(session));
        List<Principal> seen = new ArrayList<>();
        CountDownLatch ran = new CountDownLatch(1);
        try (House house = new House(run -> {
            seen.add(CallContext.current().principal());
            ran.countDown();
        })) {
            house.call.toBuilder()
                    .principal(principal)
                    .build()
                    .run(() -> house.jobs.submit("test:work", "as", new byte[0]));

            assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(seen).containsExactly(principal);
        }
    }

    @Test
    void aChoreIsDoneByOneServerAtATime() throws Exception {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch runs = new CountDownLatch(3);
        Chore chore = new Chore("test-chore", Duration.ofMillis(10), ending -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            runs.countDown();
            atOnce.decrementAndGet();
        });
        try (House _ = new House(run -> {}, chore);
                House _ = new House(run -> {}, chore)) {
            assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(most.get()).isEqualTo(1);
        }
    }

    private Work counting(CountDownLatch left) {
        return run -> {
            done.add(run.job().id());
            left.countDown();
        };
    }

    /** One server's part in it: its own connections, records and jobs. */
    private static final class House implements AutoCloseable {
        private final CallContext call = CallContext.builder()
                .principal(Principal.root("111122223333", Optional.empty()))
                .requestId("1")
                .build();
        private final PostgresDatabase database;
        private final Records records;
        private final Jobs jobs;

        House(Work work, Chore... chores) {
            database = PostgresDatabase.open(server.getJdbcUrl("postgres", "postgres"), "postgres", "", 8);
            records = database.records();
            jobs = new Jobs(
                    records,
                    database.pool(),
                    () -> new Background(Map.of("test:work", work), List.of(chores)),
                    SETTINGS,
                    InstantSource.system());
            jobs.start();
        }

        void submit(String id) {
            call.run(() -> jobs.submit("test:work", id, new byte[0]));
        }

        Job await(String id) throws InterruptedException {
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            Optional<Job> job = call.call(() -> jobs.find(id));
            while (job.map(Job::status).filter(Job.Status::isEnd).isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(10);
                job = call.call(() -> jobs.find(id));
            }
            return job.orElseThrow();
        }

        @Override
        public void close() {
            jobs.close();
            records.close();
            database.close();
        }
    }
}
