package dev.outcrop.services.batch;

import java.util.Optional;
import software.amazon.awssdk.services.bedrock.model.ValidationException;

/**
 * A place in S3.
 *
 * @param key   of an object, or what the keys of several begin with, possibly empty
 * @param owner the account that the bucket must belong to
 */
record S3Place(String bucket, String key, String owner) {
    private static final String SCHEME = "s3://";

    /**
     * The place of a URI.
     *
     * @param owner   as a request names it
     * @param account whose the bucket is where the request does not say
     */
    static S3Place of(String uri, Optional<String> owner, String account) {
        int slash = uri.indexOf('/', SCHEME.length());
        String bucket = slash < 0 ? uri.substring(SCHEME.length()) : uri.substring(SCHEME.length(), slash);
        if (!uri.startsWith(SCHEME) || bucket.isEmpty()) {
            throw ValidationException.builder()
                    .message("The S3 URI " + uri + " is invalid.")
                    .build();
        }
        return new S3Place(bucket, slash < 0 ? "" : uri.substring(slash + 1), owner.orElse(account));
    }

    /** What is called {@code name} below this. */
    String below(String name) {
        return key.isEmpty() || key.endsWith("/") ? key + name : key + "/" + name;
    }
}
