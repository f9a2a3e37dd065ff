package dev.outcrop.services.compatible;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.outcrop.kernel.ClientGone;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.services.bedrockruntime.families.TextInvocation;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Server-sent events, each sent at once. The response begins with the first of them, so that until then a failure can
 * still be an error with a status of its own.
 *
 * <p>Source: WHATWG, HTML Living Standard, "Server-sent events".
 */
final class EventStreamWriter {
    private final EndpointExchange exchange;
    private final Map<String, String> headers;
    private Optional<OutputStream> output = Optional.empty();

    EventStreamWriter(EndpointExchange exchange, Map<String, String> headers) {
        this.exchange = exchange;
        this.headers = headers;
    }

    boolean hasBegun() {
        return output.isPresent();
    }

    /**
     * Sends an event without a name.
     *
     * @throws ClientGone if nobody reads any more
     */
    void data(ObjectNode data) {
        send("data: ", TextInvocation.bytes(data));
    }

    /** Sends an event without a name whose data is no JSON. */
    void data(String data) {
        send("data: ", data.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a named event. */
    void event(String name, ObjectNode data) {
        send("event: " + name + "\ndata: ", TextInvocation.bytes(data));
    }

    private void send(String head, byte[] data) {
        try {
            if (output.isEmpty()) {
                output = Optional.of(exchange.stream(200, headers));
            }
            OutputStream out = output.get();
            out.write(head.getBytes(StandardCharsets.UTF_8));
            out.write(data);
            out.write("\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException gone) {
            ClientGone reason = new ClientGone("the client no longer reads the stream");
            reason.initCause(gone);
            throw reason;
        }
    }

    /** Ends the response. */
    void end() throws IOException {
        if (output.isPresent()) {
            output.get().close();
        }
    }
}
