package dev.outcrop.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** S3's second id of a request, which at AWS tells the host; here it tells the request once more. */
public final class HostId {
    private HostId() {}

    /** The host's id that goes with {@code requestId}. */
    public static String of(String requestId) {
        return Base64.getEncoder().encodeToString(("outcrop/" + requestId).getBytes(StandardCharsets.UTF_8));
    }
}
