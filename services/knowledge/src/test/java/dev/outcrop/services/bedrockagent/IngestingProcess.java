package dev.outcrop.services.bedrockagent;

import dev.outcrop.services.KnowledgeHouse;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A server with an ingestion job, to be killed: it says which texts it embeds, each a little late. */
final class IngestingProcess {
    private static final long PAUSE_NANOS = 5_000_000;

    private IngestingProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (KnowledgeHouse house = new KnowledgeHouse(Path.of(arguments[0]), IngestingProcess::tell)) {
            house.jobs().start();
            System.out.println("up");
            System.out.flush();
            Thread.currentThread().join();
        }
    }

    private static void tell(String text) {
        LockSupport.parkNanos(PAUSE_NANOS);
        System.out.println("embedded " + text.lines().findFirst().orElse(""));
        System.out.flush();
    }
}
