package dev.outcrop.services.comprehend;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A server with a job and a training, to be killed: it says when each is under way, and when both have ended. */
final class AnalysingProcess {
    private static final long PAUSE_NANOS = 20_000_000;

    private AnalysingProcess() {}

    /** {@code FOLDER JOB CLASSIFIER_ARN}. */
    public static void main(String[] arguments) {
        try (ComprehendHouse house = new ComprehendHouse(Path.of(arguments[0]), () -> {
            throw new AssertionError("no embeddings are needed");
        })) {
            say("up");
            Map<String, BooleanSupplier> waiting =
                    new HashMap<>(KilledAnalysisTest.underWay(house, KilledAnalysisTest.Begun.of(arguments)));
            while (true) {
                waiting.entrySet().removeIf(work -> {
                    boolean begun = work.getValue().getAsBoolean();
                    if (begun) {
                        say(work.getKey());
                    }
                    return begun;
                });
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static void say(String what) {
        System.out.println(what);
        System.out.flush();
    }
}
