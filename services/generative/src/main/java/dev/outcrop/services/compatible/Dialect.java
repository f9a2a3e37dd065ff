package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What an interface has ways of its own for, whatever is asked: how it names models and says what went wrong. */
sealed interface Dialect permits OpenAiDialect, AnthropicDialect {
    /** The id that Amazon Bedrock's operations know a model by. */
    String bedrockId(String model);

    /** The body that says what went wrong. */
    ObjectNode error(CallFailure failure, String requestId);

    /** The HTTP status of a failure. */
    int status(CallFailure.Kind kind);

    /** Sends what went wrong as an event. */
    void sendError(EventStreamWriter stream, ObjectNode error);

    /** The interface's own name for the request id. */
    String requestIdHeader();
}
