package dev.outcrop.kernel.record;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /_outcrop/health}: 200 while every part is well, 503 otherwise, each part with its state. A part is well that
 * gives its state; one that throws is not.
 */
public final class HealthEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(HealthEndpoint.class);

    private final JsonFactory json = new JsonFactory();
    private final Map<String, Supplier<String>> parts;

    /** @param parts by name, what tells each one's state in a word or two */
    public HealthEndpoint(Map<String, Supplier<String>> parts) {
        this.parts = new LinkedHashMap<>(parts);
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return "/_outcrop/health";
    }

    @Override
    public Authentication authentication() {
        return Authentication.NONE;
    }

    @Override
    public void handle(EndpointExchange exchange) throws IOException {
        boolean well = true;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator body = json.createGenerator(bytes, JsonEncoding.UTF8)) {
            body.writeStartObject();
            body.writeObjectFieldStart("parts");
            for (Map.Entry<String, Supplier<String>> part : parts.entrySet()) {
                try {
                    body.writeStringField(part.getKey(), part.getValue().get());
                } catch (RuntimeException failure) {
                    // Whoever may not read the log learns that it failed, not why.
                    LOG.warn("{} is not well", part.getKey(), failure);
                    body.writeStringField(part.getKey(), "failing");
                    well = false;
                }
            }
            body.writeEndObject();
            body.writeStringField("status", well ? "UP" : "DOWN");
            body.writeEndObject();
        }
        exchange.respond(well ? 200 : 503, Map.of("content-type", "application/json"), bytes.toByteArray());
    }
}
