package dev.outcrop.storage;

import java.time.Instant;

/**
 * Something that happened.
 *
 * @param kind    which journal, such as {@code audit}
 * @param account whose
 * @param time    in milliseconds
 * @param body    what, not to be changed
 */
public record JournalEntry(String kind, String account, Instant time, byte[] body) {}
