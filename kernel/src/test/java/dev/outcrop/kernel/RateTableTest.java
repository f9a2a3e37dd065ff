package dev.outcrop.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outcrop.shapes.ServiceTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
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

        assertThat(table.of("123456789012", "us-east-1", "bedrock-runtime", "Converse"))
                .contains(new Throttle.Rate(50, 100));
        assertThat(table.of("000000000000", "us-east-1", "bedrock-runtime", "Converse"))
                .contains(new Throttle.Rate(10, 20));
        assertThat(table.of("000000000000", "us-east-1", "bedrock-runtime", "InvokeModel"))
                .isEmpty();
    }

    @Test
    void operationsWithCommasBetweenThemShareTheirRateInEachRegion() throws IOException {
        Throttle throttle = new Throttle(
                RateTable.read(Files.writeString(folder.resolve("rates"), "* kms@eu-west-1 Encrypt,Decrypt 1 2\n")),
                InstantSource.fixed(Instant.EPOCH));

        assertThat(throttle.take("a", "eu-west-1", "kms", "Encrypt")).isTrue();
        assertThat(throttle.take("a", "eu-west-1", "kms", "Decrypt")).isTrue();
        assertThat(throttle.take("a", "eu-west-1", "kms", "Encrypt")).isFalse();
        assertThat(throttle.take("b", "eu-west-1", "kms", "Encrypt")).isTrue();
        assertThat(throttle.take("a", "us-east-1", "kms", "Encrypt")).isTrue();
    }

    @Test
    void aTableMayEndWithTheQuotasOfAws() throws IOException {
        RateTable table = RateTable.read(
                Files.writeString(folder.resolve("rates"), "123456789012 sts GetCallerIdentity 9000 9000\naws\n"));

        assertThat(table.of("123456789012", "us-east-1", "sts", "GetCallerIdentity")
                        .orElseThrow()
                        .perSecond())
                .isEqualTo(9000);
        assertThat(table.of("000000000000", "us-east-1", "sts", "GetCallerIdentity")
                        .orElseThrow()
                        .perSecond())
                .isEqualTo(600);
        assertThat(table.of("000000000000", "us-east-1", "kms", "Decrypt")
                        .orElseThrow()
                        .perSecond())
                .isEqualTo(100_000);
        assertThat(table.of("000000000000", "sa-east-1", "kms", "Decrypt")
                        .orElseThrow()
                        .perSecond())
                .isEqualTo(10_000);
        assertThat(table.of("000000000000", "us-east-1", "bedrock-runtime", "Converse"))
                .isEmpty();
    }

    @Test
    void everyOperationOfTheQuotasOfAwsExists() {
        ServiceTables tables = new ServiceTables();

        assertThat(RateTable.aws().named()).hasSizeGreaterThan(80).allSatisfy(call -> {
            String[] parts = call.split(":");
            assertThat(tables.find(parts[0]).orElseThrow().operation(parts[1]))
                    .as(call)
                    .isPresent();
        });
    }

    @Test
    void namesTheLineThatCannotBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("rates"), "* sts * 1 1\n* sts * fast 1\n");

        assertThatThrownBy(() -> RateTable.read(file))
                .hasMessageContaining("line 2 of ")
                .hasMessageContaining("fast");
    }
}
