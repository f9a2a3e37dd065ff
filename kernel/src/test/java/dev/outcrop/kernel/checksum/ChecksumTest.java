package dev.outcrop.kernel.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChecksumTest {
    @Test
    void computesThePublishedCheckValueOfCrc64Nvme() {
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        Crc64Nvme code = new Crc64Nvme();

        code.update(digits, 0, digits.length);

        assertThat(code.getValue()).isEqualTo(0xAE8B14860A799888L);
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void tellsTheChecksumOfTwoPiecesFromTheirs(Checksum checksum) {
        byte[] whole = new byte[10_007];
        new Random(7).nextBytes(whole);

        for (int cut : new int[] {0, 1, 8, 4_096, 10_006, 10_007}) {
            String first = of(checksum, whole, 0, cut);
            String second = of(checksum, whole, cut, whole.length - cut);

            assertThat(checksum.combine(first, second, whole.length - cut))
                    .isEqualTo(of(checksum, whole, 0, whole.length));
        }
    }

    private static String of(Checksum checksum, byte[] bytes, int offset, int length) {
        Checksum.Computation computation = checksum.begin();
        computation.update(bytes, offset, length);
        return computation.base64();
    }
}
