package dev.outcrop.engines.models;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a model comes to be used: its files are fetched, or somebody else serves it. */
public sealed interface Origin {
    /**
     * Files that are fetched and kept in a {@link ModelStore}. The first one is the model itself.
     *
     * @param requantizeTo the type that the weights are rewritten in after fetching where that is worth it, as
     *                     {@code Q8_0}; empty to leave them
     * @param adapters     those of the files that are LoRA adapters for the model
     */
    record Download(List<ModelFile> files, String requantizeTo, List<Adapter> adapters) implements Origin {
        public Download {
            files = List.copyOf(files);
            adapters = List.copyOf(adapters);
        }

        /** Files without adapters. */
        public Download(List<ModelFile> files, String requantizeTo) {
            this(files, requantizeTo, List.of());
        }

        /** Bytes of all files; 0 where the size of one is not known before it is asked for. */
        public long size() {
            return files.stream().anyMatch(file -> file.size() == 0)
                    ? 0
                    : files.stream().mapToLong(ModelFile::size).sum();
        }
    }

    /**
     * A LoRA adapter, which is applied to the model for good: Hu et al., "LoRA: Low-Rank Adaptation of Large Language
     * Models", 2021.
     *
     * @param file  its name among the files
     * @param scale how strongly it is applied; 1 as it was trained
     */
    record Adapter(String file, double scale) {}

    /**
     * A server that speaks OpenAI's HTTP interface.
     *
     * @param url         what comes before {@code /chat/completions} and {@code /embeddings}
     * @param remoteModel the model's name there
     * @param key         where the bearer key is read
     */
    record Endpoint(URI url, String remoteModel, Key key) implements Origin {}

    /** Where a secret is read. The secret itself is never in a catalog. */
    sealed interface Key {
        /** No key is sent. */
        record None() implements Key {}

        /** The value of an environment variable. */
        record FromEnvironment(String variable) implements Key {}

        /** The content of a file, without the white space around it. */
        record FromFile(Path path) implements Key {}

        /**
         * The secret; empty if none is to be sent.
         *
         * @throws ModelException {@code CATALOG} if it is to be sent and is not there
         */
        default Optional<String> read(Map<String, String> environment) {
            return switch (this) {
                case None() -> Optional.empty();
                case FromEnvironment(String variable) -> {
                    String value = environment.getOrDefault(variable, "").strip();
                    if (value.isEmpty()) {
                        throw new ModelException(
                                ModelException.Category.CATALOG,
                                "the environment variable " + variable
                                        + ", which holds the endpoint's key, is not set");
                    }
                    yield Optional.of(value);
                }
                case FromFile(Path path) -> {
                    try {
                        yield Optional.of(Files.readString(path).strip());
                    } catch (IOException e) {
                        throw new ModelException(
                                ModelException.Category.CATALOG,
                                "the file " + path + ", which holds the endpoint's key, cannot be read",
                                e);
                    }
                }
            };
        }
    }
}
