package dev.outcrop.wire.websocket;

import java.io.IOException;

/** What a client sent that no WebSocket may carry, or this one does not; it is closed with the code. */
public final class WebSocketException extends IOException {
    private final CloseCode code;

    public WebSocketException(CloseCode code, String message) {
        super(message);
        this.code = code;
    }

    /** What the client is told. */
    public CloseCode code() {
        return code;
    }
}
