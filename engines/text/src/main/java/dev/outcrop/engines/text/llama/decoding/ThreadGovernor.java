package dev.outcrop.engines.text.llama.decoding;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Decides how many threads compute.
 *
 * <p>The threads of a step wait for each other after every operation, so on a machine with other work one thread that
 * does not get a core holds up all. What tells is how much of the cores that we asked for we were given: where it was
 * less than nine tenths, one thread less does more. From time to time one more is tried, ever less often while it fails.
 * After a rest, when nothing is known of the machine but how busy others kept it, that decides.
 */
final class ThreadGovernor {
    private static final double ENOUGH = 0.9;
    private static final long REST_NANOS = 1_000_000_000L;
    private static final long WINDOW_NANOS = 150_000_000L;
    private static final long FIRST_RETRY_NANOS = 1_000_000_000L;
    private static final long LAST_RETRY_NANOS = 30_000_000_000L;

    private final int maximum;
    private final OperatingSystemMXBean system;
    private int threads;
    private long computedNanos;
    private long processorNanos;
    private long retryNanos = FIRST_RETRY_NANOS;
    private long loweredAt;
    private long processorAtStart;
    private long restingSince;

    ThreadGovernor(int maximum) {
        this.maximum = Math.max(1, maximum);
        this.threads = this.maximum;
        this.system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        rest();
    }

    int threads() {
        return threads;
    }

    /** To be called before a step. */
    void begin() {
        if (maximum > 1) {
            processorAtStart = system.getProcessCpuTime();
        }
    }

    /**
     * To be called when there is work after there was none.
     *
     * @return whether the number of threads has changed
     */
    boolean resume() {
        long now = System.nanoTime();
        if (maximum == 1 || now - restingSince < REST_NANOS) {
            return false;
        }
        double busy = system.getCpuLoad(); // since it was last asked, that is, since this process went to rest
        return busy >= 0 && resume(busy * system.getAvailableProcessors(), system.getAvailableProcessors(), now);
    }

    /** Decides by how many cores others kept busy. */
    boolean resume(double busyCores, int cores, long now) {
        int before = threads;
        threads = Math.clamp(Math.round(cores - busyCores), 1, maximum);
        loweredAt = threads < maximum ? now : 0;
        retryNanos = FIRST_RETRY_NANOS;
        return threads != before;
    }

    /** To be called when there is no more work. */
    void rest() {
        restingSince = System.nanoTime();
        if (maximum > 1) {
            // Begins the period that resume asks about; what it says of the one before is of no use.
            double _ = system.getCpuLoad();
        }
    }

    /**
     * To be called after a step.
     *
     * @return whether the number of threads has changed
     */
    boolean end(long stepNanos) {
        if (maximum == 1) {
            return false;
        }
        computedNanos += stepNanos;
        processorNanos += system.getProcessCpuTime() - processorAtStart;
        if (computedNanos < WINDOW_NANOS) {
            return false;
        }
        double given = (double) processorNanos / computedNanos / threads;
        computedNanos = 0;
        processorNanos = 0;
        return decide(given, System.nanoTime());
    }

    /** Decides by the share of the cores asked for that was given. */
    boolean decide(double given, long now) {
        if (threads > 1 && given < ENOUGH) {
            retryNanos = loweredAt == 0 ? FIRST_RETRY_NANOS : Math.min(LAST_RETRY_NANOS, retryNanos * 2);
            loweredAt = now;
            threads--;
            return true;
        }
        if (threads < maximum && now - loweredAt > retryNanos) {
            threads++;
            return true;
        }
        if (threads == maximum) {
            loweredAt = 0;
        }
        return false;
    }
}
