package dev.outcrop.services.bedrockagent;

import dev.outcrop.engines.sources.SourceException;
import dev.outcrop.engines.sql.FileTables;
import dev.outcrop.engines.sql.QueriedDatabase;
import dev.outcrop.engines.sql.RefusedSqlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Files under a prefix of a bucket as tables; they are copied when it is opened, and the copies go when it is closed. */
final class StoredTables implements QueriedDatabase {
    private static final int MOST_FILES = 100;
    private static final long MOST_BYTES = 500_000_000;

    private final Path folder;
    private final FileTables tables;

    private StoredTables(Path folder, FileTables tables) {
        this.folder = folder;
        this.tables = tables;
    }

    /**
     * Copies the files.
     *
     * @throws SourceException if there are none, or too many
     */
    static StoredTables open(BaseRole role, String bucket, String prefix) throws SQLException {
        Map<String, S3Object> objects = objects(role, bucket, prefix);
        Path folder = null;
        try {
            folder = Files.createTempDirectory("outcrop-tables");
            Map<String, FileTables.Source> sources = new LinkedHashMap<>();
            for (Map.Entry<String, S3Object> object : objects.entrySet()) {
                Path file = folder.resolve("table" + sources.size());
                role.call(
                        S3Client.class,
                        s3 -> s3.getObject(
                                request -> request.bucket(bucket)
                                        .key(object.getValue().key()),
                                file));
                sources.put(
                        object.getKey(),
                        new FileTables.Source(
                                file,
                                FileTables.Form.ofName(object.getValue().key()).orElseThrow()));
            }
            return new StoredTables(folder, FileTables.open(sources));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException | RuntimeException failure) {
            delete(folder);
            throw failure;
        }
    }

    private static Map<String, S3Object> objects(BaseRole role, String bucket, String prefix) {
        ListObjectsV2Response page = role.call(
                S3Client.class,
                s3 -> s3.listObjectsV2(request -> request.bucket(bucket).prefix(prefix)));
        Map<String, S3Object> found = new LinkedHashMap<>();
        long bytes = 0;
        for (S3Object object : page.contents()) {
            if (FileTables.Form.ofName(object.key()).isPresent() && object.size() > 0) {
                String file = object.key().substring(object.key().lastIndexOf('/') + 1);
                String name = file.substring(0, file.lastIndexOf('.')).toLowerCase(Locale.ROOT);
                if (found.put(name, object) != null) {
                    throw new SourceException("There are two files for the table " + name);
                }
                bytes += object.size();
            }
        }
        if (found.isEmpty()) {
            throw new SourceException("There are no CSV, JSON or Parquet files in s3://" + bucket + "/" + prefix);
        }
        if (found.size() > MOST_FILES || bytes > MOST_BYTES || page.isTruncated()) {
            throw new SourceException("Tables may be at most " + MOST_FILES + " files of " + MOST_BYTES
                    + " bytes together, among at most 1,000 objects");
        }
        return found;
    }

    private static void delete(Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Table> tables() throws SQLException {
        return tables.tables();
    }

    @Override
    public void check(String sql, Set<String> readable) throws RefusedSqlException, SQLException {
        tables.check(sql, readable);
    }

    @Override
    public Rows run(String sql, int most, Duration longest) throws SQLException {
        return tables.run(sql, most, longest);
    }

    @Override
    public void close() throws SQLException {
        try {
            tables.close();
        } finally {
            delete(folder);
        }
    }
}
