package dev.outcrop.engines.worker;

import java.time.Duration;
import java.util.List;

/**
 * What a worker process runs and within which limits.
 *
 * @param name          for messages and the process's title
 * @param service       the class to run, which must be on this process's class path
 * @param settings      what the service is given at its start
 * @param javaArguments further arguments of the JVM, such as system properties
 * @param heapMegabytes limit of the Java heap
 * @param residentBytes limit of the memory that the process holds for itself (files it maps do not count); 0 for none.
 *                      A process that goes above is killed. Watched where the system tells: on Linux
 * @param startLimit    how long the start may take, loading included
 * @param idleLimit     how long the process lives on without a call; zero for ever
 */
public record WorkerSettings(
        String name,
        Class<? extends WorkerService> service,
        byte[] settings,
        List<String> javaArguments,
        int heapMegabytes,
        long residentBytes,
        Duration startLimit,
        Duration idleLimit) {
    public WorkerSettings {
        javaArguments = List.copyOf(javaArguments);
    }
}
