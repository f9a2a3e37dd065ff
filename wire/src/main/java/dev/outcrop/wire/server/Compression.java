package dev.outcrop.wire.server;

import dev.outcrop.wire.http.HttpHeaders;
import dev.outcrop.wire.http.WireRequest;
import dev.outcrop.wire.http.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Compresses answers of RPC services for clients that ask for it, as AWS does; objects and streams stay as they are. */
final class Compression {
    /** Below this, compressing costs more than it saves. */
    private static final int WORTHWHILE = 8 * 1024;

    private Compression() {}

    /** {@code response}, compressed if its reader wants that and it is worthwhile. */
    static WireResponse applied(WireRequest request, WireResponse response) {
        if (response.body().length < WORTHWHILE || !isText(response.headers()) || !accepts(request)) {
            return response;
        }
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(response.body().length / 4);
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer cannot fail to be written", e);
        }
        HttpHeaders headers = response.headers().toBuilder()
                .set("content-encoding", "gzip")
                .add("vary", "Accept-Encoding")
                .build();
        return new WireResponse(response.status(), headers, compressed.toByteArray());
    }

    private static boolean isText(HttpHeaders headers) {
        Optional<String> type = headers.first("content-type");
        return type.isPresent()
                && !headers.has("content-encoding")
                && (type.get().startsWith("application/json")
                        || type.get().startsWith("application/x-amz-json")
                        || type.get().startsWith("text/xml"));
    }

    private static boolean accepts(WireRequest request) {
        for (String value : request.headers().all("accept-encoding")) {
            int at = value.indexOf("gzip");
            if (at >= 0 && !value.startsWith("gzip;q=0", at) && !value.startsWith("gzip; q=0", at)) {
                return true;
            }
        }
        return false;
    }
}
