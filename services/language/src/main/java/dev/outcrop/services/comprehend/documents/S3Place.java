package dev.outcrop.services.comprehend.documents;

/**
 * A place in S3.
 *
 * @param key of an object, or what the keys of several begin with, possibly empty
 */
public record S3Place(String bucket, String key) {
    private static final String SCHEME = "s3://";

    /** The place of a URI whose form was checked already. */
    public static S3Place of(String uri) {
        int slash = uri.indexOf('/', SCHEME.length());
        return slash < 0
                ? new S3Place(uri.substring(SCHEME.length()), "")
                : new S3Place(uri.substring(SCHEME.length(), slash), uri.substring(slash + 1));
    }

    /** What is called {@code name} below this. */
    public S3Place below(String name) {
        return new S3Place(bucket, key.isEmpty() || key.endsWith("/") ? key + name : key + "/" + name);
    }

    /** The URI. */
    public String uri() {
        return SCHEME + bucket + "/" + key;
    }
}
