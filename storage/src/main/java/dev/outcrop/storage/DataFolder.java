package dev.outcrop.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** The folder that one server keeps everything in, locked against a second one and closed to other users. */
public final class DataFolder implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the folder if need be, and locks it until this is closed or the process ends.
     *
     * @throws StorageException if another process has it, or it cannot be written
     */
    public static DataFolder open(Path path) {
        FileChannel channel = null;
        try {
            Files.createDirectories(path);
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            channel = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw inUse(path);
            }
            return new DataFolder(path, channel);
        } catch (OverlappingFileLockException taken) {
            throw inUse(path);
        } catch (IOException failure) {
            throw new StorageException("the data folder " + path + " cannot be used: " + failure.getMessage(), failure);
        }
    }

    private static StorageException inUse(Path path) {
        return new StorageException("the data folder " + path + " is in use by another server");
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Opens the records in it. */
    public Records records() {
        return SqliteRecords.open(path.resolve("records.db"));
    }

    /** Opens the journal in it. */
    public Journal journal() {
        return SqliteJournal.open(path.resolve("journal.db"));
    }

    /**
     * Opens the tables of the job scheduler in it. What an earlier process was doing is free to be picked up at once:
     * since this process has the folder, that one is dead.
     */
    public DataSource scheduler() {
        SqliteDatabase database = new SqliteDatabase(path.resolve("scheduler.db"));
        Migrations.apply(database.source(), "sqlite/scheduler", 1);
        try (Connection connection = database.writer();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE scheduled_tasks SET picked = 0, picked_by = NULL, last_heartbeat = NULL,"
                    + " version = version + 1 WHERE picked");
        } catch (SQLException failure) {
            throw Statements.failed("free the scheduled tasks", failure);
        }
        return database.source();
    }

    /** Opens the objects in it, whose keys are encrypted under {@code secrets}. */
    public Objects objects(Secrets secrets) {
        return FileObjects.open(path.resolve("objects"), secrets);
    }

    /** Where the key is that its secrets are encrypted under, unless the configuration names another. */
    public Path masterKey() {
        return path.resolve("master.key");
    }

    /** Opens, or makes at the first start, the key that its secrets are encrypted under. */
    public Secrets secrets() {
        return Secrets.open(masterKey());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new StorageException("the data folder " + path + " cannot be unlocked", failure);
        }
    }
}
