package dev.outcrop.engines.vectors.embedded;

import dev.outcrop.engines.vectors.DistanceMetric;
import dev.outcrop.engines.vectors.MetadataValue;
import dev.outcrop.engines.vectors.VectorEntry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A process that puts, deletes, commits and merges until it is killed, and prints a line for each thing once it has been
 * acknowledged: {@code put KEY}, {@code deleted KEY}.
 */
public final class PuttingProcess {
    static final StoreSettings SETTINGS = new StoreSettings(4, DistanceMetric.EUCLIDEAN, Set.of());

    private final EmbeddedStore store;
    private final PrintStream acknowledged =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private PuttingProcess(EmbeddedStore store) {
        this.store = store;
    }

    /** The vector that goes with a number. */
    static float[] vector(int number) {
        return new float[] {number, number % 7, 1, -number};
    }

    /** @param arguments the folder, and a name that no earlier process had */
    public static void main(String[] arguments) throws InterruptedException {
        PuttingProcess process = new PuttingProcess(
                new EmbeddedStore(Path.of(arguments[0]), SETTINGS, new byte[32], new BlockCache(1 << 20)));
        Thread.ofPlatform().start(() -> process.put(arguments[1] + "-a"));
        Thread.ofPlatform().start(() -> process.put(arguments[1] + "-b"));
        Thread.ofPlatform().start(() -> process.delete(arguments[1] + "-c"));
        Thread.ofPlatform().start(process::commit);
        TimeUnit.MINUTES.sleep(10); // The one who kills is long done by then.
    }

    private static VectorEntry entry(String name, int number) {
        return new VectorEntry(
                name + number, vector(number), "word" + number, Map.of("number", MetadataValue.of(number)));
    }

    private void say(String line) {
        // One write of less than a pipe's buffer, so that no line is ever cut.
        acknowledged.print(line + "\n");
    }

    private void put(String name) {
        for (int i = 0; ; i += 2) {
            store.put(List.of(entry(name, i), entry(name, i + 1)));
            say("put " + name + i);
            say("put " + name + (i + 1));
        }
    }

    private void delete(String name) {
        for (int i = 0; ; i++) {
            store.put(List.of(entry(name, i)));
            store.delete(List.of(name + i));
            say("deleted " + name + i);
        }
    }

    private void commit() {
        while (true) {
            store.commit();
            store.nearest(vector(1), 1, Optional.empty());
            store.settle();
        }
    }
}
