package dev.outcrop.engines.embedding;

import java.util.List;

/**
 * The vectors that a model gives a text's tokens, each in the context of the others, before they become one. Safe for
 * concurrent use.
 */
@FunctionalInterface
public interface TokenEmbeddings {
    /**
     * The vectors of the tokens of {@code texts}, in their order, each of unit length; those of special tokens that the
     * model puts before and behind every text are left out.
     *
     * @param truncation what to do with a text that is longer than the model reads
     * @return [text][token][value]
     * @throws EmbeddingException as {@link EmbeddingModel#embed(List, Truncation)}
     */
    List<float[][]> embed(List<String> texts, Truncation truncation);
}
