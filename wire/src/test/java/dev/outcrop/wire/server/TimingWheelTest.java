package dev.outcrop.wire.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TimingWheelTest {
    @Test
    void alarmsRingInTheirOrderAndNotBeforeTheirTime() throws Exception {
        try (TimingWheel wheel = new TimingWheel("wheel")) {
            Queue<Integer> rung = new ConcurrentLinkedQueue<>();
            CountDownLatch all = new CountDownLatch(3);
            long started = System.nanoTime();
            Queue<Long> early = new ConcurrentLinkedQueue<>();
            for (int millis : List.of(600, 200, 400)) {
                wheel.set(
                        () -> {
                            long waited = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
                            if (waited < millis) {
                                early.add(waited);
                            }
                            rung.add(millis);
                            all.countDown();
                        },
                        Duration.ofMillis(millis));
            }

            assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();

            assertThat(rung).containsExactly(200, 400, 600);
            assertThat(early).isEmpty();
        }
    }

    @Test
    void aCancelledAlarmDoesNotRing() throws Exception {
        try (TimingWheel wheel = new TimingWheel("wheel")) {
            AtomicInteger rung = new AtomicInteger();
            CountDownLatch later = new CountDownLatch(1);
            TimingWheel.Alarm cancelled = wheel.set(rung::incrementAndGet, Duration.ofMillis(100));
            wheel.set(later::countDown, Duration.ofMillis(300));

            cancelled.cancel();
            cancelled.cancel();

            assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(rung).hasValue(0);
        }
    }

    @Test
    void ringsAgainAfterARest() throws Exception {
        try (TimingWheel wheel = new TimingWheel("wheel")) {
            TimeUnit.MILLISECONDS.sleep(1500); // it rests after a second without alarms
            CountDownLatch rung = new CountDownLatch(1);

            wheel.set(rung::countDown, Duration.ofMillis(50));

            assertThat(rung.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void everyAlarmOfManyThreadsRingsOnceOrWasCancelled() throws Exception {
        try (TimingWheel wheel = new TimingWheel("wheel")) {
            int each = 2000;
            AtomicInteger rung = new AtomicInteger();
            CountDownLatch kept = new CountDownLatch(4 * each / 2);
            List<Thread> threads = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                Random random = new Random(thread);
                threads.add(Thread.startVirtualThread(() -> {
                    for (int i = 0; i < each; i++) {
                        Duration delay = Duration.ofMillis(200 + random.nextInt(300));
                        if (i % 2 == 0) {
                            wheel.set(rung::incrementAndGet, delay).cancel();
                        } else {
                            wheel.set(kept::countDown, delay);
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(kept.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(rung).hasValue(0);
        }
    }
}
