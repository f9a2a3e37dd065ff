package dev.outcrop.wire.server;

import dev.outcrop.kernel.AwsError;
import dev.outcrop.kernel.CallContext;
import dev.outcrop.kernel.EndpointExchange;
import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.PercentEncoding;
import dev.outcrop.wire.http.WireResponse;
import dev.outcrop.wire.signature.PayloadException;
import dev.outcrop.wire.stream.WatchedOutput;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One request to an endpoint, as endpoints see it. */
final class HttpExchange implements EndpointExchange {
    private final ServerExchange exchange;
    private final BoundedBody body;
    private final CrossOrigin origins;
    private final String requestId;
    private Optional<CallContext> context = Optional.empty();

    HttpExchange(ServerExchange exchange, BoundedBody body, CrossOrigin origins, String requestId) {
        this.exchange = exchange;
        this.body = body;
        this.origins = origins;
        this.requestId = requestId;
    }

    /** Says whose call this is. */
    void begin(CallContext callContext) {
        context = Optional.of(callContext);
    }

    @Override
    public String method() {
        return exchange.head().method();
    }

    @Override
    public String path() {
        try {
            return PercentEncoding.decode(exchange.head().path(), false);
        } catch (IllegalArgumentException e) {
            throw AwsError.validation(e.getMessage());
        }
    }

    @Override
    public Optional<String> query(String name) {
        try {
            return exchange.head().parameters().first(name);
        } catch (IllegalArgumentException e) {
            throw AwsError.validation(e.getMessage());
        }
    }

    @Override
    public Optional<String> header(String name) {
        return exchange.head().header(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public InputStream body(long maximumBytes) {
        return new FilterInputStream(BoundedBody.limited(body.stream(), maximumBytes)) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                try {
                    return super.read(buffer, offset, length);
                } catch (BodyTooLargeException e) {
                    throw new AwsError("RequestEntityTooLargeException", 413, e.getMessage());
                } catch (PayloadException e) {
                    throw new AwsError(e.code(), e.status(), e.getMessage());
                }
            }
        };
    }

    @Override
    public void respond(int status, Map<String, String> headers, byte[] content) {
        exchange.send(new WireResponse(status, headers(headers), content));
    }

    @Override
    public OutputStream stream(int status, Map<String, String> headers) {
        return new WatchedOutput(exchange.stream(status, headers(headers)), exchange.client());
    }

    private HttpHeaders headers(Map<String, String> given) {
        HttpHeaders.Builder headers = HttpHeaders.builder();
        given.forEach(headers::add);
        headers.set("x-amzn-requestid", requestId);
        context.ifPresent(
                call -> call.responseHeaders().forEach(header -> headers.set(header.getKey(), header.getValue())));
        origins.allow(exchange.head(), headers);
        return headers.build();
    }
}
