package dev.outcrop.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * What a signature and a decision by fifty policies cost a call, in CPU time of the one thread that does them, so that
 * other work of the machine does not count. There is no peer to it.
 */
final class AuthorizationBenchmark implements Benchmark {
    private static final double GOAL_MICROS = 20;
    private static final long WARM_UP_NANOS = 2_000_000_000L;
    private static final long ROUND_NANOS = 500_000_000L;
    private static final int ROUNDS = 5;
    private static final int BATCH = 200;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private Object last = "";

    @Override
    public String name() {
        return "authorization";
    }

    @Override
    public String description() {
        return "CPU of SigV4 and of IAM's decision per call, for a user with fifty policies in five groups";
    }

    @Override
    public void run(Workplace workplace, Report report) throws Exception {
        try (AuthorizationSubject one = new AuthorizationSubject(true);
                AuthorizationSubject ten = new AuthorizationSubject(false)) {
            one.check();
            ten.check();
            double signature = micros(one::verify);
            double worst = micros(one::decide);
            report.figure("SigV4 verified, a call of IAM", signature, "µs");
            report.atMost("decision, fifty policies about one service", worst, GOAL_MICROS, "µs");
            report.atMost("decision, fifty policies about ten services", micros(ten::decide), GOAL_MICROS, "µs");
            report.figure("both, fifty policies about one service", signature + worst, "µs");
        }
        if (last.equals("")) {
            throw new IllegalStateException("nothing was measured");
        }
    }

    /** The median of some rounds after a warm-up. */
    private double micros(Supplier<Object> work) {
        round(work, WARM_UP_NANOS);
        double[] rounds = new double[ROUNDS];
        for (int index = 0; index < ROUNDS; index++) {
            rounds[index] = round(work, ROUND_NANOS);
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private double round(Supplier<Object> work, long nanos) {
        long begun = threads.getCurrentThreadCpuTime();
        long used = 0;
        long done = 0;
        while (used < nanos) {
            for (int index = 0; index < BATCH; index++) {
                last = work.get();
            }
            done += BATCH;
            used = threads.getCurrentThreadCpuTime() - begun;
        }
        return used / 1000.0 / done;
    }
}
