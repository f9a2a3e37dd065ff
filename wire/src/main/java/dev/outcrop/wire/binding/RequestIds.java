package dev.outcrop.wire.binding;

import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.wire.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The headers by which a client names a request when it asks what became of it. */
final class RequestIds {
    private RequestIds() {}

    /** Adds S3's two headers, or the one of all other services. */
    static void add(ServiceModel service, String requestId, HttpHeaders.Builder headers) {
        if (service.summary().signingName().equals("s3")) {
            headers.add("x-amz-request-id", requestId).add("x-amz-id-2", hostId(requestId));
        } else {
            headers.add("x-amzn-requestid", requestId);
        }
    }

    /** S3's second id, which at AWS tells the host; here it tells the request once more. */
    static String hostId(String requestId) {
        return Base64.getEncoder().encodeToString(("outcrop/" + requestId).getBytes(StandardCharsets.UTF_8));
    }
}
