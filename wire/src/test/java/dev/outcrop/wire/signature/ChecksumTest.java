package dev.outcrop.wire.signature;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    @Test
    void computesThePublishedCheckValueOfCrc64Nvme() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        Crc64Nvme code = new Crc64Nvme();

        code.update(digits, 0, digits.length);

        assertThat(code.getValue()).isEqualTo(0xAE8B14860A799888L);
    }
}
