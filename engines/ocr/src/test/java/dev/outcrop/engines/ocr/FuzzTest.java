package dev.outcrop.engines.ocr;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of every format, changed at random, are unpacked or refused; nothing else happens. */
class FuzzTest {
    /** More of them by {@code -Doutcrop.fuzz.files=10000}. */
    private static final int FILES = Integer.getInteger("outcrop.fuzz.files", 100);

    private static final ReadingLimits LIMITS = new ReadingLimits(4 << 20, 10, 3_000, 40, Duration.ofSeconds(60));
    private static final String UNPACKED = "the pixels are wanted";

    @ParameterizedTest
    @ValueSource(strings = {"jpeg", "png", "tiff", "text.pdf", "scan.pdf"})
    @Timeout(3_600)
    void unpacksOrRefusesWhateverComes(String format) {
        byte[] whole = switch (format) {
            case "text.pdf" -> Drawn.pdf();
            case "scan.pdf" -> Drawn.scannedPdf(Drawn.image());
            default -> Drawn.written(format, Drawn.image());
        };
        Random random = new Random(11);
        int unpacked = 0;
        int refused = 0;

        try (DocumentReader reader = new DocumentReader(() -> {
            throw new IllegalStateException(UNPACKED);
        })) {
            for (int file = 0; file < FILES; file++) {
                byte[] mutated = mutated(whole, random);
                try {
                    reader.read(mutated, LIMITS, page -> page.pixels().grey());
                    unpacked++;
                } catch (UnreadableDocumentException refusal) {
                    assertThat(refusal.category())
                            .as("file %d: %s", file, refusal)
                            .isNotEqualTo(UnreadableDocumentException.Category.TOO_SLOW);
                    refused++;
                } catch (IllegalStateException wanted) {
                    assertThat(wanted).as("file %d", file).hasMessage(UNPACKED);
                    unpacked++;
                }
            }
        }

        assertThat(unpacked).isPositive();
        assertThat(refused).isPositive();
    }

    private static byte[] mutated(byte[] whole, Random random) {
        byte[] file = whole.clone();
        int changes = 1 + random.nextInt(1 + random.nextInt(12));
        for (int i = 0; i < changes; i++) {
            // What heads say matters more than pixels.
            int at = random.nextBoolean() ? random.nextInt(file.length) : random.nextInt(Math.min(400, file.length));
            switch (random.nextInt(6)) {
                case 0 -> file[at] = (byte) random.nextInt(256);
                case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> file[at] = (byte) 0xFF;
                case 3 -> {
                    int length = Math.min(random.nextInt(64), file.length - at);
                    System.arraycopy(file, random.nextInt(file.length - length + 1), file, at, length);
                }
                case 4 -> file[at] = (byte) "0123456789<>[]()/R".charAt(random.nextInt(18));
                default -> {
                    if (random.nextInt(4) == 0) {
                        file = Arrays.copyOf(file, Math.max(16, at));
                    }
                }
            }
        }
        return file;
    }
}
