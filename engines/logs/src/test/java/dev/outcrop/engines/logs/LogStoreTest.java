package dev.outcrop.engines.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.logs.LogStore.Settings;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreTest {
    private static final long DAY = TimeUnit.DAYS.toMillis(1);
    private static final Settings IN_MEMORY = new Settings(1L << 40, Duration.ofDays(1));
    private static final Settings AT_ONCE = new Settings(1, Duration.ofDays(1));

    /** Turns all bits, so that a key in the clear would not do. */
    private static final KeySealer SEALER = new KeySealer() {
        @Override
        public byte[] seal(String group, byte[] key) {
            byte[] sealed = key.clone();
            for (int i = 0; i < sealed.length; i++) {
                sealed[i] = (byte) ~(sealed[i] ^ group.hashCode());
            }
            return sealed;
        }

        @Override
        public byte[] unseal(String group, byte[] sealed) throws GeneralSecurityException {
            if (sealed.length != 32) {
                throw new GeneralSecurityException("no key");
            }
            return seal(group, sealed);
        }
    };

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void folder() {
        folder = temporary.resolve("store");
    }

    @Test
    void givesEventsInTheOrderOfTimeAndThenOfArrival() {
        try (LogStore store = LogStore.open(folder, SEALER, IN_MEMORY)) {
            store.append("g", "a", 100, entries(30, "three", 10, "one"));
            store.append("g", "b", 101, entries(20, "two", 30, "four"));
            store.append("other", "a", 102, entries(25, "elsewhere"));

            assertThat(forward(store, "g")).containsExactly("one", "two", "three", "four");
            assertThat(backward(store, "g")).containsExactly("four", "three", "two", "one");
            assertThat(store.stream("g", "a")).contains(new StreamExtent(10, 30, 100, 2));
        }
    }

    @Test
    void readsTheSameFromSegmentsAsFromMemory() throws Exception {
        List<String> written = new ArrayList<>();
        try (LogStore store = LogStore.open(folder, SEALER, AT_ONCE)) {
            Random random = new Random(7);
            for (int i = 0; i < 40; i++) {
                int number = i;
                List<LogEntry> batch = IntStream.range(0, 50)
                        .mapToObj(j -> new LogEntry(number * 3L + j % 7, ("event " + number + " " + j).getBytes(UTF_8)))
                        .toList();
                store.append("g", "s" + random.nextInt(3), 1, batch);
                batch.forEach(entry -> written.add(new String(entry.message(), UTF_8)));
            }
            await(() -> logFiles() == 1 && segments() < 10);

            List<String> read = forward(store, "g");
            assertThat(read).containsExactlyInAnyOrderElementsOf(written);
            assertThat(backward(store, "g")).isEqualTo(read.reversed());
            assertThat(positions(store)).isSorted().doesNotHaveDuplicates();
            assertThat(store.streams("g").values().stream()
                            .mapToLong(StreamExtent::events)
                            .sum())
                    .isEqualTo(2000);
        }
    }

    @Test
    void goesOnWhereItIsTold() {
        try (LogStore store = LogStore.open(folder, SEALER, IN_MEMORY)) {
            store.append("g", "a", 1, entries(10, "one", 10, "two", 10, "three", 20, "four"));
            Position second = positions(store).get(1);

            try (EventScan scan = store.scan("g", "a", 0, 100)) {
                assertThat(texts(scan.forward(Optional.of(second)))).containsExactly("three", "four");
                assertThat(texts(scan.backward(Optional.of(second)))).containsExactly("one");
            }
            try (EventScan scan = store.scan("g", 11, 21, _ -> true)) {
                assertThat(texts(scan.forward(Optional.empty()))).containsExactly("four");
            }
        }
    }

    @Test
    void keepsWhatWasAcknowledgedWhenItIsOpenedAgain() throws Exception {
        try (LogStore store = LogStore.open(folder, SEALER, IN_MEMORY)) {
            store.append("g", "a", 1, entries(10, "one"));
            store.append("g", "a", 1, entries(20, "two"));
            List<Position> before = positions(store);
            Path copy = Files.createDirectories(folder.resolveSibling("copy"));
            copy(folder, copy);

            try (LogStore after = LogStore.open(copy, SEALER, IN_MEMORY)) {
                assertThat(forward(after, "g")).containsExactly("one", "two");
                assertThat(positions(after)).isEqualTo(before);
                after.append("g", "a", 2, entries(15, "between"));
                assertThat(forward(after, "g")).containsExactly("one", "between", "two");
            }
        }
    }

    @Test
    void leavesOutABatchThatWasTornWhereverItWas() throws Exception {
        try (LogStore store = LogStore.open(folder, SEALER, IN_MEMORY)) {
            store.append("g", "a", 1, entries(10, "whole"));
            long whole = Files.size(folder.resolve("1.log"));
            store.append("g", "a", 1, entries(20, "torn"));
            long all = Files.size(folder.resolve("1.log"));
            for (long cut = whole; cut < all; cut += 9) {
                Path copy = Files.createDirectories(folder.resolveSibling("cut" + cut));
                copy(folder, copy);
                try (FileChannel channel = FileChannel.open(copy.resolve("1.log"), StandardOpenOption.WRITE)) {
                    channel.truncate(cut);
                }

                try (LogStore after = LogStore.open(copy, SEALER, IN_MEMORY)) {
                    assertThat(forward(after, "g")).as("cut at " + cut).containsExactly("whole");
                }
            }
        }
    }

    @Test
    void makesSegmentsAnewWhereACrashLeftOnlySome() throws Exception {
        Path copy = Files.createDirectories(folder.resolveSibling("copy"));
        try (LogStore store = LogStore.open(folder, SEALER, IN_MEMORY)) {
            store.append("g", "a", 1, entries(10, "one", DAY + 10, "tomorrow"));
            copy(folder, copy);
        }
        try (LogStore once = LogStore.open(copy, SEALER, IN_MEMORY)) {
            assertThat(forward(once, "g")).hasSize(2);
        }
        // The log of the first attempt is there again, as if it had ended before it could be deleted.
        Files.copy(folder.resolve("1.log"), copy.resolve("1.log"));

        try (LogStore again = LogStore.open(copy, SEALER, IN_MEMORY)) {
            assertThat(forward(again, "g")).containsExactly("one", "tomorrow");
        }
    }

    @Test
    void dropsWholeSegmentsThatAreTooOldAndGroups() throws Exception {
        try (LogStore store = LogStore.open(folder, SEALER, AT_ONCE)) {
            store.append("g", "a", 1, entries(10, "old", 3 * DAY, "new"));
            store.append("h", "a", 1, entries(10, "gone"));
            await(() -> logFiles() == 1 && segments() == 3);

            store.dropBefore("g", 2 * DAY);
            store.drop("h");

            assertThat(forward(store, "g")).containsExactly("new");
            assertThat(forward(store, "h")).isEmpty();
            assertThat(segments()).isEqualTo(1);
        }
        try (LogStore again = LogStore.open(folder, SEALER, IN_MEMORY)) {
            assertThat(forward(again, "h")).isEmpty();
            assertThat(again.bytes("g")).isEqualTo(Batch.EVENT_BYTES + 3);
        }
    }

    @Test
    void forgetsADroppedGroupThatIsOnlyInTheLog() {
        try (LogStore store = LogStore.open(folder, SEALER, IN_MEMORY)) {
            store.append("g", "a", 1, entries(10, "gone"));
            store.drop("g");
            assertThat(forward(store, "g")).isEmpty();
        }
        try (LogStore again = LogStore.open(folder, SEALER, IN_MEMORY)) {
            assertThat(forward(again, "g")).isEmpty();
        }
    }

    @Test
    void hasNothingInTheClearAndNoticesDamage() throws Exception {
        try (LogStore store = LogStore.open(folder, SEALER, AT_ONCE)) {
            store.append("g", "a", 1, entries(10, "confidential"));
            await(() -> logFiles() == 1 && segments() == 1);
            Path segment = segmentFiles().getFirst();
            byte[] content = Files.readAllBytes(segment);

            assertThat(new String(content, UTF_8)).doesNotContain("confidential");
            content[content.length / 2] ^= 1;
            Files.write(segment, content);
            assertThatThrownBy(() -> forward(store, "g")).isInstanceOf(LogStoreException.class);
        }
    }

    private static List<LogEntry> entries(Object... timesAndTexts) {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = 0; i < timesAndTexts.length; i += 2) {
            entries.add(new LogEntry(
                    ((Number) timesAndTexts[i]).longValue(),
                    timesAndTexts[i + 1].toString().getBytes(UTF_8)));
        }
        return entries;
    }

    private static List<String> forward(LogStore store, String group) {
        try (EventScan scan = store.scan(group, Long.MIN_VALUE, Long.MAX_VALUE, _ -> true)) {
            return texts(scan.forward(Optional.empty()));
        }
    }

    private static List<String> backward(LogStore store, String group) {
        try (EventScan scan = store.scan(group, Long.MIN_VALUE, Long.MAX_VALUE, _ -> true)) {
            return texts(scan.backward(Optional.empty()));
        }
    }

    private static List<Position> positions(LogStore store) {
        List<Position> positions = new ArrayList<>();
        try (EventScan scan = store.scan("g", Long.MIN_VALUE, Long.MAX_VALUE, _ -> true)) {
            EventCursor cursor = scan.forward(Optional.empty());
            for (Optional<LogEvent> next = cursor.next(); next.isPresent(); next = cursor.next()) {
                positions.add(next.get().position());
            }
        }
        return positions;
    }

    private static List<String> texts(EventCursor cursor) {
        return Stream.generate(cursor::next)
                .takeWhile(Optional::isPresent)
                .map(event -> new String(event.get().message(), UTF_8))
                .toList();
    }

    private long logFiles() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log")).count();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private long segments() {
        return segmentFiles().size();
    }

    private List<Path> segmentFiles() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".segment")).toList();
        } catch (IOException | java.io.UncheckedIOException changing) {
            return List.of();
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 3000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).as("came to rest within 30 s").isTrue();
    }

    private static void copy(Path from, Path to) throws IOException {
        Map<String, Path> files = new java.util.TreeMap<>();
        try (Stream<Path> all = Files.list(from)) {
            all.filter(Files::isRegularFile)
                    .forEach(file -> files.put(file.getFileName().toString(), file));
        }
        for (Map.Entry<String, Path> file : files.entrySet()) {
            Files.copy(file.getValue(), to.resolve(file.getKey()));
        }
    }
}
