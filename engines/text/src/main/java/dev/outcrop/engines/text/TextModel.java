package dev.outcrop.engines.text;

/**
 * A language model that continues text.
 *
 * <p>Safe for concurrent use: many generations run at once, batched where the model can.
 */
public interface TextModel extends AutoCloseable {
    /** What the model is and can do. */
    TextModelDescription description();

    /**
     * Starts to generate. Blocks until the request is taken into the queue, not until the first token.
     *
     * @throws TextModelException if the request cannot be taken: the queue is full, the prompt is longer than the
     *     context, the model is not able to do what is asked. What only a remote endpoint can tell is thrown by the
     *     generation's first {@code next}
     */
    Generation generate(TextRequest request);

    /**
     * The number of tokens of {@code prompt}, by the model's own tokenizer and with its chat template.
     *
     * @throws TextModelException of category {@link TextModelException.Category#UNSUPPORTED} if an endpoint cannot tell
     */
    int countTokens(Prompt prompt);

    /** Frees the model. Generations in flight end with an error. */
    @Override
    void close();
}
