/** Bodies that never end up in memory: blobs, event streams out and in, and clients that go away while one flows. */
package dev.outcrop.wire.stream;
