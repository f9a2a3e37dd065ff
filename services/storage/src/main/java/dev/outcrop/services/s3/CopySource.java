package dev.outcrop.services.s3;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * What {@code x-amz-copy-source} names.
 *
 * @param versionId the version, or null for the current one
 */
record CopySource(String bucket, String key, String versionId) {
    private static final String VERSION = "?versionId=";

    /** Reads the header, or else the SDK's members, of which {@code header} is made where it is null. */
    static CopySource of(String header, String bucket, String key, String versionId) {
        if (header == null) {
            if (bucket == null || key == null) {
                throw malformed("");
            }
            return new CopySource(bucket, key, versionId);
        }
        int version = header.indexOf(VERSION);
        String path = version < 0 ? header : header.substring(0, version);
        try {
            // A plus sign stands for itself in a path.
            String decoded = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
            String name = decoded.startsWith("/") ? decoded.substring(1) : decoded;
            int slash = name.indexOf('/');
            if (slash < 1 || slash == name.length() - 1) {
                throw malformed(header);
            }
            return new CopySource(
                    name.substring(0, slash),
                    name.substring(slash + 1),
                    version < 0 ? null : header.substring(version + VERSION.length()));
        } catch (IllegalArgumentException broken) {
            throw malformed(header);
        }
    }

    private static RuntimeException malformed(String header) {
        return Errors.invalidArgument(
                "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
                "x-amz-copy-source",
                header);
    }
}
