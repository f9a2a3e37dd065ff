package dev.outcrop.services.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Kills processes with SIGKILL while they write; {@code -Doutcrop.kills=500} kills many, some 30 MB of disk each. */
class KilledWhileWritingTest {
    private static final int KILLS = Integer.getInteger("outcrop.kills", 4);
    /** Decides when. */
    private static final long SEED = Long.getLong("outcrop.seed", 7);

    private static final int LONGEST_LIFE_MILLIS = 1500;

    @TempDir
    private Path folder;

    private final Map<String, String> acknowledged = new LinkedHashMap<>();
    private boolean uploaded;
    private final Set<String> gone = new HashSet<>();

    @Test
    void losesNothingThatWasAcknowledgedAndShowsNothingHalf(TestReporter reporter) throws Exception {
        Random random = new Random(SEED);
        for (int i = 0; i < KILLS; i++) {
            startAndKill("run" + i, 50 + random.nextInt(LONGEST_LIFE_MILLIS));
        }

        try (TestStore store = new TestStore(folder, Instant.now())) {
            Set<String> present = new HashSet<>();
            String after = "";
            boolean more = true;
            while (more) {
                String place = after;
                var page = store.s3.listObjectsV2(
                        request -> request.bucket(WritingStore.BUCKET).startAfter(place));
                for (S3Object object : page.contents()) {
                    present.add(object.key());
                    assertWhole(store, object);
                    after = object.key();
                }
                more = page.isTruncated();
            }
            reporter.publishEntry(
                    KILLS + " kills", acknowledged.size() + " objects acknowledged, " + gone.size() + " deleted");
            assertThat(present).containsAll(acknowledged.keySet());
            assertThat(present).doesNotContainAnyElementsOf(gone);
            assertThat(acknowledged).hasSizeGreaterThan(KILLS * 10);
            assertThat(acknowledged.keySet()).anyMatch(key -> key.contains("upload"));
        }
    }

    private void assertWhole(TestStore store, S3Object object) {
        byte[] content = store.s3
                .getObjectAsBytes(request -> request.bucket(WritingStore.BUCKET).key(object.key()))
                .asByteArray();
        byte expected =
                (byte) Integer.parseInt(object.key().substring(object.key().lastIndexOf('-') + 1));
        assertThat(content.length).isEqualTo(object.size().intValue());
        for (byte octet : content) {
            if (octet != expected) {
                assertThat(octet).as(object.key()).isEqualTo(expected);
            }
        }
        String tag = acknowledged.get(object.key());
        if (tag != null) {
            assertThat(object.eTag()).isEqualTo(tag);
        }
    }

    private void startAndKill(String name, int lifeMillis) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WritingStore.class.getName(),
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
                    case "object" -> acknowledged.put(words[1], words[2]);
                    case "deleting" -> acknowledged.remove(words[1]);
                    case "gone" -> gone.add(words[1]);
                    default -> throw new IOException("no process writes lines such as: " + line);
                }
                // However slow the machine is, the first one is not killed before an upload in parts is acknowledged.
                uploaded |= words[1].contains("upload");
                if (inTime == null && uploaded) {
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
