package dev.outcrop.engines.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The segments of all groups, each group's in a folder of its own. What is written here appears at once: a table of memory
 * leaves when the segments made of it arrive. Safe for concurrent use; one thread writes.
 */
final class SegmentStore {
    private static final long MILLIS_OF_DAY = TimeUnit.DAYS.toMillis(1);
    /** So many segments of about the same size become one. */
    private static final int MERGED_AT_ONCE = 8;

    private static final long LARGEST_MERGED = 64L << 20;
    private static final long SMALL = 8L << 20;

    private final Path folder;
    private final KeySealer sealer;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, List<Segment>> segments = new HashMap<>();
    private final Set<String> droppedGroups = ConcurrentHashMap.newKeySet();

    private SegmentStore(Path folder, KeySealer sealer) {
        this.folder = folder;
        this.sealer = sealer;
    }

    static SegmentStore open(Path folder, KeySealer sealer) throws IOException {
        Files.createDirectories(folder);
        SegmentStore store = new SegmentStore(folder, sealer);
        for (Path groupFolder : Folders.files(folder)) {
            String group =
                    new String(HexFormat.of().parseHex(groupFolder.getFileName().toString()), UTF_8);
            Map<SegmentName, Path> found = new HashMap<>();
            for (Path file : Folders.files(groupFolder)) {
                SegmentName.parse(file.getFileName().toString()).ifPresent(name -> found.put(name, file));
            }
            List<Segment> present = new ArrayList<>();
            for (Map.Entry<SegmentName, Path> entry : found.entrySet()) {
                if (found.keySet().stream().anyMatch(other -> other.replaces(entry.getKey()))) {
                    Files.delete(entry.getValue());
                } else {
                    present.add(new Segment(entry.getValue(), group, entry.getKey(), sealer));
                }
            }
            store.segments.put(group, present);
        }
        return store;
    }

    /** The highest generation that has a segment; 0 if there is none. */
    long lastGeneration() {
        return names().mapToLong(SegmentName::last).max().orElse(0);
    }

    private java.util.stream.Stream<SegmentName> names() {
        return segments.values().stream().flatMap(List::stream).map(Segment::name);
    }

    /**
     * Whether all of a generation is in segments for sure; if not, what there is of it is removed, to be written again.
     */
    boolean hasAll(long generation) {
        if (names().anyMatch(name ->
                name.first() < name.last() && name.first() <= generation && name.last() >= generation)) {
            return true; // Only what was written whole is merged.
        }
        segments.values()
                .forEach(list -> list.removeIf(segment -> {
                    boolean part = segment.name().first() == generation;
                    if (part) {
                        segment.drop();
                    }
                    return part;
                }));
        return false;
    }

    /** The segments of a group that have events of a time, being used: to be released. Called with {@link #lock} held. */
    List<Segment> use(String group, long from, long to) {
        return segments.getOrDefault(group, List.of()).stream()
                .filter(segment ->
                        segment.name().latest() >= from && segment.name().earliest() < to)
                .filter(Segment::use)
                .toList();
    }

    /** Whoever holds it sees tables of memory and segments as they are at one moment. */
    ReentrantLock lock() {
        return lock;
    }

