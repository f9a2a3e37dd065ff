package dev.outcrop.services.cloudwatchlogs;

import dev.outcrop.storage.StoredRecord;

/**
 * A log stream.
 *
 * @param name      its name
 * @param key       under which its events are stored: the name, a colon, and what tells it from earlier ones of that name
 * @param createdAt in milliseconds since 1970
 */
record StoredStream(String name, String key, long createdAt) {
    static StoredStream read(StoredRecord record) {
        String key = record.name().orElseThrow();
        return new StoredStream(nameOf(key), key, record.createdAt().toEpochMilli());
    }

    /** The name of the stream whose events are stored under {@code key}: names have no colons. */
    static String nameOf(String key) {
        return key.substring(0, key.lastIndexOf(':'));
    }
}
