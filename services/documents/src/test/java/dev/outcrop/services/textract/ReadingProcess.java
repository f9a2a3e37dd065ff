package dev.outcrop.services.textract;

import dev.outcrop.kernel.KilledProcess;
import java.nio.file.Path;

/** A server with document jobs, to be killed: it says when it does them. */
final class ReadingProcess {
    private ReadingProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (TextractHouse house = new TextractHouse(Path.of(arguments[0]))) {
            house.startJobs();
            KilledProcess.say("up");
            Thread.currentThread().join();
        }
    }
}
