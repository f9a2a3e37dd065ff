package dev.outcrop.storage.buckets;

/** Whether a bucket keeps what is overwritten and deleted. */
public enum Versioning {
    /** It never has. */
    NEVER,
    ENABLED,
    /** It has, and keeps what it has got, but adds none. */
    SUSPENDED
}
