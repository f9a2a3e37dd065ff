package dev.outcrop.engines.logs;

/**
 * Something that was logged.
 *
 * @param timestamp when, in milliseconds since 1970
 * @param message   what, in UTF-8; not to be changed
 */
public record LogEntry(long timestamp, byte[] message) {}
