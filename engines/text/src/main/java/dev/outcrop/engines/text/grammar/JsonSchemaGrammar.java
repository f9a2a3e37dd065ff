package dev.outcrop.engines.text.grammar;

import dev.outcrop.engines.text.TextModelException;

/** JSON Schema as a grammar in GBNF. */
public final class JsonSchemaGrammar {
    private JsonSchemaGrammar() {}

    /**
     * The grammar of the JSON values that {@code schema} accepts.
     *
     * @throws TextModelException of category UNSUPPORTED: not written yet
     */
    public static String of(String schema) {
        if (schema.isBlank()) {
            throw new TextModelException(TextModelException.Category.INVALID, "the JSON Schema is empty");
        }
        throw new TextModelException(
                TextModelException.Category.UNSUPPORTED, "JSON Schemas cannot constrain output yet");
    }
}
