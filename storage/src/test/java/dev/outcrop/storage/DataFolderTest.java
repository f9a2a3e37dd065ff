package dev.outcrop.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void belongsToOneServerAtATime() {
        Path data = folder.resolve("deep/data");
        try (DataFolder first = DataFolder.open(data)) {
            assertThat(first.path()).isEqualTo(data);
            assertThatThrownBy(() -> DataFolder.open(data))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("in use by another server");
        }

        DataFolder.open(data).close();
    }

    @Test
    void isClosedToOtherUsers() throws Exception {
        try (DataFolder data = DataFolder.open(folder.resolve("data"))) {
            assertThat(Files.getPosixFilePermissions(data.path()))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void refusesWhatANewerVersionWrote() throws SQLException {
        try (DataFolder data = DataFolder.open(folder.resolve("data"))) {
            data.records().close();
            try (Statement statement = DriverManager.getConnection(
                            "jdbc:sqlite:" + data.path().resolve("records.db"))
                    .createStatement()) {
                statement.executeUpdate("INSERT INTO flyway_schema_history SELECT 2, '99', description, type, script,"
                        + " checksum, installed_by, installed_on, execution_time, success FROM flyway_schema_history");
                statement.getConnection().close();
            }

            assertThatThrownBy(data::records)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("newer version");
        }
    }
}
