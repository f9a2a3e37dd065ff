package dev.outcrop.engines.models;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A model whose files are all here.
 *
 * @param entry        what the catalog said when it was installed
 * @param folder       where its files are
 * @param files        its files; the first one is the model itself
 * @param requantization what became of the wish to requantise, for people; empty if there was none
 */
public record InstalledModel(
        CatalogEntry entry, Path folder, List<InstalledFile> files, Instant installed, String requantization) {
    public InstalledModel {
        files = List.copyOf(files);
    }

    /** The model's id. */
    public String id() {
        return entry.id();
    }

    /** The model itself: the weights, or their first file where they are split. */
    public Path weights() {
        return folder.resolve(files.getFirst().name());
    }

    /**
     * A file of the model by its name.
     *
     * @throws ModelException {@code UNKNOWN_MODEL} if the model has no such file
     */
    public Path file(String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .findFirst()
                .map(file -> folder.resolve(file.name()))
                .orElseThrow(() -> new ModelException(
                        ModelException.Category.UNKNOWN_MODEL, "model " + id() + " has no file named " + name));
    }

    /** Bytes on disk. */
    public long size() {
        return files.stream().mapToLong(InstalledFile::size).sum();
    }

    /**
     * A file as it lies in the folder.
     *
     * @param sha256 of the bytes that lie there
     * @param source where it came from, for people
     */
    public record InstalledFile(String name, long size, String sha256, String source) {}
}
