package dev.outcrop.wire.route;

import java.util.Locale;
import java.util.Optional;

/**
 * What a {@code Host} header tells: the service's endpoint prefix ({@code bedrock-runtime.us-east-1.amazonaws.com}) and,
 * where the bucket stands before S3's name or before the server's own, the bucket.
 *
 * @param firstLabel what stands before the first dot, in lower case
 * @param bucket     the bucket of a virtual-host style address
 */
record HostName(String firstLabel, Optional<String> bucket) {
    private static final String[] OWN_NAMES = {".localhost"};

    static HostName parse(String host) {
        int colon = host.lastIndexOf(':');
        String name = (colon > host.lastIndexOf(']') ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return new HostName(dot < 0 ? name : name.substring(0, dot), bucket(name));
    }

    private static Optional<String> bucket(String name) {
        int s3 = name.indexOf(".s3.");
        if (s3 < 0) {
            s3 = name.indexOf(".s3-");
        }
        if (s3 > 0) {
            return Optional.of(name.substring(0, s3));
        }
        if (name.startsWith("s3.") || name.startsWith("s3-")) {
            return Optional.empty();
        }
        for (String own : OWN_NAMES) {
            if (name.endsWith(own)) {
                return Optional.of(name.substring(0, name.length() - own.length()));
            }
        }
        return Optional.empty();
    }
}
