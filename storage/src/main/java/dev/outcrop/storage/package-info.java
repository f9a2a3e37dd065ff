/**
 * What outlives a process: records and the journal (SQLite, PostgreSQL), objects (files), and the keys that encrypt.
 *
 * <p>A write that has returned is on disk. Nothing here knows AWS.
 */
package dev.outcrop.storage;
