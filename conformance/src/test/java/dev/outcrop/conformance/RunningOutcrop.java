package dev.outcrop.conformance;

import dev.outcrop.engines.models.Catalog;
import dev.outcrop.engines.models.ModelStore;
import dev.outcrop.engines.models.Progress;
import dev.outcrop.engines.models.Task;
import dev.outcrop.server.Assembly;
import dev.outcrop.server.Configuration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A whole server in this process on a free port, with the packaged default models and a data folder of its own. */
public final class RunningOutcrop implements AutoCloseable {
    /** Models that a server does not fetch by itself. */
    private static final List<String> OTHERS = List.of("pp-ocr-v4", "whisper-base", "piper-en-us-joe-medium");

    private final Assembly assembly;
    private final Path data;

    private RunningOutcrop(Assembly assembly, Path data) {
        this.assembly = assembly;
        this.data = data;
    }

    /** Starts one; fetches the models through their package clients if they are not installed yet. */
    public static synchronized RunningOutcrop start() {
        try {
            Path data = Files.createTempDirectory("outcrop-conformance");
            Path file = Files.writeString(data.resolve("outcrop.yaml"), """
                    port: 0
                    data: %s
                    models: {libraries: %s, context: 2048}
                    routing: {text: %s, embedding: %s}
                    """.formatted(
                            data,
                            Path.of("../engines/text/target/native").toAbsolutePath(),
                            Catalog.builtIn().packaged(Task.TEXT).id(),
                            Catalog.builtIn().packaged(Task.EMBEDDING).id()));
            Configuration configuration = Configuration.of(file);
            ModelStore store = ModelStore.open(configuration.models().folder());
            for (Task task : Task.USUAL) {
                store.install(Catalog.builtIn().packaged(task), Progress.NONE);
            }
            for (String id : OTHERS) {
                store.install(Catalog.builtIn().get(id), Progress.NONE);
            }
            return new RunningOutcrop(Assembly.start(configuration), data);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Such as {@code http://127.0.0.1:49152}. */
    public String endpoint() {
        return "http://127.0.0.1:" + assembly.port();
    }

    @Override
    public void close() {
        assembly.close();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
