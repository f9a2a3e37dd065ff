package dev.outcrop.engines.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.engines.models.InstalledModel.InstalledFile;
import dev.outcrop.engines.models.Progress.Phase;
import dev.outcrop.engines.models.Progress.Step;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A folder of installed models: one folder a model, with its files and {@code model.json}, which says what they are.
 *
 * <p>A model appears in one step, when all its files are there and checked, and disappears in one. Several processes may
 * share the folder: who installs or removes a model holds a lock on a file for it, which the system lets go of when the
 * process dies. What was fetched before an interruption stays below {@code .incoming} and is gone on from.
 */
public final class ModelStore {
    private static final Logger LOGGER = System.getLogger(ModelStore.class.getName());
    private static final String MANIFEST = "model.json";
    private static final Duration LOCK_LIMIT = Duration.ofHours(6);
    private static final Duration LOCK_POLL = Duration.ofMillis(200);

    private final Path folder;
    private final ModelSources sources;
    private final Requantizer requantizer;
    private final ObjectMapper json = new ObjectMapper();

    private ModelStore(Path folder, ModelSources sources, Requantizer requantizer) {
        this.folder = folder;
        this.sources = sources;
        this.requantizer = requantizer;
    }

    /** The store in {@code folder}, with the sources that this process's environment describes. */
    public static ModelStore open(Path folder) {
        return open(folder, new ModelSources(System.getenv()), Requantizer.NONE);
    }

    /**
     * The store in {@code folder}, which is made if it is not there.
     *
     * @param requantizer rewrites weights after fetching where an entry wishes it
     */
    public static ModelStore open(Path folder, ModelSources sources, Requantizer requantizer) {
        try {
            Files.createDirectories(folder.resolve(".locks"));
            Files.createDirectories(folder.resolve(".incoming"));
            return new ModelStore(folder.toRealPath(), sources, requantizer);
        } catch (IOException e) {
            throw broken("the folder of models " + folder + " cannot be made", e);
        }
    }

    /**
     * Where models are kept unless somebody says otherwise: {@code models} in the folder that {@code OUTCROP_CACHE}
     * names, else in {@code outcrop} in the user's cache folder.
     *
     * @param environment as {@link System#getenv()}
     */
    public static Path defaultFolder(Map<String, String> environment) {
        String configured = environment.getOrDefault("OUTCROP_CACHE", "");
        Path cache = configured.isEmpty() ? Folders.userCache(environment).resolve("outcrop") : Path.of(configured);
        return cache.resolve("models");
    }

    /** Where this store's models are. */
    public Path folder() {
        return folder;
    }

    /** Where this store's models come from. */
    public ModelSources sources() {
        return sources;
    }

