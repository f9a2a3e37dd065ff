package dev.outcrop.wire.websocket;

/**
 * Why a WebSocket is closed.
 *
 * <p>Source: RFC 6455, section 7.4.1.
 */
public enum CloseCode {
    NORMAL(1000),
    GOING_AWAY(1001),
    PROTOCOL_ERROR(1002),
    UNSUPPORTED_DATA(1003),
    INVALID_PAYLOAD(1007),
    POLICY_VIOLATION(1008),
    TOO_BIG(1009),
    INTERNAL_ERROR(1011);

    private final int number;

    CloseCode(int number) {
        this.number = number;
    }

    /** The number in the frame. */
    public int number() {
        return number;
    }

    /** Whether {@code number} may stand in a frame: those in between are reserved, or for use within an application. */
    static boolean isSendable(int number) {
        return (number >= 1000 && number <= 1003)
                || (number >= 1007 && number <= 1014)
                || (number >= 3000 && number < 5000);
    }
}
