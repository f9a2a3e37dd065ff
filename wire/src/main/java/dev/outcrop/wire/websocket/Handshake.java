package dev.outcrop.wire.websocket;

import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * The opening of a WebSocket.
 *
 * <p>Source: RFC 6455, sections 4.2 and 4.4. Extensions and subprotocols are not agreed on.
 */
public final class Handshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    private Handshake() {}

    /** Whether {@code request} asks for a WebSocket, well or not. */
    public static boolean isAsked(WireRequest request) {
        return request.method().equals("GET")
                && request.header("upgrade")
                        .filter("websocket"::equalsIgnoreCase)
                        .isPresent()
                && hasToken(request.header("connection").orElse(""), "upgrade");
    }

    private static boolean hasToken(String list, String token) {
        for (String part : list.split(",", -1)) {
            if (part.strip().toLowerCase(Locale.ROOT).equals(token)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the client speaks the version that there is. */
    public static boolean isVersionKnown(WireRequest request) {
        return request.header("sec-websocket-version")
                .map(String::strip)
                .filter(VERSION::equals)
                .isPresent();
    }

    /** What a client of another version is told, beside status 426. */
    public static HttpHeaders knownVersion() {
        return HttpHeaders.builder().add("sec-websocket-version", VERSION).build();
    }

    /** What the server answers the key in {@code request} with; empty if there is none or it is none. */
    public static Optional<String> acceptance(WireRequest request) {
        return request.header("sec-websocket-key")
                .map(String::strip)
                .filter(Handshake::isKey)
                .map(Handshake::acceptance);
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String acceptance(String key) {
        try {
            // The RFC's hash, which protects nothing: it only shows that the server has understood.
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
