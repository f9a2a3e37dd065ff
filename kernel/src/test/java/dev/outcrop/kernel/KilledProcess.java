package dev.outcrop.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process of its own, which gets SIGKILL in the middle of its work. What it has said by then is heard: whole
 * lines, and nothing of one that the kill has cut in two, nor of what others log.
 */
public final class KilledProcess {
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(3);
    private static final String SAID = "said: ";
    private static final PrintStream VOICE =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private KilledProcess() {}

    /** Says a line, which the main class that is started here calls. */
    public static void say(String line) {
        // One write of less than a pipe's buffer, so that no line is ever cut.
        VOICE.print(SAID + line + "\n");
    }

    /**
     * Starts a process and kills it once it has said something.
     *
     * @param main      its main class
     * @param lines     after how many lines that it says, above 0
     * @param arguments the main class's, each by its text
     * @return what it said
     */
    public static List<String> afterLines(Class<?> main, int lines, Object... arguments)
            throws IOException, InterruptedException {
        List<String> said = run(main, lines, Duration.ZERO, arguments);
        assertThat(said).as("lines of " + main.getSimpleName()).hasSizeGreaterThanOrEqualTo(lines);
        return said;
    }

    /**
     * Starts a process and kills it some time after it has said its first line.
     *
     * @param main      its main class
     * @param arguments the main class's, each by its text
     * @return what it said, at least one line
     */
    public static List<String> afterTime(Class<?> main, Duration life, Object... arguments)
            throws IOException, InterruptedException {
        List<String> said = run(main, 1, life, arguments);
        assertThat(said).as("lines of " + main.getSimpleName()).isNotEmpty();
        return said;
    }

    private static List<String> run(Class<?> main, int lines, Duration life, Object... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(Arrays.stream(arguments).map(Objects::toString).toList());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Thread late = Thread.ofVirtual().start(() -> killAfter(process, LONGEST_LIFE));
        List<String> said = new ArrayList<>();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            StringBuilder line = new StringBuilder();
            for (int next = output.read(); next >= 0; next = output.read()) {
                if (next != '\n') {
                    line.append((char) next);
                    continue;
                }
                boolean isSaid = line.indexOf(SAID) == 0;
                if (isSaid) {
                    said.add(line.substring(SAID.length()));
                }
                line.setLength(0);
                if (isSaid && said.size() == lines) {
                    Thread.ofVirtual().start(() -> killAfter(process, life));
                }
            }
        } finally {
            late.interrupt();
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
        return said;
    }

    private static void killAfter(Process process, Duration time) {
        try {
            Thread.sleep(time);
            // Not by the process itself, which would close its output before it is read to the end.
            process.toHandle().destroyForcibly();
        } catch (InterruptedException done) {
            Thread.currentThread().interrupt();
        }
    }
}
