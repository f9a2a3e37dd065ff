package dev.outcrop.engines.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a file has room. */
final class DiskSpace {
    private DiskSpace() {}

    /** Throws if a file that shall be {@code size} bytes long in the end does not fit on its disk. */
    static void check(Path file, long size) throws IOException {
        long there = Files.exists(file) ? Files.size(file) : 0;
        long free = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
        if (size - there > free) {
            throw new SourceException("needs " + (size - there) + " bytes of disk, but "
                    + file.toAbsolutePath().getParent() + " has " + free);
        }
    }
}
