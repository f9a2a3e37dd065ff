package dev.outcrop.storage;

/**
 * Storage takes nothing at present: its disk is full or cannot be written. What failed was not written, what was
 * acknowledged is still there, and once the disk is well again storage is, too.
 */
public final class StorageUnavailableException extends StorageException {
    public StorageUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    public StorageUnavailableException(String message) {
        super(message);
    }
}
