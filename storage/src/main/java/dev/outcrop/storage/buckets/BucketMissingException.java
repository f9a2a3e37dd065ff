package dev.outcrop.storage.buckets;

/** There is no bucket of that name. */
public final class BucketMissingException extends RuntimeException {
    BucketMissingException(String name) {
        super("there is no bucket " + name);
    }
}
