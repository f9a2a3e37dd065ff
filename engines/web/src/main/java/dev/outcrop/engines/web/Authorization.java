package dev.outcrop.engines.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.Base64;
import java.util.Map;

/** How a caller says who it is: headers that a request gets last, when all else of it is known. */
@FunctionalInterface
public interface Authorization {
    /** Says nothing. */
    Authorization NONE = (method, target, body) -> Map.of();

    /**
     * Headers for a request.
     *
     * @param body what is sent, empty where nothing is; the content type is {@code application/json} where something is
     * @throws RestException if they cannot be had, since another server had to be asked for them
     */
    Map<String, String> headers(String method, URI target, byte[] body);

    /**
     * Called when a server answered 401.
     *
     * @return whether there is something new to try again with
     */
    default boolean renew() {
        return false;
    }

    /** HTTP's basic authorization (RFC 7617). */
    static Authorization basic(String user, String password) {
        String value = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
        return header("Authorization", value);
    }

    /** A header that is always the same. */
    static Authorization header(String name, String value) {
        Map<String, String> headers = Map.of(name, value);
        return (method, target, body) -> headers;
    }
}
