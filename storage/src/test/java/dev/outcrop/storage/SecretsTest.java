package dev.outcrop.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    private static final byte[] SECRET = {1, 2, 3};

    @TempDir
    private Path folder;

    @Test
    void decryptsWhatItEncryptedAlsoAfterARestart() throws GeneralSecurityException {
        byte[] encrypted = secrets("key").encrypt(SECRET, "context");

        assertThat(secrets("key").decrypt(encrypted, "context")).isEqualTo(SECRET);
        assertThat(secrets("key").encrypt(SECRET, "context")).isNotEqualTo(encrypted);
    }

    @Test
    void refusesAnotherContextAnotherKeyAndEveryChangedByte() {
        byte[] encrypted = secrets("key").encrypt(SECRET, "context");

        assertThatThrownBy(() -> secrets("key").decrypt(encrypted, "other"))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> secrets("other").decrypt(encrypted, "context"))
                .isInstanceOf(GeneralSecurityException.class);
        assertThatThrownBy(() -> secrets("key").decrypt(new byte[0], "context"))
                .isInstanceOf(GeneralSecurityException.class);
        for (int i = 0; i < encrypted.length; i++) {
            byte[] changed = encrypted.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> secrets("key").decrypt(changed, "context"))
                    .isInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    void refusesAKeyThatOthersMayRead() throws Exception {
        assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
        secrets("key");
        assertThat(Files.getPosixFilePermissions(folder.resolve("key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        Files.setPosixFilePermissions(folder.resolve("key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> secrets("key"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void refusesAFileThatHoldsNoKey() throws Exception {
        secrets("key");

        Files.writeString(folder.resolve("key"), "c2hvcnQ=");
        assertThatThrownBy(() -> secrets("key")).hasMessageContaining("32 bytes");
        Files.writeString(folder.resolve("key"), "%%%");
        assertThatThrownBy(() -> secrets("key")).isInstanceOf(StorageException.class);
    }

    private Secrets secrets(String name) {
        return Secrets.open(folder.resolve(name));
    }
}
