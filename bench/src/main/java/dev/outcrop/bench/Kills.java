package dev.outcrop.bench;

import dev.outcrop.kernel.jobs.Job;
import dev.outcrop.kernel.jobs.Jobs;
import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Objects;
import dev.outcrop.storage.Records;
import dev.outcrop.storage.StoredRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Kills writing processes at random moments and looks for what they were promised. */
public final class Kills {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final int LONGEST_LIFE_MILLIS = 500;

    private final Path folder;
    private final List<String> acknowledged = new ArrayList<>();

    private Kills(Path folder) {
        this.folder = folder;
    }

    /**
     * Kills {@code count} processes, one after the other, that write to the same data folder.
     *
     * @param seed decides when
     */
    public static Result run(Path folder, int count, long seed) throws IOException, InterruptedException {
        Kills kills = new Kills(folder);
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            kills.startAndKill("run-" + i, random.nextInt(LONGEST_LIFE_MILLIS));
        }
        return kills.look();
    }

    private void startAndKill(String name, int lifeMillis) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WritingProcess.class.getName(),
                        folder.toString(),
                        name)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread killer = Thread.ofVirtual().start(() -> killAfter(process, LONGEST_START.toMillis()));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            Thread inTime = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                acknowledged.add(line);
                if (inTime == null) {
                    inTime = Thread.ofVirtual().start(() -> killAfter(process, lifeMillis));
                }
            }
            if (inTime == null) {
                throw new IOException("process " + name + " ended by itself before it wrote anything");
            }
        } finally {
            process.destroyForcibly();
            process.waitFor(10, TimeUnit.SECONDS);
            killer.interrupt();
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

    private Result look() throws IOException, InterruptedException {
        List<String> missing = new ArrayList<>();
        int jobs = 0;
        try (DataFolder opened = DataFolder.open(folder);
                Records records = opened.records();
                Jobs running = WritingProcess.jobs(opened, records)) {
            Objects objects = opened.objects(opened.secrets());
            running.start();
            for (String line : acknowledged) {
                String[] words = line.split(" ", -1);
                boolean found = switch (words[0]) {
                    case "record" ->
                        records.get(WritingProcess.key(words[1]))
                                .filter(record -> isWhole(record, words[1]))
                                .isPresent();
                    case "counter" ->
                        records.get(WritingProcess.key(words[1])).orElseThrow().version() >= Long.parseLong(words[2]);
                    case "object" -> md5(objects, words[1]).equals(words[2]);
                    case "job" -> {
                        jobs++;
                        yield isCompleted(running, words[1]);
                    }
                    default -> throw new IOException("no process writes lines such as: " + line);
                };
                if (!found) {
                    missing.add(line);
                }
            }
        }
        return new Result(acknowledged.size(), jobs, List.copyOf(missing));
    }

    private static boolean isWhole(StoredRecord record, String id) {
        return new String(record.body(), StandardCharsets.UTF_8).equals(id.repeat(10));
    }

    private static boolean isCompleted(Jobs jobs, String id) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Job> job = WritingProcess.context().call(() -> jobs.find(id));
            if (job.isEmpty() || job.get().status().isEnd()) {
                return job.map(Job::status).equals(Optional.of(Job.Status.COMPLETED));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return false;
    }

    private static String md5(Objects objects, String id) throws IOException {
        try (InputStream content = objects.read(id, 0, Long.MAX_VALUE)) {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content.readAllBytes()));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has MD5", impossible);
        }
    }

    /**
     * What was found after the kills.
     *
     * @param acknowledged how many things were promised
     * @param jobs         how many of them were jobs
     * @param missing      those that were not kept
     */
    public record Result(int acknowledged, int jobs, List<String> missing) {}
}
