package dev.outcrop.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KillsTest {
    @TempDir
    private Path folder;

    @Test
    @Timeout(300)
    void losesNothingThatWasAcknowledgedInTenKills() throws Exception {
        Kills.Result result = Kills.run(folder, 10, System.nanoTime());

        assertThat(result.missing()).isEmpty();
        assertThat(result.jobs()).isEqualTo(10);
        assertThat(result.acknowledged()).isGreaterThan(100);
    }
}
