package dev.outcrop.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the schema of this version, with Flyway, whose own start is only paid for when there is work. */
final class Migrations {
    private Migrations() {}

    /**
     * Applies what is missing.
     *
     * @param folder  where the scripts are, below this package
     * @param newest  the highest version in that folder
     * @throws StorageException if the database is newer than this program, or a script fails
     */
    static void apply(DataSource database, String folder, int newest) {
        if (isAt(database, newest)) {
            return;
        }
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(database)
                    .locations("classpath:dev/outcrop/storage/" + folder)
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (RuntimeException failure) {
            throw new StorageException(
                    "the database cannot be brought to this version: " + failure.getMessage(), failure);
        }
    }

    private static boolean isAt(DataSource database, int newest) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM flyway_schema_history"
                        + " WHERE success AND version = '" + newest + "'")) {
            return row.next() && row.getInt(1) == 1 && noNewer(connection, newest);
        } catch (SQLException absent) {
            return false; // No history yet: a new database.
        }
    }

    private static boolean noNewer(Connection connection, int newest) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM flyway_schema_history WHERE success"
                        + " AND CAST(version AS INTEGER) > " + newest)) {
            if (row.next() && row.getInt(1) > 0) {
                throw new StorageException("the database was written by a newer version of this program");
            }
            return true;
        }
    }
}
