package dev.outcrop.engines.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<Worker> workers = new ArrayList<>();

    @AfterEach
    void closeWorkers() {
        workers.forEach(Worker::close);
    }

    @Test
    void answersInPartsAndTellsOfItself() {
        Worker worker = worker("a model", 0, Duration.ZERO);

        List<String> parts = read(worker.call("count", bytes("3")));

        assertThat(parts).containsExactly("0", "1", "2");
        assertThat(text(worker.start())).isEqualTo("started with a model");
    }

    @Test
    void carriesManyCallsAtOnceWithoutMixingThem() throws Exception {
        Worker worker = worker("", 0, Duration.ZERO);
        worker.start();

        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<String>>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String payload = "x".repeat(i * 97) + i;
                calls.add(() -> read(worker.call("echo", bytes(payload))));
            }
            List<Future<List<String>>> answers = callers.invokeAll(calls, 30, TimeUnit.SECONDS);

            for (int i = 0; i < 200; i++) {
                assertThat(answers.get(i).get()).containsExactly("x".repeat(i * 97) + i);
            }
        }
    }

    @Test
    void passesOnWhatTheServiceRefusesAndWhereItStumbles() {
        Worker worker = worker("", 0, Duration.ZERO);

        WorkerException refused = catchThrowableOfType(
                WorkerException.class, () -> read(worker.call("refuse", bytes("topK must be between 0 and 500"))));
        WorkerException stumbled =
                catchThrowableOfType(WorkerException.class, () -> read(worker.call("stumble", bytes("a bug"))));

        assertThat(refused.category()).isEqualTo("INVALID");
        assertThat(refused).hasMessage("topK must be between 0 and 500");
        assertThat(stumbled.category()).isEqualTo(WorkerException.UNFORESEEN);
        assertThat(stumbled).hasMessageContaining("a bug");
    }

    @Test
    void failsCallsInFlightWithinASecondOfTheDeathAndAnswersTheNext() {
        Worker worker = worker("", 0, Duration.ZERO);
        WorkerCall waiting = worker.call("wait", bytes("60000"));
        waiting.next(PATIENCE);
        long killed = System.nanoTime();
        ProcessHandle.of(worker.status().orElseThrow().processId())
                .orElseThrow()
                .destroyForcibly();

        WorkerException death = catchThrowableOfType(WorkerException.class, () -> waiting.next(PATIENCE));

        assertThat(death.reason()).isEqualTo(WorkerException.Reason.UNAVAILABLE);
        assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(1));
        assertThat(read(worker.call("echo", bytes("again")))).containsExactly("again");
    }

    @Test
    void letsAWorkerRestThatDiesOverAndOver() {
        Worker worker = worker("die", 0, Duration.ZERO);

        for (int death = 1; death <= 2; death++) {
            assertThatThrownBy(worker::start)
                    .isInstanceOf(WorkerException.class)
                    .hasMessageContaining("died");
        }

        assertThatThrownBy(worker::start).isInstanceOf(WorkerException.class).hasMessageContaining("rests for");
    }

    @Test
    void saysWhyAServiceDidNotStart() {
        Worker worker = worker("refuse", 0, Duration.ZERO);

        WorkerException refused = catchThrowableOfType(WorkerException.class, worker::start);

        assertThat(refused.category()).isEqualTo("NOT_FOUND");
        assertThat(refused).hasMessage("no such model");
    }

    @Test
    void cancelsACallThatIsClosedAndKeepsTheOthers() throws Exception {
        Worker worker = worker("", 0, Duration.ZERO);
        WorkerCall kept = worker.call("wait", bytes("300"));
        WorkerCall cancelled = worker.call("wait", bytes("60000"));
        cancelled.next(PATIENCE);

        cancelled.close();

        assertThat(read(kept)).containsExactly("300");
        assertThat(worker.status().orElseThrow().calls()).isZero();
    }

    @Test
    void waitsForNoCallThatEndedJustWhenItWasCancelled() throws Exception {
        Worker worker = worker("", 0, Duration.ZERO);
        worker.start();

        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 4_000; i++) {
                int turns = i % 400;
                calls.add(() -> {
                    try (WorkerCall call = worker.call("echo", bytes("x"))) {
                        boolean answered = call.next(PATIENCE).isPresent();
                        for (int turn = 0; turn < turns; turn++) { // the end is on its way, and may be just here
                            Thread.onSpinWait();
                        }
                        return answered;
                    }
                });
            }
            for (Future<Boolean> answer : callers.invokeAll(calls, 60, TimeUnit.SECONDS)) {
                assertThat(answer.get()).isTrue();
            }
        }

        assertThat(eventually(() -> worker.status().orElseThrow().cancelled() == 0))
                .isTrue();
    }

    @Test
    void closingFromAnotherThreadWakesTheReader() throws Exception {
        Worker worker = worker("", 0, Duration.ZERO);
        WorkerCall waiting = worker.call("wait", bytes("60000"));
        waiting.next(PATIENCE);
        CompletableFuture<Optional<byte[]>> rest = CompletableFuture.supplyAsync(() -> waiting.next(PATIENCE));

        waiting.close();

        assertThat(rest.get(1, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void stopsWaitingAfterTheLimit() {
        Worker worker = worker("", 0, Duration.ZERO);
        WorkerCall slow = worker.call("wait", bytes("60000"));
        slow.next(PATIENCE);

        WorkerException late = catchThrowableOfType(WorkerException.class, () -> slow.next(Duration.ofMillis(50)));

        assertThat(late.reason()).isEqualTo(WorkerException.Reason.TIMED_OUT);
        slow.close();
    }

    @Test
    void stopsWhenIdleAndStartsAgainWhenCalled() throws Exception {
        Worker worker = worker("", 0, Duration.ofMillis(200));
        read(worker.call("echo", bytes("first")));

        assertThat(eventually(() -> worker.status().isEmpty())).isTrue();
        assertThat(read(worker.call("echo", bytes("second")))).containsExactly("second");
    }

    @Test
    void killsAWorkerThatTakesMoreMemoryThanAllowed() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return; // other systems do not say what a process holds
        }
        Worker worker = worker("", 300L << 20, Duration.ZERO);
        WorkerCall greedy = worker.call("allocate", bytes(Long.toString(500L << 20)));

        WorkerException death = catchThrowableOfType(WorkerException.class, () -> greedy.next(PATIENCE));

        assertThat(death.reason()).isEqualTo(WorkerException.Reason.UNAVAILABLE);
        assertThat(death).hasMessageContaining("bytes of memory");
    }

    @Test
    void theProcessEndsWithItsWorker() throws Exception {
        Worker worker = worker("", 0, Duration.ZERO);
        worker.start();
        ProcessHandle process =
                ProcessHandle.of(worker.status().orElseThrow().processId()).orElseThrow();

        worker.close();

        assertThat(eventually(() -> !process.isAlive())).isTrue();
        assertThatThrownBy(worker::start).isInstanceOf(WorkerException.class).hasMessageContaining("was closed");
    }

    private Worker worker(String settings, long residentBytes, Duration idleLimit) {
        Worker worker = new Worker(new WorkerSettings(
                "test",
                MisbehavingService.class,
                bytes(settings),
                List.of("-XX:TieredStopAtLevel=1"),
                64,
                residentBytes,
                Duration.ofSeconds(30),
                idleLimit));
        workers.add(worker);
        return worker;
    }

    private static List<String> read(WorkerCall call) {
        List<String> parts = new ArrayList<>();
        try (call) {
            for (Optional<byte[]> part = call.next(PATIENCE); part.isPresent(); part = call.next(PATIENCE)) {
                parts.add(text(part.get()));
            }
        }
        return parts;
    }

    private static boolean eventually(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(10);
        }
        return true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
