package dev.outcrop.services.s3.select;

import dev.outcrop.engines.sql.SqlDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** Reads the rows of a Parquet file. Its thread needs a large stack. */
final class ParquetReader implements RecordReader {
    private static final SqlDatabase.Limits LIMITS = new SqlDatabase.Limits(512, 1, 0);

    private final Path file;
    private final SqlDatabase database;
    private final Connection connection;
    private final Statement statement;
    private final ResultSet rows;

    private ParquetReader(Path file, SqlDatabase database, Connection connection, Statement statement)
            throws SQLException {
        this.file = file;
        this.database = database;
        this.connection = connection;
        this.statement = statement;
        rows = statement.executeQuery(
                "SELECT to_json(line) FROM read_parquet(" + SqlDatabase.text(file.toString()) + ") AS line");
    }

    /** Opens a file that only this process can read, and that is gone when it is closed. */
    static ParquetReader open(InputStream in) throws IOException {
        Path file = Files.createTempFile("outcrop-select", ".parquet");
        try {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return over(file);
        } catch (SQLException damaged) {
            Files.delete(file);
            throw malformed();
        } catch (IOException | RuntimeException failure) {
            Files.delete(file);
            throw failure;
        }
    }

    private static ParquetReader over(Path file) throws SQLException {
        SqlDatabase database = SqlDatabase.open(SqlDatabase.Source.inMemory(List.of(file), List.of()), LIMITS);
        try {
            Connection connection = database.connect();
            try {
                return new ParquetReader(file, database, connection, connection.createStatement());
            } catch (SQLException damaged) {
                connection.close();
                throw damaged;
            }
        } catch (SQLException damaged) {
            database.close();
            throw damaged;
        }
    }

    private static RuntimeException malformed() {
        return SelectErrors.of(
                "ParquetParsingError", "Error parsing Parquet file. Please check the file and try again.");
    }

    @Override
    public Optional<Value> next() throws IOException {
        try {
            if (!rows.next()) {
                return Optional.empty();
            }
            return Optional.of(JsonReader.value(rows.getString(1)));
        } catch (SQLException damaged) {
            throw malformed();
        }
    }

    @Override
    public void close() throws IOException {
        try (database;
                connection;
                statement;
                rows) {
            Files.delete(file);
        } catch (SQLException gone) {
            throw new IOException("the reader of a Parquet file cannot be closed", gone);
        }
    }
}
