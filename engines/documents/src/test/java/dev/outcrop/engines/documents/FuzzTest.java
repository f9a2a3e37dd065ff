package dev.outcrop.engines.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Files of every format, changed at random, are read or refused; nothing else happens. */
class FuzzTest {
    private static final int FILES = Integer.getInteger("outcrop.fuzz.files", 60);

    private final DocumentParser parser =
            new DocumentParser(new Limits(1_000_000, 1_000_000, 100, 100, Duration.ofSeconds(60)));

    @ParameterizedTest
    @EnumSource(FileFormat.class)
    @Timeout(300)
    void readsOrRefusesWhateverComes(FileFormat format) throws IOException {
        byte[] whole = Samples.of(format);
        Random random = new Random(11);
        int read = 0;
        int refused = 0;

        for (int file = 0; file < FILES; file++) {
            byte[] mutated = mutated(whole, random);
            try {
                read += parser.parse(mutated, format) == null ? 0 : 1;
            } catch (DocumentException refusal) {
                assertThat(refusal.reason())
                        .as("file %d: %s", file, refusal)
                        .isNotIn(DocumentException.Reason.TOO_SLOW, DocumentException.Reason.BUSY);
                assertThat(refusal.getMessage()).isNotBlank();
                refused++;
            }
        }

        assertThat(read + refused).isEqualTo(FILES);
    }

    private static byte[] mutated(byte[] whole, Random random) {
        byte[] file = whole.clone();
        int changes = 1 + random.nextInt(12);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(file.length);
            switch (random.nextInt(5)) {
                case 0 -> file[at] = (byte) random.nextInt(256);
                case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> file = Arrays.copyOf(file, Math.max(1, at));
                case 3 -> {
                    int length = Math.min(random.nextInt(64), file.length - at);
                    System.arraycopy(file, random.nextInt(file.length - length + 1), file, at, length);
                }
                default -> {
                    byte digit = (byte) "0123456789<>[]()/&\"'|#-*\n".charAt(random.nextInt(24));
                    file[at] = digit;
                }
            }
        }
        return file;
    }
}