    /** All installed models, by id, but for those that this version cannot read, which a newer one may have installed. */
    public List<InstalledModel> list() {
        List<InstalledModel> models = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder, path -> !hidden(path))) {
            for (Path candidate : folders) {
                try {
                    find(candidate.getFileName().toString()).ifPresent(models::add);
                } catch (ModelException unreadable) {
                    LOGGER.log(Level.WARNING, "the model in " + candidate + " is left out: " + unreadable.getMessage());
                }
            }
        } catch (IOException e) {
            throw broken("the folder of models " + folder + " cannot be read", e);
        }
        models.sort(Comparator.comparing(InstalledModel::id));
        return models;
    }

    private static boolean hidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    /** The installed model with this id. */
    public Optional<InstalledModel> find(String id) {
        if (id.isEmpty() || id.startsWith(".") || id.contains("/") || id.contains("\\")) {
            return Optional.empty();
        }
        Path manifest = folder.resolve(id).resolve(MANIFEST);
        return Files.isRegularFile(manifest) ? Optional.of(read(manifest)) : Optional.empty();
    }

    /**
     * Installs a model, or returns it at once if it is installed already.
     *
     * @throws ModelException {@code NOT_FETCHED} if no source has a file, {@code CANCELLED} if the thread is
     *                        interrupted, {@code BUSY} if another process installs the same model for six hours,
     *                        {@code CATALOG} if the entry is an endpoint's
     */
    public InstalledModel install(CatalogEntry entry, Progress progress) {
        if (!(entry.origin() instanceof Origin.Download download)) {
            throw new ModelException(
                    ModelException.Category.CATALOG,
                    entry.id() + " is served by an endpoint: there is nothing to install");
        }
        Optional<InstalledModel> present = find(entry.id()).filter(model -> complete(model, download));
        if (present.isPresent()) {
            return present.get();
        }
        try (Lock _ = lock(entry.id(), progress)) {
            // Whoever held the lock before us may have installed it.
            present = find(entry.id()).filter(model -> satisfies(model, download));
            if (present.isPresent() && complete(present.get(), download)) {
                return present.get();
            }
            Path incoming = folder.resolve(".incoming").resolve(entry.id());
            Files.createDirectories(incoming);
            List<InstalledFile> files = present.isPresent()
                    ? again(present.get(), incoming)
                    : fetch(entry.id(), download, incoming, progress);
            return install(entry, download, files, incoming, progress);
        } catch (IOException e) {
            throw broken(entry.id() + " cannot be installed in " + folder, e);
        }
    }

    /** Whether nothing is left to do: a store that could not requantise may have installed it for one that can. */
    private boolean complete(InstalledModel model, Origin.Download wanted) {
        boolean left = model.requantization()
                        .equals(Requantizer.unavailable(wanted.requantizeTo()).note())
                && !requantizer.equals(Requantizer.NONE);
        return satisfies(model, wanted) && !left;
    }

    /** Whether what is installed is what the entry asks for, even if it names other sources for it by now. */
    private static boolean satisfies(InstalledModel model, Origin.Download wanted) {
        if (!(model.entry().origin() instanceof Origin.Download installed)) {
            return false;
        }
        if (installed.equals(wanted)) {
            return true;
        }
        boolean pinned = wanted.files().stream().noneMatch(file -> file.sha256().isEmpty());
        return pinned
                && sums(installed).equals(sums(wanted))
                && installed.adapters().equals(wanted.adapters())
                && installed.requantizeTo().equals(wanted.requantizeTo());
    }

    private static List<String> sums(Origin.Download download) {
        return download.files().stream()
                .map(file -> file.name() + " " + file.sha256())
                .toList();
    }

    private List<InstalledFile> fetch(String id, Origin.Download download, Path incoming, Progress progress) {
        List<InstalledFile> files = new ArrayList<>();
        for (ModelFile file : sources.files(download)) {
            ModelSources.Fetched fetched = sources.fetch(id, file, incoming, progress);
            files.add(new InstalledFile(file.name(), fetched.size(), fetched.sha256(), fetched.source()));
        }
        return files;
    }

    /** The files of an installed model, to be worked on while it stays as it is. */
    private static List<InstalledFile> again(InstalledModel model, Path incoming) throws IOException {
        for (InstalledFile file : model.files()) {
            Files.copy(
                    model.folder().resolve(file.name()),
                    incoming.resolve(file.name()),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        return new ArrayList<>(model.files());
    }

    private InstalledModel install(
            CatalogEntry entry, Origin.Download download, List<InstalledFile> files, Path incoming, Progress progress)
            throws IOException {
        String requantization = "";
        if (!download.requantizeTo().isEmpty()) {
            requantization = requantize(entry.id(), download.requantizeTo(), files, incoming, progress);
        }
        Path target = folder.resolve(entry.id());
        InstalledModel model =
                new InstalledModel(entry, target, files, Instant.now().truncatedTo(ChronoUnit.SECONDS), requantization);
        dropLeftovers(incoming, files);
        write(model, incoming);
        discard(target);
        Files.move(incoming, target, StandardCopyOption.ATOMIC_MOVE);
        progress.report(new Step(entry.id(), "", Phase.INSTALLED, model.size(), model.size(), 0, target.toString()));
        return model;
    }

    /** Deletes what sources began that others finished. */
    private static void dropLeftovers(Path incoming, List<InstalledFile> files) throws IOException {
        Set<String> wanted = files.stream().map(InstalledFile::name).collect(Collectors.toSet());
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(
                incoming, path -> !wanted.contains(path.getFileName().toString()))) {
            for (Path leftover : leftovers) {
                Folders.delete(leftover);
            }
        }
    }

    private String requantize(String id, String type, List<InstalledFile> files, Path incoming, Progress progress)
            throws IOException {
        InstalledFile original = files.getFirst();
        if (files.size() > 1 && files.get(1).name().contains("-of-")) {
            return "kept as fetched: weights split over several files are not requantised";
        }
        Path rewritten = incoming.resolve(original.name() + ".requantized");
        Files.deleteIfExists(rewritten);
        Transfer transfer = new Transfer(id, original.name(), progress);
        transfer.begin(Phase.REQUANTIZING, 0, original.size(), type);
        Requantizer.Outcome outcome;
        try {
            outcome = requantizer.requantize(
                    incoming.resolve(original.name()),
                    rewritten,
                    type,
                    share -> transfer.advance(
                            Phase.REQUANTIZING, (long) (share * original.size()), original.size(), type));
        } catch (RuntimeException e) {
            Files.deleteIfExists(rewritten);
            // The model as fetched is good; that it is slower than wished is said, not fatal.
            return "kept as fetched: requantising to " + type + " failed: " + e.getMessage();
        }
        if (!outcome.accepted()) {
            Files.deleteIfExists(rewritten);
            return outcome.note();
        }
        Folders.force(rewritten);
        String sha256 = Digests.sha256(rewritten, transfer);
        Files.move(rewritten, incoming.resolve(original.name()), StandardCopyOption.REPLACE_EXISTING);
        files.set(
                0,
                new InstalledFile(
                        original.name(),
                        Files.size(incoming.resolve(original.name())),
                        sha256,
                        original.source() + " (SHA-256 " + original.sha256() + "), requantised to " + type));
        return outcome.note();
    }

    /**
     * Removes a model. Programs that have its files open keep them until they close them.
     *
     * @return whether it was installed
     */
    public boolean remove(String id) {
        if (find(id).isEmpty()) {
            return false;
        }
        try (Lock _ = lock(id, Progress.NONE)) {
            if (find(id).isEmpty()) {
                return false;
            }
            discard(folder.resolve(id));
            return true;
        } catch (IOException e) {
            throw broken(id + " cannot be removed from " + folder, e);
        }
    }

    /** Takes a folder away in one step, and then deletes it. */
    private void discard(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        Path discarded = Files.createTempDirectory(folder.resolve(".incoming"), "discarded");
        Files.move(target, discarded.resolve("model"), StandardCopyOption.ATOMIC_MOVE);
        Folders.delete(discarded);
    }

    /**
     * Reads all files of a model again and says what is wrong with them, one line each; empty if nothing is.
     *
     * @throws ModelException {@code UNKNOWN_MODEL} if it is not installed
     */
    public List<String> verify(String id, Progress progress) {
        InstalledModel model = find(id).orElseThrow(() ->
                new ModelException(ModelException.Category.UNKNOWN_MODEL, "model " + id + " is not installed"));
        List<String> problems = new ArrayList<>();
        for (InstalledFile file : model.files()) {
            Path path = model.folder().resolve(file.name());
            try {
                if (!Files.isRegularFile(path)) {
                    problems.add(file.name() + " is missing");
                    continue;
                }
                String found = Digests.sha256(path, new Transfer(id, file.name(), progress));
                if (!found.equals(file.sha256())) {
                    problems.add(file.name() + " has SHA-256 " + found + ", but was installed with " + file.sha256());
                }
            } catch (IOException e) {
                problems.add(file.name() + " cannot be read: " + e.getMessage());
            }
        }
        return problems;
    }

    private InstalledModel read(Path manifest) {
        try {
            JsonNode root = json.readTree(Files.readAllBytes(manifest));
            CatalogEntry entry = CatalogFormat.entry(new CatalogFormat.Reader(manifest.toString(), root.path("entry")));
            List<InstalledFile> files = new ArrayList<>();
            for (JsonNode file : root.path("files")) {
                files.add(new InstalledFile(
                        file.path("name").asText(),
                        file.path("size").asLong(),
                        file.path("sha256").asText(),
                        file.path("source").asText()));
            }
            if (files.isEmpty()) {
                throw broken(manifest + " names no files; remove the folder and pull the model again", null);
            }
            return new InstalledModel(
                    entry,
                    manifest.getParent(),
                    files,
                    Instant.parse(root.path("installed").asText()),
                    root.path("requantization").asText());
        } catch (IOException | DateTimeException e) {
            throw broken(manifest + " is broken; remove the folder and pull the model again", e);
        }
    }

    private void write(InstalledModel model, Path into) throws IOException {
        ObjectNode root = json.createObjectNode();
        root.set("entry", CatalogFormat.write(model.entry()));
        ArrayNode files = root.putArray("files");
        for (InstalledFile file : model.files()) {
            files.addObject()
                    .put("name", file.name())
                    .put("size", file.size())
                    .put("sha256", file.sha256())
                    .put("source", file.source());
        }
        root.put("installed", model.installed().toString());
        root.put("requantization", model.requantization());
        Path manifest = into.resolve(MANIFEST);
        Files.write(manifest, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        Folders.force(manifest);
    }

    private Lock lock(String id, Progress progress) throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve(".locks").resolve(id), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long until = System.nanoTime() + LOCK_LIMIT.toNanos();
        boolean told = false;
        try {
            while (true) {
                Optional<FileLock> lock = tryLock(channel);
                if (lock.isPresent()) {
                    return new Lock(channel);
                }
                if (!told) {
                    told = true;
                    progress.report(new Step(id, "", Phase.WAITING, 0, 0, 0, "somebody else is installing it"));
                }
                if (System.nanoTime() > until) {
                    throw new ModelException(
                            ModelException.Category.BUSY, "somebody else has been installing " + id + " for six hours");
                }
                Thread.sleep(LOCK_POLL);
            }
        } catch (InterruptedException e) {
            channel.close();
            throw Interruption.cancelled();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Optional<FileLock> tryLock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            // Held by another thread of this process.
            return Optional.empty();
        }
    }

    private static ModelException broken(String what, Exception cause) {
        return new ModelException(ModelException.Category.STORE, what, cause);
    }

    /** Closing the channel lets go of its lock. */
    private record Lock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
