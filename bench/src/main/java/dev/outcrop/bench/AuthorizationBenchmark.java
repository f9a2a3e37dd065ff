package dev.outcrop.bench;

import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What a signature and a decision by fifty policies cost a call, measured by JMH on one thread. There is no peer to it. */
final class AuthorizationBenchmark implements Benchmark {
    private static final double GOAL_MICROS = 20;

    @Override
    public String name() {
        return "authorization";
    }

    @Override
    public String description() {
        return "SigV4 and IAM's decision per call, for a user with fifty policies in five groups";
    }

    @Override
    public void run(Workplace workplace, Report report) throws RunnerException {
        Map<String, Double> micros = measure();
        report.figure("SigV4 verified, a call of IAM", micros.get("verifySignature one service"), "µs");
        for (String policies : new String[] {"one service", "ten services"}) {
            report.atMost(
                    "decision, fifty policies about " + policies,
                    micros.get("decide " + policies),
                    GOAL_MICROS,
                    "µs");
        }
        report.figure(
                "both, fifty policies about one service",
                micros.get("verifySignature one service") + micros.get("decide one service"),
                "µs");
    }

    /** Microseconds an operation, by the method's name and what the policies are about. */
    private static Map<String, Double> measure() throws RunnerException {
        Map<String, Double> micros = new TreeMap<>();
        for (RunResult result : new Runner(new OptionsBuilder()
                        .include(AuthorizationMeasurements.class.getSimpleName())
                        .forks(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run()) {
            String method = result.getParams().getBenchmark();
            micros.put(
                    method.substring(method.lastIndexOf('.') + 1) + " "
                            + result.getParams().getParam("policies"),
                    1e6 / result.getPrimaryResult().getScore());
        }
        return micros;
    }
}
