package dev.outcrop.engines.text.grammar;

/** A JSON Schema cannot be made a grammar; the message names the keyword and its place. */
public final class JsonSchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JsonSchemaException(String message) {
        super(message);
    }

    /** What is wrong with the schema at a place, a JSON pointer. */
    static JsonSchemaException at(String place, String message) {
        return new JsonSchemaException("The JSON Schema at " + place + " " + message);
    }
}
