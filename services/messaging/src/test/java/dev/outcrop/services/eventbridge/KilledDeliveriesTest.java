package dev.outcrop.services.eventbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;

/** Every event that was taken reaches its queue, however often the server is killed meanwhile. */
class KilledDeliveriesTest {
    /** More of them by {@code -Doutcrop.kills=500}. */
    private static final int KILLS = Integer.getInteger("outcrop.kills", 4);

    private static final int LONGEST_LIFE_MILLIS = 1000;
    private static final long LONGEST_START_MILLIS = 60_000;
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

    @TempDir
    Path folder;

    private final List<String> taken = new ArrayList<>();

    @Test
    void nothingThatWasTakenIsLost() throws Exception {
        Random random = new Random(20_261_123);
        for (int i = 0; i < KILLS; i++) {
            startAndKill(random.nextInt(LONGEST_LIFE_MILLIS));
        }

        Set<String> delivered = new HashSet<>();
        try (EventHouse house = new EventHouse(folder)) {
            house.house.pass(Duration.ofMinutes(1));
            List<Message> messages = house.afterAll("orders");
            while (!messages.isEmpty()) {
                for (Message message : messages) {
                    Matcher id = ID.matcher(message.body());
                    assertThat(id.find()).isTrue();
                    delivered.add(id.group(1));
                }
                messages = house.afterAll("orders");
            }
        }
        assertThat(delivered).containsAll(taken);
        assertThat(taken).hasSizeGreaterThan(KILLS);
    }

    private void startAndKill(int lifeMillis) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SendingProcess.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread late = Thread.ofVirtual().start(() -> killAfter(process, LONGEST_START_MILLIS));
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).as("what the process says first").isEqualTo("ready");
            String first = lines.readLine();
            assertThat(first).as("the first event that is taken").isNotNull();
            taken.add(first);
            Thread.ofVirtual().start(() -> killAfter(process, lifeMillis));
            // A line that the kill has cut in two was not heard.
            lines.lines().filter(line -> line.length() == 36).forEach(taken::add);
        } finally {
            late.interrupt();
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
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
