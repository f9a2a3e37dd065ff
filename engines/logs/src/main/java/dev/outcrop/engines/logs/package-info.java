/**
 * A store of log events in columns. What is appended is on disk in a log that several callers share the forced writes of;
 * once enough has come together it becomes segments: one group's events of one day in the order of time, each column
 * compressed by itself. Everything on disk is encrypted by AES-256-GCM (NIST SP 800-38D) under a key of the file's own.
 */
package dev.outcrop.engines.logs;
