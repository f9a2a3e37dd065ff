package dev.outcrop.bench;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.nio.charset.StandardCharsets;

/** The server that Outcrop stands on, answering every request with bytes of the length of a GetCallerIdentity answer. */
public final class BareHelidon {
    private BareHelidon() {}

    /** Serves on the port given. */
    public static void main(String[] arguments) {
        byte[] answer = "x".repeat(430).getBytes(StandardCharsets.US_ASCII);
        WebServer.builder()
                .host("127.0.0.1")
                .port(Integer.parseInt(arguments[0]))
                .routing(HttpRouting.builder().any((request, response) -> {
                    request.content().consume();
                    response.send(answer);
                }))
                .build()
                .start();
    }
}
