package dev.outcrop.services.polly;

import dev.outcrop.kernel.KilledProcess;
import java.nio.file.Path;

/** A server with synthesis tasks, to be killed: it says when one is under way. */
final class SpeakingProcess {
    private SpeakingProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (PollyHouse house = new PollyHouse(Path.of(arguments[0]))) {
            house.startJobs();
            house.awaitTaskUnderWay();
            KilledProcess.say("speaks");
            Thread.currentThread().join();
        }
    }
}
