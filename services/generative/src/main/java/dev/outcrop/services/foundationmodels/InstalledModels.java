package dev.outcrop.services.foundationmodels;

import dev.outcrop.engines.embedding.EmbeddingModel;
import dev.outcrop.engines.text.TextModel;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The models that are installed here, whatever runs them. */
public interface InstalledModels {
    /** All of them, in the order of their ids. */
    List<InstalledModel> all();

    /**
     * The text model installed as {@code id}, loaded if need be.
     *
     * @throws dev.outcrop.engines.text.TextModelException if there is none, or it cannot be loaded
     */
    TextModel text(String id);

    /**
     * The embedding model installed as {@code id}, loaded if need be.
     *
     * @throws dev.outcrop.engines.embedding.EmbeddingException if there is none, or it cannot be loaded
     */
    EmbeddingModel embedding(String id);

    /** The model installed as {@code id}. */
    default Optional<InstalledModel> find(String id) {
        return all().stream().filter(model -> model.id().equals(id)).findAny();
    }

    /** How many answers one of them writes at once. */
    default int slots() {
        return 8;
    }

    /** Whether {@code id} is that of a model that could be installed with {@code outcrop models pull}. */
    default boolean offered(String id) {
        return find(id).isPresent();
    }

    /**
     * A model that is installed here.
     *
     * @param id       what it is installed as
     * @param name     for people
     * @param provider who made it
     * @param inputs   modalities that it takes, as in {@link FoundationModel}
     */
    record InstalledModel(String id, String name, String provider, Kind kind, Set<String> inputs, Licence licence) {
        public InstalledModel {
            inputs = Set.copyOf(inputs);
        }

        /**
         * Under what terms it may be used.
         *
         * @param name          such as {@code Apache-2.0}; empty where an endpoint serves the model under terms of its own
         * @param url           where it stands; empty where that is not known
         * @param ownConditions whether it is no usual open licence, so that one should have read it
         */
        public record Licence(String name, String url, boolean ownConditions) {}

        /** What a model does. */
        public enum Kind {
            TEXT,
            EMBEDDING
        }
    }
}
