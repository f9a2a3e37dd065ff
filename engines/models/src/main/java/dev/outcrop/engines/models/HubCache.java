package dev.outcrop.engines.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the hub's own clients have fetched to this machine before:
 * {@code models--OWNER--NAME/refs/REVISION} names a commit, {@code snapshots/COMMIT/PATH} is the file, and large files
 * are named for their SHA-256 in {@code blobs}.
 */
final class HubCache {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;

    HubCache(Path folder) {
        this.folder = folder;
    }

    /**
     * A file as it lies in the cache.
     *
     * @param sha256 the sum that it should have; empty if it is a small file, of which the cache knows another sum
     */
    record Cached(Path path, String sha256) {}

    /** The file if it is there. Its content is not checked. */
    Optional<Cached> find(Source.Hub source, String sha256) throws IOException {
        Path repository = folder.resolve("models--" + source.repository().replace("/", "--"));
        if (!sha256.isEmpty()) {
            Path blob = repository.resolve("blobs").resolve(sha256);
            return Files.isRegularFile(blob) ? Optional.of(new Cached(blob, sha256)) : Optional.empty();
        }
        String commit = source.revision();
        Path reference = repository.resolve("refs").resolve(source.revision()).normalize();
        if (reference.startsWith(repository) && Files.isRegularFile(reference)) {
            commit = Files.readString(reference).strip();
        }
        if (!COMMIT.matcher(commit).matches()) {
            return Optional.empty();
        }
        Path snapshot = repository.resolve("snapshots").resolve(commit);
        Path file = snapshot.resolve(source.path()).normalize();
        if (!file.startsWith(snapshot) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        String blob = file.toRealPath().getFileName().toString();
        return Optional.of(new Cached(file, SHA256.matcher(blob).matches() ? blob : ""));
    }
}
