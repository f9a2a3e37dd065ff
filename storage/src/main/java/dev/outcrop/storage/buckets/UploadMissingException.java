package dev.outcrop.storage.buckets;

/** There is no such upload, or not any more. */
public final class UploadMissingException extends RuntimeException {
    UploadMissingException(String id) {
        super("there is no upload " + id);
    }
}
