package dev.outcrop.engines.models;

import java.util.List;

/**
 * What the catalog says of a model.
 *
 * @param id            the name by which it is asked for: lower case letters, digits, dots, dashes, underscores
 * @param name          its name for people
 * @param provider      who made it
 * @param parameters    how many weights it has; 0 if unknown, as behind an endpoint
 * @param contextLength tokens that it reads and writes together; for embeddings, tokens that it reads
 * @param licence       SPDX identifier, or the licence's name where SPDX has none
 * @param licenceUrl    where the licence stands that has no SPDX identifier; empty for others
 * @param memoryBytes   memory that it takes with a context of usual length; 0 if it takes none here
 * @param quality       what to expect of it, with the figure and who measured it
 */
public record CatalogEntry(
        String id,
        String name,
        String provider,
        Task task,
        List<Modality> inputs,
        List<Modality> outputs,
        long parameters,
        int contextLength,
        String licence,
        String licenceUrl,
        long memoryBytes,
        Chat chat,
        Vectors vectors,
        String quality,
        Origin origin) {
    public CatalogEntry {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * How a model holds a conversation.
     *
     * @param template  whether the model was trained on turns and its file says how they are written
     * @param tools     whether it was trained to call tools
     * @param reasoning whether it can think before it answers
     * @param notes     what else one should know, empty for nothing
     */
    public record Chat(boolean template, boolean tools, boolean reasoning, String notes) {
        /** Of a model that holds none. */
        public static final Chat NONE = new Chat(false, false, false, "");
    }

    /**
     * The vectors of an embedding model.
     *
     * @param dimension how many values a vector has; 0 for other tasks, or where only the model knows
     * @param pooling   how the vectors of tokens become one of a text
     */
    public record Vectors(int dimension, Pooling pooling) {
        /** Of a model that makes none. */
        public static final Vectors NONE = new Vectors(0, Pooling.MEAN);
    }

    /** How the vectors of a text's tokens become one. */
    public enum Pooling {
        /** Their mean. */
        MEAN,
        /** The vector of the first token, which stands for the whole. */
        CLS
    }
}
