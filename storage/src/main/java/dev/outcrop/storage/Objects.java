package dev.outcrop.storage;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Large contents under ids that the store gives. An object never changes: whoever refers to it by a record writes a new
 * one, changes the record, and then deletes the old one. Safe for concurrent use.
 */
public interface Objects {
    /** The longest content that {@link #writeOrSeal} does not make a file of, in bytes. */
    int LONGEST_SEALED = 4096;

    /**
     * Stores all of {@code content}, which is read to its end and not held in memory. When this returns, it is on disk.
     *
     * @param maximumBytes the longest content that is taken
     * @throws ObjectTooLargeException if there is more; nothing is stored then
     * @throws IOException             if the content cannot be read to its end; nothing is stored then
     * @throws StorageUnavailableException if the disk is full or cannot be written; nothing is stored then
     */
    StoredObject write(InputStream content, long maximumBytes) throws IOException;

    /**
     * The same, but a content of at most {@link #LONGEST_SEALED} bytes is only encrypted, for whoever refers to it to keep
     * in the very record that does: one write to the disk in place of three.
     */
    StoredObject writeOrSeal(InputStream content, long maximumBytes) throws IOException;

    /**
     * The content that {@link StoredObject#sealed} holds.
     *
     * @throws IOException if it is not what was sealed
     */
    byte[] unseal(byte[] sealed) throws IOException;

    /**
     * The bytes of an object from {@code offset} on, at most {@code length}. Reading fails with an {@link IOException}
     * where they are not those that were written.
     *
     * @throws ObjectMissingException if there is none of that id
     */
    InputStream read(String id, long offset, long length);

    /** Removes an object, and says whether it was there. */
    boolean delete(String id);

    /** Calls {@code consumer} with the id of every object written before {@code instant}, to find those that nobody refers to. */
    void forEachBefore(Instant instant, Consumer<String> consumer);

    /**
     * What was stored.
     *
     * @param id     empty where it is not in a file but sealed
     * @param size   in bytes
     * @param md5    of the content; S3's ETag
     * @param sealed the content itself, encrypted; empty where it is in a file
     */
    record StoredObject(String id, long size, byte[] md5, byte[] sealed) {}
}
