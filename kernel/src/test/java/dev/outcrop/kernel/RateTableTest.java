package dev.outcrop.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateTableTest {
    @TempDir
    private Path folder;

    @Test
    void takesTheFirstLineThatFits() throws IOException {
        RateTable table = RateTable.read(Files.writeString(
                folder.resolve("rates"),
                "# ours\n123456789012 bedrock-runtime * 50 100\n* bedrock-runtime Converse 10 20 # everyone\n"));

        assertThat(table.of("123456789012", "bedrock-runtime", "Converse")).contains(new Throttle.Rate(50, 100));
        assertThat(table.of("000000000000", "bedrock-runtime", "Converse")).contains(new Throttle.Rate(10, 20));
        assertThat(table.of("000000000000", "bedrock-runtime", "InvokeModel")).isEmpty();
    }

    @Test
    void namesTheLineThatCannotBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("rates"), "* sts * 1 1\n* sts * fast 1\n");

        assertThatThrownBy(() -> RateTable.read(file))
                .hasMessageContaining("line 2 of ")
                .hasMessageContaining("fast");
    }
}
