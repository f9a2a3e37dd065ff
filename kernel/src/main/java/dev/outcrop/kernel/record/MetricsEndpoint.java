package dev.outcrop.kernel.record;

import dev.outcrop.kernel.Endpoint;
import dev.outcrop.kernel.EndpointExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** {@code /_outcrop/metrics}: the figures, for Prometheus. */
public final class MetricsEndpoint implements Endpoint {
    private final Metrics metrics;

    public MetricsEndpoint(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String path() {
        return "/_outcrop/metrics";
    }

    @Override
    public Authentication authentication() {
        return Authentication.NONE;
    }

    @Override
    public void handle(EndpointExchange exchange) throws IOException {
        exchange.respond(
                200,
                Map.of("content-type", "text/plain; version=0.0.4; charset=utf-8"),
                metrics.exposition().getBytes(StandardCharsets.UTF_8));
    }
}
