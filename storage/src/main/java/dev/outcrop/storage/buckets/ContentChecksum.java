package dev.outcrop.storage.buckets;

/**
 * A checksum with its name.
 *
 * @param algorithm such as {@code CRC32}; empty where there is none
 * @param value     in base64
 * @param composite whether it is one of the parts' checksums, not of the bytes
 */
public record ContentChecksum(String algorithm, String value, boolean composite) {
    public static final ContentChecksum NONE = new ContentChecksum("", "", false);

    public boolean isPresent() {
        return !algorithm.isEmpty();
    }
}
