package dev.outcrop.storage.buckets;

import java.time.Instant;

/**
 * A part of an upload, or of the object that it became.
 *
 * @param number     1 to 10,000
 * @param object     the id of its bytes
 * @param etag       without quotes
 * @param checksum   its own
 */
public record Part(int number, String object, long size, String etag, ContentChecksum checksum, Instant modifiedAt) {}
