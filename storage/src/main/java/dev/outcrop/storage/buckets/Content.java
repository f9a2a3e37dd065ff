package dev.outcrop.storage.buckets;

/**
 * The bytes of an object.
 *
 * @param id       of the object, or of the upload whose parts it is made of
 * @param parts    how many parts it has; 0 for what was not uploaded in parts
 * @param size     in bytes
 * @param etag     without quotes
 * @param checksum its checksum, or nothing
 * @param sealed   the bytes themselves, encrypted, where they are few; empty where they are elsewhere
 */
public record Content(String id, int parts, long size, String etag, ContentChecksum checksum, byte[] sealed) {
    /** Of a delete marker. */
    public static final Content NONE = new Content("", 0, 0, "", ContentChecksum.NONE, new byte[0]);

    /** Whether the bytes are right here. */
    public boolean isSealed() {
        return sealed.length > 0;
    }
}
