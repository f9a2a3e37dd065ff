package dev.outcrop.wire.server;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.nio.charset.StandardCharsets;

/** Answers to what is no HTTP request, before any of our own code sees it. */
public final class MalformedRequests {
    private static final int VERSION_NOT_SUPPORTED = 505;

    private MalformedRequests() {}

    /** Handlers that answer in AWS's terms, without telling the server's own. */
    public static DirectHandlers handlers() {
        DirectHandler handler = (request, event, status, headers, message) -> {
            // The front door answers whatever fails behind it. What fails in Helidon itself is the reading of a
            // request.
            int code = event == DirectHandler.EventType.INTERNAL_ERROR ? 400 : status.code();
            String type = switch (code) {
                case VERSION_NOT_SUPPORTED -> "HTTPVersionNotSupported";
                default -> code >= 500 ? "InternalFailure" : "BadRequestException";
            };
            String words = switch (code) {
                case VERSION_NOT_SUPPORTED -> "The request's version of HTTP is not supported.";
                default -> code >= 500 ? "The request could not be answered." : "The request is not well-formed HTTP.";
            };
            String body = "{\"__type\":\"" + type + "\",\"message\":\"" + words + "\"}";
            return DirectHandler.TransportResponse.builder()
                    .status(Status.create(code))
                    .header(HeaderNames.CONTENT_TYPE, "application/json")
                    .header(HeaderNames.create("x-amzn-errortype"), type)
                    .keepAlive(false)
                    .entity(body.getBytes(StandardCharsets.UTF_8))
                    .build();
        };
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
            handlers.addHandler(event, handler);
        }
        return handlers.build();
    }
}
