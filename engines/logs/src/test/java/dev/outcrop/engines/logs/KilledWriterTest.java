package dev.outcrop.engines.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.outcrop.engines.logs.LogStore.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that appends is killed again and again: what it said it had appended is there, once. */
class KilledWriterTest {
    /** More of them by {@code -Doutcrop.kills=500}. */
    private static final int KILLS = Integer.getInteger("outcrop.kills", 6);

    private static final String END = " is stored";
    private static final Settings SMALL = new Settings(2000, Duration.ofDays(1));

    private static final KeySealer KEYS = new KeySealer() {
        @Override
        public byte[] seal(String group, byte[] key) {
            return key.clone();
        }

        @Override
        public byte[] unseal(String group, byte[] sealed) {
            return sealed.clone();
        }
    };

    @TempDir
    private Path folder;

    @Test
    void losesNothingThatWasAcknowledgedAndDoublesNothing() throws Exception {
        Set<String> acknowledged = new HashSet<>();
        Random random = new Random(11);
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.addAll(appendedUntilKilled(kill, 30 + random.nextInt(120)));
        }

        Set<String> found = new HashSet<>();
        try (LogStore store = LogStore.open(folder, KEYS, SMALL);
                EventScan scan = store.scan("g", 0, Long.MAX_VALUE, _ -> true)) {
            EventCursor cursor = scan.forward(Optional.empty());
            for (Optional<LogEvent> event = cursor.next(); event.isPresent(); event = cursor.next()) {
                String message = new String(event.get().message(), UTF_8);
                assertThat(found.add(message)).as(message + " is there once").isTrue();
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(KILLS * 25);
        assertThat(found).containsAll(acknowledged);
    }

    private Set<String> appendedUntilKilled(int run, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        folder.toString(),
                        Integer.toString(run))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Set<String> said = new HashSet<>();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            String line = output.readLine();
            while (line != null) {
                // What was cut off by the kill is no word of it.
                if (line.endsWith(END)) {
                    said.add(line.substring(0, line.length() - END.length()));
                }
                if (said.size() == lines) {
                    process.toHandle().destroyForcibly(); // What it said before can still be read.
                }
                line = output.readLine();
            }
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    /** Appends events, each with a message of its own, and says so once it is told that they are stored. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            LogStore store = LogStore.open(Path.of(arguments[0]), KEYS, SMALL);
            for (long i = 0; ; i++) {
                String message = arguments[1] + "-" + i;
                store.append("g", "s", i, List.of(new LogEntry(i, message.getBytes(UTF_8))));
                System.out.println(message + END);
            }
        }
    }
}
