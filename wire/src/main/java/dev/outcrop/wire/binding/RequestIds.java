package dev.outcrop.wire.binding;

import dev.outcrop.kernel.HostId;
import dev.outcrop.shapes.ServiceModel;
import dev.outcrop.wire.http.HttpHeaders;

/** The headers by which a client names a request when it asks what became of it. */
final class RequestIds {
    private RequestIds() {}

    /** Adds S3's two headers, or the one of all other services. */
    static void add(ServiceModel service, String requestId, HttpHeaders.Builder headers) {
        if (service.summary().signingName().equals("s3")) {
            headers.add("x-amz-request-id", requestId).add("x-amz-id-2", HostId.of(requestId));
        } else {
            headers.add("x-amzn-requestid", requestId);
        }
    }
}
