package dev.outcrop.services;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, which gets SIGKILL in the middle of its work. */
public final class KilledProcess {
    private static final long LONGEST_LIFE_SECONDS = 60;

    private KilledProcess() {}

    /**
     * Starts a process over a data folder, and kills it.
     *
     * @param lines after how many lines that the process prints
     */
    public static void run(Class<?> main, Path folder, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread late = Thread.ofVirtual().start(() -> killLate(process));
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (int line = 1; line <= lines; line++) {
                assertThat(output.readLine())
                        .as("line %d of %s", line, main.getSimpleName())
                        .isNotNull();
            }
        } finally {
            late.interrupt();
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static void killLate(Process process) {
        try {
            TimeUnit.SECONDS.sleep(LONGEST_LIFE_SECONDS);
            process.toHandle().destroyForcibly();
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }
}
