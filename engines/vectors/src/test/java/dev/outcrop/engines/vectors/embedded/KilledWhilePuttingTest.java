package dev.outcrop.engines.vectors.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.vectors.VectorEntry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills processes with SIGKILL while they put and delete; {@code -Doutcrop.kills=500} kills many. */
class KilledWhilePuttingTest {
    private static final int KILLS = Integer.getInteger("outcrop.kills", 3);
    private static final int LONGEST_LIFE_MILLIS = 1000;

    @TempDir
    private Path folder;

    private final Set<String> put = new HashSet<>();
    private final Set<String> deleted = new HashSet<>();

    @Test
    void everythingAcknowledgedIsThereAndNothingDeletedComesBack() throws Exception {
        Random random = new Random(13);
        for (int i = 0; i < KILLS; i++) {
            startAndKill("run" + i, 50 + random.nextInt(LONGEST_LIFE_MILLIS));
        }

        try (EmbeddedStore store =
                new EmbeddedStore(folder, PuttingProcess.SETTINGS, new byte[32], new BlockCache(1 << 20))) {
            for (String key : put) {
                VectorEntry entry = store.get(key)
                        .orElseThrow(() -> new AssertionError(key + " was acknowledged and is not there"));
                int number = Integer.parseInt(entry.text().substring("word".length()));
                assertThat(entry.vector()).isEqualTo(PuttingProcess.vector(number));
            }
            for (String key : deleted) {
                assertThat(store.get(key)).as(key).isEmpty();
            }
            String some = put.iterator().next();
            assertThat(store.nearest(store.get(some).orElseThrow().vector(), 1, Optional.empty())
                            .getFirst()
                            .score())
                    .isZero();
            assertThat(put).hasSizeGreaterThan(KILLS * 2);
        }
    }

    private void startAndKill(String name, int lifeMillis) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PuttingProcess.class.getName(),
                        folder.toString(),
                        name)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread late = Thread.ofVirtual().start(() -> killAfter(process, TimeUnit.SECONDS.toMillis(60)));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            Thread inTime = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", -1);
                switch (words[0]) {
                    case "put" -> put.add(words[1]);
                    case "deleted" -> deleted.add(words[1]);
                    default -> throw new IOException("no process writes lines such as: " + line);
                }
                if (inTime == null) {
                    inTime = Thread.ofVirtual().start(() -> killAfter(process, lifeMillis));
                }
            }
            assertThat(inTime).as("the process wrote something").isNotNull();
        } finally {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
            late.interrupt();
        }
    }

    private static void killAfter(Process process, long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            // Not by the process itself, which would close its output before it is read to the end.
            process.toHandle().destroyForcibly();
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }
}
