package dev.outcrop.services.bedrockruntime.families;

/** A family of text models: how its request bodies are read. Its exchanges know how to answer. */
@FunctionalInterface
interface TextFamily {
    /**
     * Reads a request body.
     *
     * @throws BodyException if the body breaks the family's rules
     */
    Exchange read(byte[] body, Invocation invocation);
}