    long bytes(String group) {
        lock.lock();
        try {
            return segments.getOrDefault(group, List.of()).stream()
                    .mapToLong(segment -> segment.name().bytes())
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    /** Makes segments of all that is in {@code table}, and says {@code written} in the moment in which they appear. */
    void write(MemoryTable table, Runnable written) throws IOException {
        List<Segment> made = new ArrayList<>();
        Map<Segment, String> groups = new HashMap<>();
        for (String group : table.groups()) {
            Map<Long, List<Row>> days = new TreeMap<>();
            for (Batch batch : table.batches(group)) {
                for (int i = 0; i < batch.rows(); i++) {
                    days.computeIfAbsent(Math.floorDiv(batch.timestamps()[i], MILLIS_OF_DAY), _ -> new ArrayList<>())
                            .add(new Row(batch, i));
                }
            }
            for (Map.Entry<Long, List<Row>> day : days.entrySet()) {
                Collections.sort(day.getValue());
                Segment segment = write(group, day.getKey(), table.generation(), table.generation(), day.getValue());
                made.add(segment);
                groups.put(segment, group);
            }
        }
        lock.lock();
        try {
            made.forEach(segment -> add(groups.get(segment), segment));
            written.run();
        } finally {
            lock.unlock();
        }
    }

    private void add(String group, Segment segment) {
        if (droppedGroups.contains(group)) {
            segment.drop();
        } else {
            segments.computeIfAbsent(group, _ -> new ArrayList<>()).add(segment);
        }
    }

    private Segment write(String group, long day, long first, long last, List<Row> rows) throws IOException {
        Path groupFolder = folder(group);
        if (Files.notExists(groupFolder)) {
            Files.createDirectories(groupFolder);
            Folders.force(folder);
        }
        SegmentName name = SegmentWriter.write(
                groupFolder, group, new SegmentName(day, first, last, 0, 0, 0, 0), rows, sealer, random);
        return new Segment(groupFolder.resolve(name.fileName()), group, name, sealer);
    }

    private Path folder(String group) {
        return folder.resolve(HexFormat.of().formatHex(group.getBytes(UTF_8)));
    }

    /** Merges small segments of {@code group} where there are many; all their generations are written whole. */
    void merge(String group) throws IOException {
        for (Optional<List<Segment>> found = mergeable(group); found.isPresent(); found = mergeable(group)) {
            merge(group, found.get());
        }
    }

    private Optional<List<Segment>> mergeable(String group) {
        lock.lock();
        try {
            Map<Long, List<Segment>> days = new TreeMap<>();
            for (Segment segment : segments.getOrDefault(group, List.of())) {
                days.computeIfAbsent(segment.name().day(), _ -> new ArrayList<>())
                        .add(segment);
            }
            for (List<Segment> day : days.values()) {
                day.sort(Comparator.comparingLong(segment -> segment.name().first()));
                for (long size : new long[] {SMALL, LARGEST_MERGED}) {
                    Optional<List<Segment>> run = run(day, size);
                    if (run.isPresent()) {
                        run.get().forEach(Segment::use);
                        return run;
                    }
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Neighbours of which there are enough, each below {@code size}, and together no larger than a segment may be. */
    private static Optional<List<Segment>> run(List<Segment> day, long size) {
        List<Segment> run = new ArrayList<>();
        long bytes = 0;
        for (Segment segment : day) {
            long more = segment.name().bytes();
            if (more >= size || bytes + more > LARGEST_MERGED) {
                run.clear();
                bytes = 0;
            }
            if (more < size) {
                run.add(segment);
                bytes += more;
            }
            if (run.size() == MERGED_AT_ONCE) {
                return Optional.of(run);
            }
        }
        return Optional.empty();
    }

    private void merge(String group, List<Segment> parts) throws IOException {
        try {
            List<Row> rows = new ArrayList<>();
            for (Segment part : parts) {
                for (int i = 0; i < part.footer().blocks().size(); i++) {
                    EventBlock block = part.block(i);
                    for (int row = 0; row < block.rows(); row++) {
                        rows.add(new Row(block, row));
                    }
                }
            }
            Collections.sort(rows);
            Segment merged = write(
                    group,
                    parts.getFirst().name().day(),
                    parts.getFirst().name().first(),
                    parts.getLast().name().last(),
                    rows);
            lock.lock();
            try {
                List<Segment> present = segments.getOrDefault(group, new ArrayList<>());
                if (present.containsAll(parts)) {
                    present.removeAll(parts);
                    add(group, merged);
                } else {
                    merged.drop(); // They have become too old meanwhile, or their group is gone.
                    return;
                }
            } finally {
                lock.unlock();
            }
            parts.forEach(Segment::drop);
        } finally {
            parts.forEach(Segment::release);
        }
    }

    /** Removes segments of {@code group} all of whose events happened before {@code timestamp}. */
    void dropBefore(String group, long timestamp) {
        List<Segment> old = new ArrayList<>();
        lock.lock();
        try {
            segments.getOrDefault(group, new ArrayList<>()).removeIf(segment -> {
                boolean gone = segment.name().latest() < timestamp;
                if (gone) {
                    old.add(segment);
                }
                return gone;
            });
        } finally {
            lock.unlock();
        }
        old.forEach(Segment::drop);
    }

    /** Removes all of a group, and what may still be written of it. */
    void drop(String group) throws IOException {
        droppedGroups.add(group);
        List<Segment> all;
        lock.lock();
        try {
            all = Optional.ofNullable(segments.remove(group)).orElse(List.of());
        } finally {
            lock.unlock();
        }
        all.forEach(Segment::drop);
        Path groupFolder = folder(group);
        if (all.isEmpty() || Folders.files(groupFolder).isEmpty()) {
            Files.deleteIfExists(groupFolder);
        }
    }

    /** Whether {@link #drop(String)} was called for a group. */
    boolean isDropped(String group) {
        return droppedGroups.contains(group);
    }
}
