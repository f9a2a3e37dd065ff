package dev.outcrop.services.bedrockagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.vectors.VectorEntry;
import dev.outcrop.services.KnowledgeHouse;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.bedrockagent.model.DataSource;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJob;
import software.amazon.awssdk.services.bedrockagent.model.IngestionJobStatus;
import software.amazon.awssdk.services.bedrockagent.model.KnowledgeBase;

/** An ingestion job outlives SIGKILL at any moment: it goes on, no chunk is there twice, and none is missing. */
class KilledIngestionTest {
    private static final int DOCUMENTS = 40;
    /** More of them by {@code -Doutcrop.kills=20}. */
    private static final int KILLS = Integer.getInteger("outcrop.kills", 2);

    private static final long PAUSE_NANOS = 100_000_000;
    private static final long LONGEST_LIFE_MILLIS = 60_000;

    @TempDir
    Path folder;

    @Test
    void whatWasBegunIsFinishedOnce() throws Exception {
        IngestionJob job = begun();

        for (int kill = 1; kill <= KILLS; kill++) {
            killAfterEmbedding(5);
        }

        try (KnowledgeHouse house = new KnowledgeHouse(folder)) {
            IngestionJob ended = house.ended(job);
            assertThat(ended.status()).isEqualTo(IngestionJobStatus.COMPLETE);
            assertThat(ended.statistics().numberOfDocumentsScanned()).isEqualTo(DOCUMENTS);
            assertThat(ended.statistics().numberOfNewDocumentsIndexed()).isEqualTo(DOCUMENTS);
            assertThat(ended.statistics().numberOfDocumentsFailed()).isZero();
            List<VectorEntry> entries = house.entries(house.base(job.knowledgeBaseId()));
            assertThat(entries)
                    .extracting(VectorEntry::text)
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, DOCUMENTS)
                            .mapToObj(KilledIngestionTest::text)
                            .toList());
        }
    }

    private static String text(int number) {
        return "This is document number " + number + ".";
    }

    /** A job that a server has begun, and left when it was closed. */
    private IngestionJob begun() {
        CountDownLatch underWay = new CountDownLatch(1);
        try (KnowledgeHouse house = new KnowledgeHouse(folder, text -> {
            if (text.startsWith("This is")) {
                underWay.countDown();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        })) {
            house.bucket();
            KnowledgeBase base = house.base("killed", house.usualRole());
            DataSource source = house.s3Source(base, "files", null);
            for (int i = 0; i < DOCUMENTS; i++) {
                house.put("%03d.txt".formatted(i), text(i));
            }
            IngestionJob job = house.start(source);
            KnowledgeHouse.await("a job under way", () -> underWay.getCount() == 0);
            return job;
        }
    }

    private void killAfterEmbedding(int texts) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        IngestingProcess.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread late = Thread.ofVirtual().start(() -> killLate(process));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            String line = lines.readLine();
            assertThat(line).as("what the process says first").isEqualTo("up");
            while (line != null && seen < texts) {
                line = lines.readLine();
                seen++;
            }
            assertThat(line)
                    .as("text number " + texts + " of a job that goes on")
                    .isNotNull();
        } finally {
            late.interrupt();
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static void killLate(Process process) {
        try {
            TimeUnit.MILLISECONDS.sleep(LONGEST_LIFE_MILLIS);
            process.toHandle().destroyForcibly();
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }
}
