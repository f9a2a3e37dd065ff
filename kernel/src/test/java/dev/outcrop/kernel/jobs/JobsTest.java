package dev.outcrop.kernel.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.TestHouse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JobsTest {
    @TempDir
    private Path path;

    private final CallContext call = TestHouse.callOf("111122223333");
    private final List<Job.Status> ends = new CopyOnWriteArrayList<>();
    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private TestHouse house;

    @BeforeEach
    void open() {
        house = new TestHouse(path);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @Test
    void doesAJobOnBehalfOfWhoAskedForIt() throws Exception {
        try (Jobs jobs = jobs(run -> steps.add(CallContext.current().principal().arn() + " "
                + CallContext.current().callingService().orElseThrow() + " "
                + new String(run.job().input(), UTF_8)))) {
            jobs.start();

            call.run(() -> jobs.submit("test:work", "one", "input".getBytes(UTF_8)));
            Job job = await(jobs, "one");

            assertThat(job.status()).isEqualTo(Job.Status.COMPLETED);
            assertThat(job.progress()).isEqualTo(1);
            assertThat(steps).containsExactly("arn:aws:iam::111122223333:root test input");
            assertThat(ends).containsExactly(Job.Status.COMPLETED);
        }
    }

    @Test
    void givesTheReasonOfAFailureAndKeepsSurprisesToItself() throws Exception {
        try (Jobs jobs = jobs(run -> {
            if (run.job().id().equals("expected")) {
                throw AwsError.validation("the file has no header");
            }
            throw new IllegalStateException("secret detail");
        })) {
            jobs.start();

            call.run(() -> jobs.submit("test:work", "expected", new byte[0]));
            call.run(() -> jobs.submit("test:work", "surprise", new byte[0]));

            assertThat(await(jobs, "expected").reason()).contains("the file has no header");
            assertThat(await(jobs, "surprise").reason().orElseThrow()).doesNotContain("secret");
            assertThat(ends).containsExactly(Job.Status.FAILED, Job.Status.FAILED);
        }
    }

    @Test
    void stopsOnRequest() throws Exception {
        try (Jobs jobs = jobs(this::runForEver)) {
            jobs.start();
            call.run(() -> jobs.submit("test:work", "one", new byte[0]));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

            boolean stopping = call.call(() -> jobs.stop("one"));

            assertThat(stopping).isTrue();
            assertThat(await(jobs, "one").status()).isEqualTo(Job.Status.STOPPED);
            assertThat(call.call(() -> jobs.stop("one"))).isFalse();
        }
    }

    @Test
    void goesOnFromTheLastCheckpointAfterARestart() throws Exception {
        try (Jobs first = jobs(this::runForEver)) {
            first.start();
            call.run(() -> first.submit("test:work", "one", new byte[0]));
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        }
        house.close();
        house = new TestHouse(path);

        try (Jobs second = jobs(run -> steps.add("from " + run.checkpoint().orElseThrow()[0]))) {
            second.start();

            assertThat(await(second, "one").status()).isEqualTo(Job.Status.COMPLETED);
            assertThat(await(second, "one").attempts()).isEqualTo(1);
            assertThat(steps).containsExactly("from 42");
        }
    }

    @Test
    void doesWhatWasQueuedBeforeItBegan() throws Exception {
        try (Jobs jobs = jobs(run -> steps.add(run.job().id()))) {
            call.run(() -> jobs.submit("test:work", "early", new byte[0]));

            jobs.startInBackground();

            assertThat(await(jobs, "early").status()).isEqualTo(Job.Status.COMPLETED);
            assertThat(steps).containsExactly("early");
        }
    }

    @Test
    void refusesAnIdThatIsOrWasInUse() throws Exception {
        try (Jobs jobs = jobs(run -> {})) {
            jobs.start();
            call.run(() -> jobs.submit("test:work", "one", new byte[0]));
            await(jobs, "one");

            assertThatThrownBy(() -> call.run(() -> jobs.submit("test:work", "one", new byte[0])))
                    .isInstanceOfSatisfying(
                            AwsError.class, error -> assertThat(error.code()).isEqualTo("ConflictException"));
        }
    }

    private void runForEver(JobRun run) throws InterruptedException {
        run.progress(0.5, new byte[] {42});
        begun.countDown();
        while (true) {
            run.proceed();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private Jobs jobs(Body body) {
        Work work = new Work() {
            @Override
            public void run(JobRun run) throws Exception {
                body.run(run);
            }

            @Override
            public void ended(Job job) {
                ends.add(job.status());
            }
        };
        return new Jobs(
                house.records(),
                house.folder().scheduler(),
                () -> new Background(Map.of("test:work", work), List.of()),
                new Jobs.Settings(2, Duration.ofSeconds(5)),
                InstantSource.system());
    }

    private Job await(Jobs jobs, String id) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < deadline) {
            Job job = call.call(() -> jobs.find(id)).orElseThrow();
            if (job.status().isEnd()) {
                return job;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new AssertionError("job " + id + " did not end: " + call.call(() -> jobs.find(id)));
    }

    private interface Body {
        void run(JobRun run) throws Exception;
    }
}
