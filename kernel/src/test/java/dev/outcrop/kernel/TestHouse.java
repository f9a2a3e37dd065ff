package dev.outcrop.kernel;

import dev.outcrop.storage.DataFolder;
import dev.outcrop.storage.Records;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Storage in a folder and a call in it, for tests. */
public final class TestHouse implements AutoCloseable {
    private final DataFolder folder;
    private final Records records;

    public TestHouse(Path path) {
        folder = DataFolder.open(path);
        records = folder.records();
    }

    public DataFolder folder() {
        return folder;
    }

    public Records records() {
        return records;
    }

    public ResourceStore store(InstantSource clock) {
        return new ResourceStore(records, new PageTokens(folder.secrets()), clock);
    }

    /** A call of the root of {@code account}. */
    public static CallContext callOf(String account) {
        return CallContext.builder()
                .principal(Principal.root(account, Optional.empty()))
                .requestId("1")
                .build();
    }

    @Override
    public void close() {
        records.close();
        folder.close();
    }
}
